"""A board with something of everything, and every kind of write on it."""

from dataclasses import dataclass
from typing import Any

import httpx

from api import Api, Json, Person
from attaching import linked
from comments import THUMB, a_comment, reaction_at
from labels import a_label
from made_once import made_once


@dataclass
class Scene:
    """People and a board; ``names`` stand for ids in the paths and bodies of writes."""

    people: dict[str, Person]
    names: dict[str, str]

    @property
    def board(self) -> str:
        return self.names["board"]

    async def do(self, write: "Write") -> httpx.Response:
        """Send it; the body of a DELETE is its query."""
        path, body = self._filled(write.path), self._filled(write.body)
        where = "params" if write.method == "DELETE" else "json"
        person, headers = self.people[write.by], write.headers
        return await person.send(write.method, path, headers=headers, **{where: body})

    async def shown(self) -> dict[str, Json]:
        """Read all that the API shows of the board and of what is on it, by id."""
        anna = self.people["anna"]
        board = await anna.read(f"/boards/{self.board}")
        tasks = await anna.items("/tasks", board_id=self.board, archived="all")
        tasks = [{**task, "has_description": bool(task["description"])} for task in tasks]
        lists = [
            await anna.items(f"/tasks/{task['id']}/{kind}")
            for task in tasks
            for kind in ("subtasks", "comments", "attachments")
        ]
        columns = await anna.items(f"/boards/{self.board}/columns", archived="all")
        labels = await anna.items(f"/boards/{self.board}/labels")
        things = [
            board,
            *columns,
            *labels,
            *tasks,
            *(thing for found in lists for thing in found),
        ]
        hidden = {"seq", "role", "task_count"}  # the log's own, the caller's, what only lists tell
        return {t["id"]: {k: v for k, v in t.items() if k not in hidden} for t in things}

    def _filled(self, value: Any) -> Any:
        if value == "{seq}":
            return int(self.names["seq"])
        if isinstance(value, str):
            return value.format(**self.names)
        if isinstance(value, list):
            return [self._filled(item) for item in value]
        if isinstance(value, dict):
            return {name: self._filled(item) for name, item in value.items()}
        return value


@dataclass(frozen=True)
class Write:
    """A request; ``kind`` is the event that it appends, or what it is refused for."""

    kind: str
    method: str
    path: str
    body: Json
    by: str = "anna"
    headers: Json | None = None

    def __str__(self) -> str:
        return f"{self.kind} {self.method} {self.path} {self.body or ''} by {self.by}"

    @property
    def is_undoable(self) -> bool:
        """Whether others may take it back: not what people do with their accounts, nor a leaving."""
        is_leaving = self.kind == "person.removed" and self.by == "ivan"
        return not (self.kind.startswith("user.") or is_leaving)

    @property
    def is_ones_own(self) -> bool:
        """Whether only who did it may take it back: nobody edits others' comments."""
        is_edit = self.kind in ("comment.updated", "reaction.removed")
        return is_edit or (self.kind == "comment.deleted" and "{asked}" in self.path)


async def scene_of(api: Api) -> Scene:
    """Make the board: anna's, ivan a MEMBER, vera an OBSERVER; olga and stranger not on it."""
    return await made_once(api, "anna's board", lambda: _scene(api))


