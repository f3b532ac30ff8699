"""What becomes of each field of a Trello export, as data."""

from doska.doors.fates import ASIDE, SECRET, Table, dropped, kept

DERIVED, VIEW, SERVICE = dropped("derived"), dropped("view-state"), dropped("service")
LOG = dropped("source-log")

_PERSON: Table = {
    "": ASIDE, ".id": kept("people.id"), ".username": kept("people.username"),
    ".fullName": kept("people.name"), ".name": kept("people.name"), ".email": dropped("derived"),
    ".url": DERIVED, ".nodeId": SERVICE, ".avatarHash": ASIDE, ".avatarUrl": ASIDE,
    ".idMemberReferrer": ASIDE, ".loginTypes": SERVICE, ".limits": SERVICE,
}  # fmt: skip


def _below(path: str, table: Table) -> Table:
    return {path + name: fate for name, fate in table.items()}


TABLE: Table = {
    "id": kept("boards.id"), "name": kept("boards.title"), "desc": kept("boards.description"),
    "closed": kept("boards.archived_at"), "url": DERIVED, "shortUrl": DERIVED, "shortLink": ASIDE,
    "nodeId": SERVICE, "descData": DERIVED, "limits": SERVICE, "dateLastView": VIEW,
    "dateLastActivity": ASIDE, "subscribed": VIEW, "starred": VIEW, "pinned": VIEW,
    "prefs": ASIDE, "labelNames": DERIVED, "invitations": SECRET, "invited": SECRET,
    "idOrganization": ASIDE, "idEnterprise": ASIDE, "pluginData": ASIDE, "powerUps": SERVICE,
    "premiumFeatures": SERVICE, "ixUpdate": SERVICE, "enterpriseOwned": SERVICE,
    "idBoardSource": ASIDE, "idMemberCreator": ASIDE, "idTags": ASIDE, "datePluginDisable": SERVICE,
    "creationMethod": SERVICE, "creationMethodError": SERVICE, "creationMethodLoadingStartedAt": SERVICE,
    "templateGallery": ASIDE, "type": ASIDE, "inviteUrl": SECRET, "email": SECRET,
    "memberships": ASIDE, "members": ASIDE, "labels": ASIDE, "lists": ASIDE, "cards": ASIDE,
    "checklists": ASIDE, "cards[].checklists": ASIDE,
    **_below("members[]", _PERSON),

    "labels[].id": kept("labels.id"), "labels[].name": kept("labels.title"),
    "labels[].color": kept("labels.color"), "labels[].idBoard": DERIVED, "labels[].uses": DERIVED,
    "labels[].nodeId": SERVICE,

    "lists[].id": kept("columns.id"), "lists[].name": kept("columns.title"), "lists[].pos": ASIDE,
    "lists[].closed": kept("columns.archived_at"), "lists[].softLimit": kept("columns.task_limit"),
    "lists[].idBoard": DERIVED, "lists[].subscribed": VIEW, "lists[].limits": SERVICE,
    "lists[].nodeId": SERVICE, "lists[].creationMethod": SERVICE, "lists[].color": ASIDE,
    "lists[].idOrganization": DERIVED, "lists[].type": ASIDE, "lists[].datasource": ASIDE,

    "cards[].id": kept("tasks.id"), "cards[].name": kept("tasks.title"),
    "cards[].desc": kept("tasks.description"), "cards[].idList": kept("tasks.column_id"),
    "cards[].closed": kept("tasks.archived_at"), "cards[].pos": ASIDE,
    "cards[].due": kept("tasks.due_at"), "cards[].dueComplete": kept("tasks.status"),
    "cards[].dateCompleted": kept("tasks.completed_at"), "cards[].start": ASIDE,
    "cards[].dateLastActivity": kept("tasks.updated_at"), "cards[].idShort": ASIDE,
    "cards[].idLabels": kept("tasks.labels"), "cards[].labels": DERIVED,
    "cards[].idMembers": kept("tasks.assignees"), "cards[].idChecklists": DERIVED,
    "cards[].members": DERIVED, "cards[].email": SECRET, "cards[].badges": DERIVED,
    "cards[].url": DERIVED, "cards[].shortUrl": DERIVED, "cards[].shortLink": ASIDE,
    "cards[].nodeId": SERVICE, "cards[].descData": DERIVED, "cards[].limits": SERVICE,
    "cards[].subscribed": VIEW, "cards[].dateLastView": VIEW, "cards[].idBoard": DERIVED,
    "cards[].idAttachmentCover": ASIDE, "cards[].cover": ASIDE, "cards[].coordinates": ASIDE,
    "cards[].address": ASIDE, "cards[].locationName": ASIDE, "cards[].stickers": ASIDE,
    "cards[].pluginData": ASIDE, "cards[].isTemplate": ASIDE, "cards[].dueReminder": ASIDE,
    "cards[].idMembersVoted": ASIDE, "cards[].cardRole": ASIDE, "cards[].mirrorSourceId": ASIDE,
    "cards[].manualCoverAttachment": ASIDE, "cards[].checkItemStates": DERIVED,
    "cards[].creationMethod": SERVICE, "cards[].creationMethodError": SERVICE,
    "cards[].creationMethodLoadingStartedAt": SERVICE, "cards[].customFieldItems": ASIDE,
    "cards[].idOrganization": DERIVED, "cards[].pinned": VIEW, "cards[].agent": ASIDE,
    "cards[].externalSource": ASIDE, "cards[].faviconUrl": ASIDE, "cards[].urlSource": ASIDE,
    "cards[].urlSourceText": ASIDE, "cards[].recurrenceRule": ASIDE, "cards[].singleInstanceDate": ASIDE,

    "cards[].attachments[].id": kept("attachments.id"),
    "cards[].attachments[].name": kept("attachments.title"),
    "cards[].attachments[].url": kept("attachments.url"),
    "cards[].attachments[].date": kept("attachments.created_at"),
    "cards[].attachments[].idMember": kept("attachments.author_name"),
    "cards[].attachments": ASIDE, "cards[].attachments[].previews": DERIVED,
    "cards[].attachments[].nodeId": SERVICE, "cards[].attachments[].limits": SERVICE,

    "customFields": ASIDE, "customFields[].idModel": DERIVED, "customFields[].modelType": SERVICE,
    "customFields[].limits": SERVICE, "customFields[].nodeId": SERVICE,

    "actions": LOG, "actions[].id": kept("comments.id"), "actions[].date": kept("comments.created_at"),
    "actions[].data.text": kept("comments.body"), "actions[].data.dateLastEdited": kept("comments.edited_at"),
    "actions[].data.card.id": kept("comments.task_id"),
    "actions[].idMemberCreator": kept("comments.author_name"),
    "actions[].memberCreator.fullName": kept("comments.author_name"),
}  # fmt: skip

_CHECKLIST: Table = {
    ".id": kept("subtasks.extra"), ".name": kept("subtasks.extra"), ".pos": ASIDE, ".idCard": DERIVED,
    ".idBoard": DERIVED, ".limits": SERVICE, ".creationMethod": SERVICE, ".nodeId": SERVICE,
    ".checkItems": ASIDE, ".checkItems[]": kept("subtasks.title"), ".checkItems[].id": kept("subtasks.id"),
    ".checkItems[].name": kept("subtasks.title"), ".checkItems[].state": kept("subtasks.is_completed"),
    ".checkItems[].nameData": DERIVED, ".checkItems[].idChecklist": DERIVED,
    ".checkItems[].limits": SERVICE, ".checkItems[].nodeId": SERVICE, ".checkItems[].pos": ASIDE,
    ".checkItems[].due": ASIDE, ".checkItems[].dueReminder": ASIDE, ".checkItems[].idMember": ASIDE,
    ".checkItems[].creationMethod": SERVICE,
}  # fmt: skip
TABLE = {
    **TABLE,
    **_below("checklists[]", _CHECKLIST),
    **_below("cards[].checklists[]", _CHECKLIST),
}
