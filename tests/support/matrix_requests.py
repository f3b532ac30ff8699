"""What the access matrix asks of each operation: a request that is good in itself and does something.

``{name}`` in a path, a query or a body stands for an id of ``matrix_world``.
"""

from dataclasses import dataclass, field
from typing import Any

from api import PASSWORD, Json
from matrix_world import an_id


@dataclass(frozen=True)
class Case:
    """The request of one line of the matrix; without a path, that of the operation."""

    body: Json | None = None
    params: Json = field(default_factory=dict)
    path: str | None = None

    def filled(self, path: str, ids: dict[str, str]) -> dict[str, Any]:
        """Give path and options of the request with its ids put in."""
        options = {"json": _filled(self.body, ids)} if self.body is not None else {}
        return {
            "path": (self.path or path).format(**ids),
            "params": _filled(self.params, ids),
            **options,
        }


def _filled(value: Any, ids: dict[str, str]) -> Any:
    match value:
        case str():
            return value.format(**ids)
        case list():
            return [_filled(item, ids) for item in value]
        case dict():
            return {name: _filled(item, ids) for name, item in value.items()}
    return value


PROFILE = {"name": "Новое имя", "email": "new@example.com"}
NEW_USER = {"username": "new", "email": "new@example.com", "password": PASSWORD}
NEW_PASSWORD = {"current_password": PASSWORD, "new_password": "a staple over the moon"}

PERSON = "/boards/{board_id}/users"
COLUMN = "/columns/{column_id}"
TASK = "/tasks/{task_id}"
SUBTASK = "/subtasks/{subtask_id}"
TO_ASSIGNEE = TASK + "/assignees"
TO_LABEL = TASK + "/labels"
LABEL = "/labels/{label_id}"
COMMENT = "/comments/{comment_id}"

_ACCOUNTS = {
    "POST /auth/login": Case({"login": "{my_name}", "password": PASSWORD}),
    "DELETE /auth/sessions/{session_id} (somebody else's)": Case(
        path="/auth/sessions/{foreign_session}"
    ),
    "DELETE /auth/sessions/{session_id} (an access token)": Case(path="/auth/sessions/{token_id}"),
    "POST /auth/tokens": Case({"name": "New", "scope": "write"}),
    "POST /auth/tokens (for an administrator)": Case({"name": "New", "scope": "admin"}),
    "DELETE /auth/tokens/{token_id} (somebody else's)": Case(path="/auth/tokens/{foreign_token}"),
    "DELETE /auth/tokens/{token_id} (a sign-in)": Case(path="/auth/tokens/{session_id}"),
    "POST /auth/password/reset": Case({"token": "{password_token}", "new_password": "a new one 9"}),
    "POST /auth/password/reset (by no link)": Case({"token": "no", "new_password": "a new one 9"}),
    "POST /users/{user_id}/password-link (oneself)": Case(path="/users/{me}/password-link"),
    "POST /users": Case(NEW_USER),
    "PUT /users/me/password": Case(NEW_PASSWORD),
    "PUT /users/{user_id}": Case({"username": "guest", **PROFILE}),
    "PUT /users/{user_id} (oneself)": Case(
        {"username": "{my_name}", **PROFILE}, path="/users/{me}"
    ),
    "PATCH /users/{user_id}": Case({"name": "Новое имя"}),
    "PATCH /users/{user_id} (oneself)": Case({"name": "Новое имя"}, path="/users/{me}"),
    "PATCH /users/{user_id} (disabling)": Case({"is_active": False}),
    "DELETE /users/{user_id} (oneself)": Case(path="/users/{me}"),
    "GET /users/{user_id}/boards": Case(params={"q": "Matrix"}),
}

