"""What becomes of each value of Wekan's tables."""

from doska.doors.fates import ASIDE, Table, dropped, kept
from doska.doors.readers.values import under

DERIVED, LOG = dropped("derived"), dropped("source-log")
TABLE: Table = {
    "_format": dropped("service"), "_id": kept("import_refs"), "title": kept("boards.title"),
    "description": kept("boards.description"), "archived": kept("boards.archived_at"),
    "createdAt": kept("boards.created_at"), "color": ASIDE, "slug": ASIDE, "modifiedAt": ASIDE,
    "stars": dropped("view-state"), "sort": ASIDE, "permission": ASIDE, "members": ASIDE,
    "activities": LOG, "rules": ASIDE, "triggers": ASIDE, "actions": ASIDE, "subtaskItems": ASIDE,
    **under("labels[]", {
        "_id": kept("import_refs"), "name": kept("labels.title"), "color": kept("labels.color"),
    }),
    **under("lists[]", {
        "_id": kept("import_refs"), "title": kept("columns.title"), "sort": kept("order"),
        "archived": kept("columns.archived_at"), "boardId": DERIVED, "swimlaneId": ASIDE,
        "wipLimit.value": kept("columns.task_limit"), "wipLimit.enabled": kept("columns.task_limit"),
        "wipLimit.soft": kept("columns.limit_is_hard"),
    }),
    "swimlanes": ASIDE,
    **under("cards[]", {
        "_id": kept("import_refs"), "title": kept("tasks.title"), "sort": kept("order"),
        "description": kept("tasks.description"), "listId": kept("tasks.column_id"),
        "labelIds": kept("tasks.labels"), "members": kept("tasks.assignees"),
        "assignees": kept("tasks.assignees"), "dueAt": kept("tasks.due_at"),
        "endAt": kept("tasks.completed_at"), "createdAt": kept("tasks.created_at"),
        "modifiedAt": kept("tasks.updated_at"), "dateLastActivity": DERIVED,
        "archived": kept("tasks.archived_at"), "cardNumber": kept("tasks.number"),
        "userId": kept("author"), "boardId": DERIVED, "swimlaneId": ASIDE, "startAt": ASIDE,
        "receivedAt": ASIDE, "parentId": ASIDE, "coverId": ASIDE, "type": ASIDE, "linkedId": ASIDE,
        "customFields[]._id": ASIDE,
        "customFields[].value": ASIDE,
    }),
    **under("checklists[]", {
        "_id": kept("subtasks.checklist"), "title": kept("subtasks.checklist"),
        "sort": kept("order"), "cardId": kept("subtasks.task_id"), "boardId": DERIVED,
    }),
    **under("checklistItems[]", {
        "_id": kept("import_refs"), "title": kept("subtasks.title"), "sort": kept("order"),
        "isFinished": kept("subtasks.is_completed"), "checklistId": kept("subtasks.task_id"),
        "cardId": DERIVED, "boardId": DERIVED,
    }),
    **under("comments[]", {
        "_id": kept("import_refs"), "text": kept("comments.body"), "boardId": DERIVED,
        "cardId": kept("comments.task_id"), "userId": kept("comments.author"),
        "createdAt": kept("comments.created_at"), "modifiedAt": kept("comments.edited_at"),
    }),
    **under("customFields[]", {
        "_id": ASIDE, "name": kept("fields"), "type": kept("fields"),
        "settings": ASIDE, "settings.dropdownItems[]._id": ASIDE,
        "settings.dropdownItems[].name": ASIDE,
    }),
    **under("users[]", {
        "_id": kept("people"), "username": kept("people"), "profile.fullname": kept("people"),
        "emails": dropped("derived"),
    }),
    **under("attachments[]", {
        "_id": kept("import_refs"), "cardId": kept("attachments.task_id"),
        "name": kept("attachments.title"), "type": ASIDE, "source": ASIDE, "file": kept("attachments.content"),
    }),
}  # fmt: skip