async def _scene(api: Api) -> Scene:
    people = {name: await api.user(name) for name in ("anna", "ivan", "vera", "olga", "stranger")}
    anna, ivan = people["anna"], people["ivan"]
    board = await anna.board()
    await anna.invite(board, ivan)
    await anna.invite(board, people["vera"], "OBSERVER")
    todo, full = (
        await anna.column(board),
        await anna.column(board, task_limit=1, limit_is_hard=True),
    )
    done, empty = await anna.column(board, status="DONE"), await anna.column(board)
    draw = await ivan.task(todo, assignee_ids=[ivan.id, anna.id])
    paint = await anna.task(todo, assignee_ids=[ivan.id])
    sleep, kept = await ivan.task(full), await anna.task(done, is_archived=True)
    sketch, ink = await ivan.subtask(draw), await ivan.subtask(draw)
    bug, idea = await a_label(anna, board), await a_label(anna, board, "Idea")
    await ivan.put(f"/tasks/{draw['id']}/labels/{bug['id']}")
    await anna.patch(f"/tasks/{kept['id']}", label_ids=[bug["id"], idea["id"]])
    asked = await a_comment(anna, draw, "@ivan, in oil?")
    said = await a_comment(ivan, draw, "In **ink**")
    await anna.put(reaction_at(said))
    made = {"board": board, "todo": todo, "full": full, "done": done, "empty": empty, "draw": draw}
    made |= {"paint": paint, "sleep": sleep, "kept": kept, "sketch": sketch, "ink": ink}
    plan = await linked(ivan, draw, title="Plan")
    made |= {"bug": bug, "idea": idea, "asked": asked, "said": said, "plan": plan}
    ids = {name: thing["id"] for name, thing in made.items()}
    return Scene(people, ids | {name: person.id for name, person in people.items()})


NEW_ID = "0198c0de-0000-7000-8000-000000000001"

WRITES = [
    Write("board.updated", "PATCH", "/boards/{board}", {"title": "Shop"}),
    Write("board.updated", "PUT", "/boards/{board}", {"title": "Shop", "is_archived": True}),
    Write("person.added", "POST", "/boards/{board}/users", {"user_id": "{olga}"}),
    Write("person.updated", "PUT", "/boards/{board}/users/{ivan}", {"role": "MODERATOR"}),
    Write("board.handed_over", "PUT", "/boards/{board}/users/{ivan}", {"role": "CREATOR"}),
    Write("person.removed", "DELETE", "/boards/{board}/users/{ivan}", {}),
    Write("person.removed", "DELETE", "/boards/{board}/users/{ivan}", {}, by="ivan"),
    Write("column.created", "POST", "/columns", {"board_id": "{board}", "title": "Review"}),
    Write("column.updated", "PATCH", "/columns/{todo}", {"status": "DONE"}),
    Write("column.updated", "PUT", "/columns/{done}", {"title": "Over"}),
    Write("column.updated", "PATCH", "/columns/{todo}", {"is_archived": True}),
    Write("column.moved", "POST", "/columns/{todo}/move", {"after": "{done}"}),
    Write("column.deleted", "DELETE", "/columns/{empty}", {}),
    Write("column.deleted", "DELETE", "/columns/{todo}", {"tasks": "delete"}),
    Write("column.deleted", "DELETE", "/columns/{todo}", {"tasks": "move", "to": "{done}"}),
    Write("column.deleted", "DELETE", "/columns/{done}", {"tasks": "move", "to": "{empty}"}),
    Write("task.created", "POST", "/tasks", {"column_id": "{done}", "title": "Say"}, by="ivan"),
    Write(
        "task.created",
        "POST",
        "/tasks",
        {"id": NEW_ID, "column_id": "{todo}", "title": "Say", "assignee_ids": ["{anna}", "{ivan}"]},
    ),
    Write("task.updated", "PATCH", "/tasks/{draw}", {"due_at": "2026-12-31T18:00:00.50Z"}),
    Write("task.updated", "PATCH", "/tasks/{draw}", {"assignee_ids": ["{vera}"]}, by="ivan"),
    Write("task.updated", "PATCH", "/tasks/{draw}", {"status": "завершена"}),
    Write("task.updated", "PATCH", "/tasks/{draw}", {"column_id": "{done}", "title": "Say"}),
    Write("task.updated", "PATCH", "/tasks/{draw}", {"is_archived": True}),
    Write("task.updated", "PATCH", "/tasks/{kept}", {"is_archived": False}),
    Write("task.updated", "PUT", "/tasks/{draw}", {"title": "Say"}),
    Write("task.moved", "POST", "/tasks/{draw}/move", {"at": "bottom"}, by="ivan"),
    Write("task.moved", "POST", "/tasks/{draw}/move", {"column_id": "{done}"}),
    Write("task.assigned", "PUT", "/tasks/{paint}/assignees/{anna}", {}),
    Write("task.unassigned", "DELETE", "/tasks/{draw}/assignees/{anna}", {}, by="ivan"),
    Write("task.deleted", "DELETE", "/tasks/{draw}", {}, by="ivan"),
    Write("subtask.created", "POST", "/subtasks", {"task_id": "{paint}", "title": "Ink"}),
    Write("subtask.updated", "PATCH", "/subtasks/{ink}", {"is_completed": True}, by="ivan"),
    Write("subtask.updated", "PUT", "/subtasks/{ink}", {"title": "Oil"}),
    Write("subtask.moved", "POST", "/subtasks/{ink}/move", {"before": "{sketch}"}),
    Write("subtask.deleted", "DELETE", "/subtasks/{sketch}", {}),
    Write("label.created", "POST", "/labels", {"board_id": "{board}", "color": "#2f80ed"}),
    Write("label.updated", "PATCH", "/labels/{bug}", {"title": "Defect", "color": "#2F80ED"}),
    Write("label.updated", "PUT", "/labels/{bug}", {"color": "#2f80ed"}),
    Write("label.moved", "POST", "/labels/{bug}/move", {"after": "{idea}"}),
    Write("label.deleted", "DELETE", "/labels/{bug}", {}),
    Write("task.labelled", "PUT", "/tasks/{draw}/labels/{idea}", {}, by="ivan"),
    Write("task.unlabelled", "DELETE", "/tasks/{draw}/labels/{bug}", {}, by="ivan"),
    Write("task.updated", "PATCH", "/tasks/{draw}", {"label_ids": ["{idea}"]}),
    Write("comment.created", "POST", "/comments", {"task_id": "{draw}", "body": "Or @ivan?"}),
    Write("comment.updated", "PATCH", "/comments/{asked}", {"body": "In oil?"}),
    Write("comment.updated", "PUT", "/comments/{asked}", {"body": "In oil,\n@anna?"}),
    Write("comment.deleted", "DELETE", "/comments/{asked}", {}),
    Write("comment.deleted", "DELETE", "/comments/{said}", {}),
    Write("reaction.added", "PUT", "/comments/{said}/reactions/❤️", {}, by="ivan"),
    Write("reaction.removed", "DELETE", f"/comments/{{said}}/reactions/{THUMB}", {}),
    Write("attachment.added", "POST", "/tasks/{paint}/links", {"url": "https://example.com/a"}),
    Write("attachment.renamed", "PATCH", "/attachments/{plan}", {"title": "Sketch"}, by="ivan"),
    Write("attachment.deleted", "DELETE", "/attachments/{plan}", {}),
    Write("user.updated", "PATCH", "/users/{ivan}", {"name": "Ivan I."}, by="ivan"),
    Write("user.deleted", "DELETE", "/users/{ivan}", {}, by="ivan"),
]