_BOARDS = {
    "GET /boards": Case(params={"q": "Matrix"}),
    "GET /boards (and public ones)": Case(params={"q": "Matrix", "visibility": "public"}),
    "GET /boards (all boards)": Case(params={"q": "Matrix", "visibility": "all"}),
    "POST /boards": Case({"title": "New", "columns": ["To do"]}),
    "PUT /boards/{board_id}": Case({"title": "New"}),
    "PATCH /boards/{board_id}": Case({"title": "New"}),
    "POST /boards/{board_id}/undo": Case({"seq": 13}),
    "POST /boards/{board_id}/undo (of a column)": Case({"seq": 9}),
    "POST /boards/{board_id}/undo (of adding a MODERATOR)": Case({"seq": 5}),
    "POST /boards/{board_id}/undo (of making the board)": Case({"seq": 1}),
    "POST /boards/{board_id}/undo (of somebody else's comment)": Case({"seq": 18}),
    "POST /boards/{board_id}/undo (of editing somebody else's comment)": Case({"seq": 20}),
    "POST /boards/{board_id}/undo (of nothing)": Case({"seq": 99}),
    "POST " + PERSON: Case({"user_id": "{outsider}", "role": "OBSERVER"}),
    "POST " + PERSON + " (as MODERATOR)": Case({"user_id": "{outsider}", "role": "MODERATOR"}),
    "POST " + PERSON + " (as CREATOR)": Case({"user_id": "{outsider}", "role": "CREATOR"}),
    "PUT " + PERSON + "/{user_id}": Case({"role": "MEMBER"}),
    "PUT " + PERSON + "/{user_id} (to MODERATOR)": Case({"role": "MODERATOR"}),
    "PUT " + PERSON + "/{user_id} (of a MODERATOR)": Case(
        {"role": "MEMBER"}, path=PERSON + "/{deputy}"
    ),
    "PUT " + PERSON + "/{user_id} (of the CREATOR)": Case(
        {"role": "MEMBER"}, path=PERSON + "/{CREATOR}"
    ),
    "PUT " + PERSON + "/{user_id} (hand over)": Case({"role": "CREATOR"}),
    "PUT " + PERSON + "/{user_id} (of one not there)": Case(
        {"role": "MEMBER"}, path=PERSON + "/{outsider}"
    ),
    "DELETE " + PERSON + "/{user_id} (a MODERATOR)": Case(path=PERSON + "/{deputy}"),
    "DELETE " + PERSON + "/{user_id} (the CREATOR)": Case(path=PERSON + "/{CREATOR}"),
    "DELETE " + PERSON + "/{user_id} (oneself)": Case(path=PERSON + "/{me}"),
}

_INVITATIONS = {
    "POST /boards/{board_id}/invitations": Case({"role": "MEMBER"}),
    "POST /boards/{board_id}/invitations (as MODERATOR)": Case({"role": "MODERATOR"}),
    "POST /boards/{board_id}/invitations (as CREATOR)": Case({"role": "CREATOR"}),
    "DELETE /invitations/{invitation_id} (as MODERATOR)": Case(
        path="/invitations/{high_invitation}"
    ),
    "POST /invitations/open": Case({"token": "{invitation_token}"}),
    "POST /invitations/accept": Case({"token": "{invitation_token}"}),
}

_COLUMNS = {
    "GET /boards/{board_id}/export": Case(params={"format": "csv"}),
    "GET /boards/{board_id}/export (the archive)": Case(params={"format": "doska"}),
    "GET /columns": Case(params={"board_id": "{board_id}"}),
    "POST /columns": Case({"board_id": "{board_id}", "title": "New"}),
    "PUT " + COLUMN: Case({"title": "New"}),
    "PATCH " + COLUMN: Case({"title": "New"}),
    "DELETE " + COLUMN: Case(params={"tasks": "delete"}),
    "DELETE " + COLUMN + " (tasks to a foreign column)": Case(
        params={"tasks": "move", "to": "{foreign_column}"}
    ),
    "POST " + COLUMN + "/move": Case({"at": "bottom"}),
    "POST " + COLUMN + "/move (before a foreign one)": Case({"before": "{foreign_column}"}),
}

_LABELS = {
    "GET /labels": Case(params={"board_id": "{board_id}"}),
    "POST /labels": Case({"board_id": "{board_id}", "color": "#d64545"}),
    "PUT " + LABEL: Case({"title": "New", "color": "#d64545"}),
    "PATCH " + LABEL: Case({"title": "New"}),
    "POST " + LABEL + "/move": Case({"at": "bottom"}),
    "POST " + LABEL + "/move (before a foreign one)": Case({"before": "{foreign_label}"}),
    "PUT " + TO_LABEL + "/{label_id} (of a foreign board)": Case(
        path=TO_LABEL + "/{foreign_label}"
    ),
    "DELETE " + TO_LABEL + "/{label_id}": Case(path=TO_LABEL + "/{second_label}"),
}

_ATTACHMENTS = {
    "POST " + TASK + "/attachments": Case(params={"name": "plan.png"}),
    "POST " + TASK + "/links": Case({"url": "https://example.com/plan"}),
    "PATCH /attachments/{attachment_id}": Case({"title": "New"}),
    "GET /attachments/{attachment_id}/content": Case(path="/attachments/{file_id}/content"),
}

_IMPORTS = {"POST /imports/{import_id}/run": Case({})}

_COMMENTS = {
    "GET /comments": Case(params={"board_id": "{board_id}"}),
    "GET /comments (of a foreign task)": Case(params={"task_id": "{foreign_task}"}),
    "POST /comments": Case({"task_id": "{task_id}", "body": "New"}),
    "POST /comments (on a foreign task)": Case({"task_id": "{foreign_task}", "body": "New"}),
    "PUT " + COMMENT: Case({"body": "New"}),
    "PUT " + COMMENT + " (somebody else's)": Case(
        {"body": "New"}, path="/comments/{others_comment}"
    ),
    "PATCH " + COMMENT: Case({"body": "New"}),
    "PATCH " + COMMENT + " (somebody else's)": Case(
        {"body": "New"}, path="/comments/{others_comment}"
    ),
    "DELETE " + COMMENT + " (somebody else's)": Case(path="/comments/{others_comment}"),
    "PUT /comments/{comment_id}/reactions/{emoji}": Case(path=COMMENT + "/reactions/🎉"),
    "DELETE /comments/{comment_id}/reactions/{emoji}": Case(path=COMMENT + "/reactions/👍"),
    "DELETE /comments/{comment_id}/reactions/{emoji} (somebody else's)": Case(
        path="/comments/{others_comment}/reactions/👍"
    ),
}

