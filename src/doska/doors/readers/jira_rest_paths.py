"""What becomes of each value of Jira's REST answers."""

from doska.doors.fates import ASIDE, Table, dropped, kept
from doska.doors.readers.values import under

DERIVED, SERVICE = dropped("derived"), dropped("service")
PERSON: Table = {
    "accountId": kept("people"), "displayName": kept("people"), "name": kept("people"),
    "emailAddress": DERIVED, "self": DERIVED, "avatarUrls": SERVICE, "active": ASIDE,
    "timeZone": SERVICE, "accountType": SERVICE, "key": DERIVED,
}  # fmt: skip
FIELDS: Table = {
    "summary": kept("tasks.title"), "description": kept("tasks.description"),
    "status.name": kept("columns.title"), "status.statusCategory.key": kept("columns.status"),
    "status.statusCategory.name": DERIVED, "status.id": DERIVED, "status.self": DERIVED,
    "status.iconUrl": DERIVED, "priority.name": kept("tasks.priority"),
    "labels": kept("tasks.labels"), "created": kept("tasks.created_at"),
    "updated": kept("tasks.updated_at"), "duedate": kept("tasks.due_at"),
    "resolution.name": kept("tasks.status"), "resolutiondate": kept("tasks.completed_at"),
    **{path: fate for who in ("assignee", "reporter") for path, fate in under(who, PERSON).items()},
    "assignee": kept("tasks.assignees"), "reporter": kept("author"),
    "creator": ASIDE, "creator.emailAddress": DERIVED, "creator.avatarUrls": SERVICE,
    "subtasks": kept("subtasks.title"), "parent.key": ASIDE,
    "project.name": kept("boards.title"), "project.key": ASIDE,
    "attachment[].filename": kept("attachments.title"),
    "attachment[].content": kept("attachments.url"), "attachment[].author": DERIVED,
    "resolution": ASIDE, "issuetype": ASIDE, "priority.id": DERIVED, "comment": ASIDE,
    "comment.comments": ASIDE, "watches": dropped("view-state"), "votes": ASIDE,
}  # fmt: skip
COMMENT: Table = {
    "id": kept("import_refs"), "body": kept("comments.body"), "created": kept("comments.created_at"),
    "updated": kept("comments.edited_at"), **under("author", PERSON),
    "updateAuthor": DERIVED, "self": DERIVED,
}  # fmt: skip
TABLE: Table = {
    "expand": SERVICE, "startAt": SERVICE, "maxResults": SERVICE, "total": DERIVED,
    "nextPageToken": SERVICE, "isLast": SERVICE, "schema": SERVICE,
    "issues[].id": kept("import_refs"), "issues[].key": kept("tasks.number"),
    "issues[].self": DERIVED, "issues[].expand": SERVICE,
    **under("issues[].fields", FIELDS),
    **under("issues[].fields.comment[]", COMMENT),
    **under("issues[].fields.comment.comments[]", COMMENT),
}  # fmt: skip