NO_CHANGE = [
    Write("200", "PATCH", "/boards/{board}", {"title": "Website", "is_archived": False}),
    Write("200", "PUT", "/boards/{board}", {"title": "Website"}),
    Write("200", "PUT", "/boards/{board}/users/{ivan}", {"role": "MEMBER"}),
    Write("200", "PUT", "/boards/{board}/users/{anna}", {"role": "CREATOR"}),
    Write("200", "PATCH", "/columns/{todo}", {}),
    Write("200", "PUT", "/columns/{done}", {"title": "To do", "status": "DONE"}),
    Write("200", "POST", "/columns/{todo}/move", {"at": "top"}),
    Write("200", "PATCH", "/tasks/{draw}", {"title": "Draw", "column_id": "{todo}"}),
    Write("200", "PATCH", "/tasks/{kept}", {"is_archived": True}),
    Write("200", "PATCH", "/tasks/{draw}", {"assignee_ids": ["{anna}", "{ivan}", "{anna}"]}),
    Write("200", "POST", "/tasks/{paint}/move", {"after": "{draw}"}),
    Write("200", "PUT", "/tasks/{draw}/assignees/{ivan}", {}),
    Write("200", "PUT", "/tasks/{draw}/labels/{bug}", {}),
    Write("200", "PATCH", "/labels/{bug}", {"title": "Bug"}),
    Write("200", "POST", "/labels/{bug}/move", {"before": "{idea}"}),
    Write("200", "PATCH", "/attachments/{plan}", {"title": "Plan"}),
    Write("200", "PATCH", "/comments/{said}", {"body": "In **ink**"}, by="ivan"),
    Write("200", "PATCH", "/comments/{said}", {}, by="ivan"),
    Write("200", "PUT", f"/comments/{{said}}/reactions/{THUMB}", {}),
    Write("200", "PUT", "/subtasks/{ink}", {"title": "Sketch"}),
    Write("200", "POST", "/subtasks/{ink}/move", {"at": "bottom"}),
    Write("200", "PATCH", "/users/{anna}", {"name": "anna"}),
]