_TASKS = {
    "GET /tasks": Case(params={"board_id": "{board_id}"}),
    "GET /tasks (of a foreign column)": Case(params={"column_id": "{foreign_column}"}),
    "POST /tasks": Case({"column_id": "{column_id}", "title": "New"}),
    "POST /tasks (with a foreign label)": Case(
        {"column_id": "{column_id}", "title": "New", "label_ids": ["{foreign_label}"]}
    ),
    "POST /tasks (naming no column)": Case({"title": "New"}),
    "POST /tasks (for one not on the board)": Case(
        {"column_id": "{column_id}", "title": "New", "assignee_ids": ["{outsider}"]}
    ),
    "PUT " + TASK: Case({"title": "New", "column_id": "{column_id}"}),
    "PUT " + TASK + " (to a foreign column)": Case(
        {"title": "New", "column_id": "{foreign_column}"}
    ),
    "PATCH " + TASK: Case({"title": "New"}),
    "PATCH " + TASK + " (with a foreign label)": Case({"label_ids": ["{foreign_label}"]}),
    "PATCH " + TASK + " (to a foreign column)": Case({"column_id": "{foreign_column}"}),
    "POST " + TASK + "/move": Case({"at": "bottom"}),
    "POST " + TASK + "/move (before a foreign one)": Case({"before": "{foreign_task}"}),
    "POST " + TASK + "/move (to a foreign column)": Case(
        {"at": "top", "column_id": "{foreign_column}"}
    ),
    "PUT " + TO_ASSIGNEE + "/{user_id} (not on the board)": Case(path=TO_ASSIGNEE + "/{outsider}"),
    "DELETE " + TO_ASSIGNEE + "/{user_id}": Case(path=TO_ASSIGNEE + "/{deputy}"),
}

_SUBTASKS = {
    "GET /subtasks": Case(params={"task_id": "{task_id}"}),
    "POST /subtasks": Case({"task_id": "{task_id}", "title": "New"}),
    "PUT " + SUBTASK: Case({"title": "New"}),
    "PATCH " + SUBTASK: Case({"is_completed": True}),
    "POST " + SUBTASK + "/move": Case({"at": "bottom"}),
    "POST " + SUBTASK + "/move (before a foreign one)": Case({"before": "{foreign_subtask}"}),
}

BATCH = "POST /boards/{board_id}/batch"


def _batch(*operations: Json) -> Case:
    return Case({"operations": list(operations)})


_RENAMED = {"op": "update_task", "task_id": "{task_id}", "body": {"title": "New"}}
_BATCHES = {
    BATCH: _batch(_RENAMED),
    BATCH + " (with a column)": _batch(_RENAMED, {"op": "create_column", "body": {"title": "New"}}),
    BATCH + " (with a comment)": _batch(
        {"op": "create_comment", "body": {"task_id": "{task_id}", "body": "New"}},
        {"op": "add_reaction", "comment_id": "$0.id", "emoji": "🎉"},
    ),
    BATCH + " (with somebody else's comment)": _batch(
        {"op": "update_comment", "comment_id": "{others_comment}", "body": {"body": "New"}}
    ),
    BATCH + " (of a foreign task)": _batch(_RENAMED, {**_RENAMED, "task_id": "{foreign_task}"}),
}

_LISTS = {  # everybody has columns, so that no list of them is empty
    f"GET /{kind} ({words})": Case(params=params)
    for kind in ("tasks", "subtasks")
    for words, params in {
        "of no board by name": {},
        "and of public boards": {"visibility": "public"},
        "of all boards": {"visibility": "all"},
    }.items()
}
_LISTS |= {
    f"GET /{kind} (of all boards)": Case(params={"visibility": "all"})
    for kind in ("columns", "labels", "comments")
}

CASES: dict[str, Case] = {
    **_ACCOUNTS, **_BOARDS, **_INVITATIONS, **_COLUMNS, **_LABELS, **_COMMENTS, **_ATTACHMENTS, **_IMPORTS, **_TASKS, **_SUBTASKS, **_BATCHES, **_LISTS
}  # fmt: skip

# The ids of the board and all that is on it, as ids that never were.
UNKNOWN = {
    name: an_id(900 + number)
    for number, name in enumerate(
        (
            "board_id",
            "column_id",
            "task_id",
            "subtask_id",
            "label_id",
            "attachment_id",
            "file_id",
            "comment_id",
            "others_comment",
            "invitation_id",
            "high_invitation",
        )
    )
}
