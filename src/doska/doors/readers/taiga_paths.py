"""What becomes of each value of Taiga's dump."""

from doska.doors.fates import ASIDE, SECRET, Table, dropped, kept
from doska.doors.readers.values import under

LOG, VIEW = dropped("source-log"), dropped("view-state")
STORY: Table = {
    "ref": kept("tasks.number"), "subject": kept("tasks.title"),
    "description": kept("tasks.description"), "status": kept("tasks.column_id"),
    "kanban_order": kept("order"), "assigned_to": kept("tasks.assignees"),
    "assigned_users": kept("tasks.assignees"), "owner": kept("author"), "tags": kept("tasks.labels"),
    "due_date": kept("tasks.due_at"), "is_closed": kept("tasks.status"),
    "created_date": kept("tasks.created_at"), "modified_date": kept("tasks.updated_at"),
    "finish_date": kept("tasks.completed_at"), "custom_attributes_values": ASIDE,
    "watchers": VIEW, "attachments": ASIDE, "attachments[].name": kept("attachments.title"),
    "attachments[].attached_file.name": kept("attachments.title"),
    "attachments[].attached_file.data": kept("attachments.content"),
    "attachments[].owner": dropped("derived"),
    "history": LOG, "history[].comment": kept("comments.body"),
    "history[].user": kept("comments.author"), "history[].created_at": kept("comments.created_at"),
}  # fmt: skip
TABLE: Table = {
    "name": kept("boards.title"), "slug": kept("import_refs"),
    "description": kept("boards.description"), "created_date": kept("boards.created_at"),
    "transfer_token": SECRET, "owner": dropped("derived"), "watchers": VIEW, "timeline": LOG,
    **{f"{what}_csv_uuid": SECRET for what in ("userstories", "tasks", "issues", "epics")},
    "memberships[].email": SECRET, "memberships[].token": SECRET,
    "memberships[].user": kept("people"), "memberships[].invited_by": dropped("derived"),
    "us_statuses[].name": kept("columns.title"), "us_statuses[].order": kept("order"),
    "us_statuses[].is_closed": kept("columns.status"), "us_statuses[].slug": dropped("derived"),
    "us_statuses[].is_archived": kept("columns.archived_at"),
    "us_statuses[].color": ASIDE, "memberships": ASIDE, "userstorycustomattributes": ASIDE,
    "issues": ASIDE, "epics": ASIDE, "wiki_pages": ASIDE, "us_statuses[].wip_limit": kept("columns.task_limit"),
    **under("user_stories[]", STORY),
    **under("tasks[]", {
        "ref": kept("import_refs"), "subject": kept("subtasks.title"),
        "is_closed": kept("subtasks.is_completed"), "user_story": kept("subtasks.task_id"),
        "us_order": kept("order"), "status": ASIDE, "history": LOG, "watchers": VIEW,
    }),
}  # fmt: skip