REFUSED = [
    Write("403", "PATCH", "/boards/{board}", {"title": "Mine"}, by="ivan"),
    Write("404", "PATCH", "/boards/{board}", {"title": "Mine"}, by="stranger"),
    Write("409", "POST", "/boards/{board}/users", {"user_id": "{ivan}"}),
    Write("403", "PUT", "/boards/{board}/users/{ivan}", {"role": "CREATOR"}, by="ivan"),
    Write("409", "DELETE", "/boards/{board}/users/{anna}", {}),
    Write("403", "POST", "/columns", {"board_id": "{board}", "title": "Mine"}, by="ivan"),
    Write("409", "DELETE", "/columns/{todo}", {}),
    Write("409", "DELETE", "/columns/{todo}", {"tasks": "move", "to": "{full}"}),
    Write("404", "DELETE", "/columns/{todo}", {"tasks": "move", "to": "{board}"}),
    Write("422", "PATCH", "/tasks/{draw}", {"rank": "a0"}),
    Write("422", "PATCH", "/tasks/{draw}", {"title": "Say", "assignee_ids": ["{olga}"]}),
    Write("404", "PATCH", "/tasks/{draw}", {"title": "Say", "column_id": "{board}"}),
    Write("403", "PATCH", "/tasks/{draw}", {"title": "Mine"}, by="vera"),
    Write("409", "POST", "/tasks", {"id": "{draw}", "column_id": "{todo}", "title": "Say"}),
    Write("409", "POST", "/tasks", {"column_id": "{full}", "title": "Say"}),
    Write("409", "POST", "/tasks/{draw}/move", {"before": "{sleep}"}),
    Write("409", "POST", "/tasks/{kept}/move", {"at": "top"}),
    Write("404", "DELETE", "/tasks/{paint}/assignees/{anna}", {}),
    Write("404", "DELETE", "/tasks/{draw}", {}, by="stranger"),
    Write("409", "POST", "/subtasks", {"id": "{ink}", "task_id": "{paint}", "title": "Say"}),
    Write("404", "POST", "/subtasks/{ink}/move", {"after": "{draw}"}),
    Write("409", "PATCH", "/labels/{idea}", {"title": "BUG"}),
    Write("403", "DELETE", "/labels/{idea}", {}, by="ivan"),
    Write("404", "PUT", "/tasks/{draw}/labels/{draw}", {}),
    Write("403", "PATCH", "/attachments/{plan}", {"title": "Mine"}, by="vera"),
    Write("404", "DELETE", "/attachments/{plan}", {}, by="stranger"),
    Write("403", "POST", "/comments", {"task_id": "{draw}", "body": "No"}, by="vera"),
    Write("404", "POST", "/comments", {"task_id": "{draw}", "body": "No"}, by="stranger"),
    Write("409", "POST", "/comments", {"id": "{said}", "task_id": "{draw}", "body": "Yes"}),
    Write("403", "PATCH", "/comments/{said}", {"body": "In oil"}),
    Write("403", "DELETE", "/comments/{asked}", {}, by="ivan"),
    Write("404", "DELETE", f"/comments/{{asked}}/reactions/{THUMB}", {}),
    Write("403", "PUT", f"/comments/{{asked}}/reactions/{THUMB}", {}, by="vera"),
    Write("409", "PATCH", "/users/{ivan}", {"username": "ANNA", "name": "A."}, by="ivan"),
    Write("403", "DELETE", "/users/{ivan}", {}),
]
