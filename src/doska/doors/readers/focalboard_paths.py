"""What becomes of each value of Focalboard's blocks; a path begins with the kind of block."""

from doska.doors.fates import ASIDE, Fate, dropped, kept

DERIVED, SERVICE, VIEW = dropped("derived"), dropped("service"), dropped("view-state")
_COMMON: dict[str, Fate] = {
    "id": kept("import_refs"), "parentId": DERIVED, "rootId": DERIVED, "boardId": DERIVED,
    "type": DERIVED, "schema": SERVICE, "deleteAt": DERIVED, "createAt": kept("order"),
    "updateAt": ASIDE, "createdBy": ASIDE, "modifiedBy": ASIDE, "limited": SERVICE,
    "fields": ASIDE, "workspaceId": SERVICE, "teamId": SERVICE, "channelId": SERVICE,
}  # fmt: skip
_OWN: dict[str, dict[str, Fate]] = {
    "board": {
        "title": kept("boards.title"), "description": kept("boards.description"),
        "fields.description": kept("boards.description"), "createAt": kept("boards.created_at"),
        "cardProperties": ASIDE, "fields.cardProperties": ASIDE, "minimumRole": ASIDE,
        "icon": ASIDE, "showDescription": ASIDE, "isTemplate": ASIDE, "templateVersion": ASIDE,
        "properties": ASIDE, "fields.icon": ASIDE, "fields.showDescription": ASIDE,
    },
    "view": {"id": ASIDE, "createAt": ASIDE, "title": ASIDE, "fields": ASIDE, "fields.cardOrder": kept("order"),
             "fields.groupById": kept("columns")},
    "card": {
        "title": kept("tasks.title"), "createAt": kept("tasks.created_at"),
        "updateAt": kept("tasks.updated_at"), "createdBy": kept("author"),
        "fields.contentOrder": kept("order"), "fields.icon": ASIDE, "fields.isTemplate": ASIDE,
        "fields.properties": ASIDE, "fields.properties{}": ASIDE,
    },
    "text": {"title": kept("tasks.description")},
    "h1": {"title": kept("tasks.description")},
    "h2": {"title": kept("tasks.description")},
    "h3": {"title": kept("tasks.description")},
    "divider": {"title": kept("tasks.description")},
    "checkbox": {"title": kept("subtasks.title"), "fields.value": kept("subtasks.is_completed")},
    "image": {"title": kept("attachments.title"), "fields.fileId": kept("attachments.content")},
    "attachment": {
        "title": kept("attachments.title"), "fields.fileId": kept("attachments.content"),
        "fields.attachmentId": kept("attachments.content"),
    },
    "comment": {
        "title": kept("comments.body"), "createAt": kept("comments.created_at"),
        "createdBy": kept("comments.author"),
    },
}  # fmt: skip
TABLE: dict[str, Fate] = {
    f"{kind}[].{key}": fate for kind, own in _OWN.items() for key, fate in {**_COMMON, **own}.items()
} | {"lines[].type": SERVICE, "boardMember": ASIDE}  # fmt: skip
