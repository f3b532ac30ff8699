"""What becomes of each value of Planka's answers."""

from doska.doors.fates import ASIDE, Table, dropped, kept

DERIVED = dropped("derived")
VIEW = dropped("view-state")
_CARD: Table = {
    "id": kept("import_refs"), "name": kept("tasks.title"), "position": kept("order"),
    "description": kept("tasks.description"), "dueDate": kept("tasks.due_at"),
    "isClosed": kept("tasks.status"), "listId": kept("tasks.column_id"),
    "prevListId": kept("tasks.column_id"), "creatorUserId": kept("author"),
    "createdAt": kept("tasks.created_at"), "updatedAt": kept("tasks.updated_at"),
    "stopwatch": ASIDE, "type": ASIDE, "coverAttachmentId": ASIDE, "listChangedAt": ASIDE,
    "isDueCompleted": ASIDE, "boardId": DERIVED, "commentsTotal": DERIVED, "isSubscribed": VIEW,
}  # fmt: skip
_INCLUDED: Table = {
    "labels[].id": kept("import_refs"), "labels[].name": kept("labels.title"),
    "labels[].color": kept("labels.color"), "labels[].position": kept("order"),
    "labels[].boardId": DERIVED,
    "lists[].id": kept("import_refs"), "lists[].name": kept("columns.title"),
    "lists[].type": kept("columns.status"), "lists[].position": kept("order"),
    "lists[].boardId": DERIVED,
    "cardMemberships[].id": DERIVED, "cardMemberships[].cardId": kept("tasks.assignees"),
    "cardMemberships[].userId": kept("tasks.assignees"),
    "cardLabels[].id": DERIVED, "cardLabels[].cardId": kept("tasks.labels"),
    "cardLabels[].labelId": kept("tasks.labels"),
    "taskLists[].id": kept("subtasks.checklist"), "taskLists[].name": kept("subtasks.checklist"),
    "taskLists[].position": kept("order"), "taskLists[].cardId": kept("subtasks.task_id"),
    "tasks[].id": kept("import_refs"), "tasks[].name": kept("subtasks.title"),
    "tasks[].isCompleted": kept("subtasks.is_completed"), "tasks[].position": kept("order"),
    "tasks[].taskListId": kept("subtasks.task_id"), "tasks[].cardId": kept("subtasks.task_id"),
    "customFieldGroups[].id": ASIDE, "customFieldGroups[].name": kept("fields"),
    "customFields[].id": ASIDE, "customFields[].name": kept("fields"),
    "customFields[].customFieldGroupId": ASIDE,
    "customFieldValues[].id": DERIVED, "customFieldValues[].content": ASIDE,
    "customFieldValues[].cardId": ASIDE,
    "customFieldValues[].customFieldGroupId": ASIDE,
    "customFieldValues[].customFieldId": ASIDE,
    "users[].id": kept("people"), "users[].name": kept("people"), "users[].username": kept("people"),
    "users[].email": DERIVED,
    "attachments[].id": kept("import_refs"), "attachments[].name": kept("attachments.title"),
    "attachments[].url": kept("attachments.url"), "attachments[].cardId": kept("attachments.task_id"),
    "attachments[].data.url": kept("attachments.url"),
    "attachments[].creatorUserId": kept("attachments.author"),
    "attachments[].createdAt": kept("attachments.created_at"),
    "tasks[].assigneeUserId": ASIDE, "tasks[].linkedCardId": ASIDE, "attachments[].type": ASIDE,
    "attachments[].data": ASIDE, "projects": ASIDE, "boardMemberships": ASIDE,
    **{f"{what}[].{key}": ASIDE for what in ("customFieldGroups", "customFields")
       for key in ("position", "boardId", "cardId", "baseCustomFieldGroupId", "showOnFrontOfCard")},
    **dict.fromkeys(("labels", "lists", "cards", "cardMemberships", "cardLabels", "taskLists", "tasks", "users", "customFieldGroups", "customFields", "customFieldValues", "attachments"), ASIDE),
}  # fmt: skip
_COMMENT: Table = {
    "id": kept("import_refs"), "text": kept("comments.body"), "data.text": kept("comments.text"),
    "cardId": kept("comments.task_id"), "userId": kept("comments.author"),
    "createdAt": kept("comments.created_at"), "updatedAt": kept("comments.edited_at"),
    "type": DERIVED,
}  # fmt: skip
_BOARD: Table = {
    "item.id": kept("import_refs"), "item.name": kept("boards.title"),
    "item.createdAt": kept("boards.created_at"), "item.isSubscribed": VIEW, "item.position": ASIDE, "item.projectId": ASIDE,
    "item.updatedAt": ASIDE, "item.defaultView": VIEW, "item.defaultCardType": ASIDE,
}  # fmt: skip


def _below(prefix: str, table: Table) -> Table:
    return {prefix + path: fate for path, fate in table.items()}


def _answer(prefix: str) -> Table:
    cards = _below("cards[].", _CARD)
    return _below(prefix, {**_BOARD, **_below("included.", {**_INCLUDED, **cards})})


TABLE: Table = {
    **_answer("board."), **_answer(""),
    **_below("lists[].items[].", _CARD), **_below("lists[].included.", _INCLUDED),
    **_below("comments[].items[].", _COMMENT), **_below("comments[].included.", _INCLUDED),
}  # fmt: skip
