"""What becomes of each value of Vikunja's projects."""

from typing import Any

from doska.doors.fates import ASIDE, Table, dropped, kept
from doska.doors.readers.values import under

DERIVED, SERVICE = dropped("derived"), dropped("service")
PERSON: Table = {
    "id": kept("people"), "name": kept("people"), "username": kept("people"), "email": DERIVED,
    "created": SERVICE, "updated": SERVICE,
}  # fmt: skip
TASK: Table = {
    "id": kept("import_refs"), "title": kept("tasks.title"), "index": kept("tasks.number"),
    "description": kept("tasks.description"), "done": kept("tasks.status"),
    "done_at": kept("tasks.completed_at"), "due_date": kept("tasks.due_at"),
    "priority": kept("tasks.priority"), "labels": kept("tasks.labels"),
    "assignees": kept("tasks.assignees"), "identifier": DERIVED, "bucket_id": kept("columns"),
    "position": kept("order"), "kanban_position": kept("order"), "project_id": DERIVED,
    "list_id": DERIVED, "created": kept("tasks.created_at"), "updated": kept("tasks.updated_at"),
    "attachments[].id": kept("import_refs"), "attachments[].task_id": DERIVED,
    "attachments[].file.id": kept("attachments.content"),
    "attachments[].file.name": kept("attachments.title"), "attachments[].file.size": DERIVED,
    "attachments[].file.mime": DERIVED, "attachments[].created": kept("attachments.created_at"),
    "comments[].id": kept("import_refs"), "comments[].comment": kept("comments.body"),
    "comments[].created": kept("comments.created_at"), "comments[].updated": ASIDE,
    **{path: fate for who in ("created_by", "assignees[]", "comments[].author",
       "attachments[].created_by", "labels[].created_by") for path, fate in under(who, PERSON).items()},
    "start_date": ASIDE, "end_date": ASIDE, "hex_color": ASIDE, "percent_done": ASIDE,
    "related_tasks": ASIDE, "attachments": ASIDE, "comments": ASIDE, "reminders": ASIDE,
    "repeat_after": ASIDE, "repeat_mode": ASIDE, "is_favorite": dropped("view-state"),
    "cover_image_attachment_id": ASIDE, "reactions": ASIDE, "buckets": DERIVED,
    "labels[].created": ASIDE, "labels[].updated": ASIDE, "labels[].description": ASIDE,
}  # fmt: skip
PROJECT: Table = {
    "id": kept("import_refs"), "title": kept("boards.title"),
    "description": kept("boards.description"), "hex_color": kept("boards.color"),
    "is_archived": kept("boards.archived_at"), "created": kept("boards.created_at"),
    "identifier": ASIDE, "updated": ASIDE, "parent_project_id": ASIDE, "namespace_id": ASIDE,
    "is_favorite": dropped("view-state"), "position": ASIDE, "owner": ASIDE, "owner.email": DERIVED, "subscription": dropped("view-state"),
    **under("buckets[]", {
        "id": kept("import_refs"), "title": kept("columns.title"), "position": kept("order"),
        "limit": kept("columns.task_limit"), "is_done_bucket": kept("columns.status"),
        "project_view_id": kept("columns"), "project_id": DERIVED, "list_id": DERIVED,
        "count": DERIVED, "tasks": DERIVED, "created_by": DERIVED, "created": ASIDE, "updated": ASIDE,
    }),
    "views": ASIDE, "views[].done_bucket_id": kept("columns.status"),
    "task_buckets": kept("tasks.column_id"), "positions": kept("order"),
}  # fmt: skip


def _all() -> Table:
    found: dict[str, Any] = {"files": kept("attachments.content"), "other files": ASIDE, "[].projects": ASIDE,
                             "[].lists": ASIDE}  # fmt: skip
    for path in ("[]", "[].projects[]", "[].lists[]"):
        found |= {**under(path, PROJECT), **under(f"{path}.tasks[]", TASK)}
    return found


TABLE = _all()
