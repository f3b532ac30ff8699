"""Two boards that begin alike: on one things are done one by one, on the other in one batch."""

import json
from dataclasses import dataclass, field
from typing import Any

import asyncpg
import httpx

from api import Api, Json, Person
from batches import done, look, op
from comments import HEART, THUMB, a_comment, reaction_at
from doska.boards.kinds import kinds
from doska.schemas import new_id
from labels import a_label
from log_world import NAMED, THINGS
from operations import DOCUMENT

ENDPOINTS = {
    described["operationId"]: (method.upper(), path)
    for path, methods in DOCUMENT["paths"].items()
    for method, described in methods.items()
}
TIMES = {"at", "created_at", "updated_at", "joined_at"}
LINKS = {kind.table for kind in kinds() if kind.is_link}
WHETHER = {"completed_at", "archived_at", "edited_at"}

Template = Json
Deed = tuple[Template, int, int]  # an operation, and which of the things there are it is about

TEMPLATES: list[Template] = [
    op("create_column", {"title": "Review", "status": "IN_PROGRESS"}),
    op("update_column", {"task_limit": 2, "limit_is_hard": True}, column_id="{column}"),
    op("update_column", {"title": "Ready", "status": "DONE"}, column_id="{column}"),
    op("move_column", {"after": "{other_column}"}, column_id="{column}"),
    op("move_column", {"at": "top"}, column_id="{column}"),
    op("delete_column", column_id="{column}"),
    op("delete_column", column_id="{column}", tasks="delete"),
    op("delete_column", column_id="{column}", tasks="move", to="{other_column}"),
    op("create_task", {"title": "Draw", "column_id": "{column}"}),
    op("create_task", {"title": "Sing", "column_id": "{column}", "assignee_ids": ["{person}"]}),
    op("create_task", {"title": "Keep", "column_id": "{column}", "is_archived": True}),
    op("update_task", {"title": "Paint", "color": "#2F80ED"}, task_id="{task}"),
    op("update_task", {"status": "DONE"}, task_id="{task}"),
    op("update_task", {"status": "IN_PROGRESS", "is_archived": False}, task_id="{task}"),
    op("update_task", {"column_id": "{column}", "assignee_ids": ["{person}"]}, task_id="{task}"),
    op("move_task", {"before": "{other_task}"}, task_id="{task}"),
    op("move_task", {"after": "{other_task}"}, task_id="{task}"),
    op("move_task", {"after": "{other_task}", "column_id": "{column}"}, task_id="{task}"),
    op("move_task", {"column_id": "{column}", "at": "top"}, task_id="{task}"),
    op("move_task", {"at": "bottom"}, task_id="{task}"),
    op("assign_task", task_id="{task}", user_id="{person}"),
    op("unassign_task", task_id="{task}", user_id="{person}"),
    op("update_task", {"is_archived": True}, task_id="{task}"),
    op("delete_task", task_id="{task}"),
    op("create_subtask", {"title": "Ink", "task_id": "{task}", "is_completed": True}),
    op("update_subtask", {"is_completed": False, "title": "Oil"}, subtask_id="{subtask}"),
    op("move_subtask", {"before": "{other_subtask}"}, subtask_id="{subtask}"),
    op("move_subtask", {"at": "bottom"}, subtask_id="{subtask}"),
    op("delete_subtask", subtask_id="{subtask}"),
    op("create_label", {"title": "Bug", "color": "#d64545"}),
    op("create_label", {"color": "#d64545"}),
    op("update_label", {"title": "Idea"}, label_id="{label}"),
    op("move_label", {"after": "{other_label}"}, label_id="{label}"),
    op("move_label", {"at": "top"}, label_id="{label}"),
    op("delete_label", label_id="{label}"),
    op("label_task", task_id="{task}", label_id="{label}"),
    op("unlabel_task", task_id="{task}", label_id="{label}"),
    op("update_task", {"label_ids": ["{label}"]}, task_id="{task}"),
    op("create_comment", {"task_id": "{task}", "body": "Looks good, @anna"}),
    op("update_comment", {"body": "Looks better, @ivan and @olga"}, comment_id="{comment}"),
    op("delete_comment", comment_id="{comment}"),
    op("add_reaction", comment_id="{comment}", emoji=THUMB),
    op("add_reaction", comment_id="{comment}", emoji=HEART),
    op("remove_reaction", comment_id="{comment}", emoji=THUMB),
]


@dataclass
class Board:
    """One of the two; ``names`` are the same on both, by ids that are not."""

    id: str
    names: dict[str, str] = field(default_factory=dict)

    def named(self, value: Any) -> Any:
        """Give what is said of this board in words that fit the other, too."""
        text = json.dumps(value)
        for id_, name in self.names.items():
            text = text.replace(id_, name)
        return _alike(json.loads(text))


def _alike(value: Any) -> Any:
    """Leave out times, ids of assignments, and the order that follows from them."""
    if isinstance(value, list):
        return sorted((_alike(item) for item in value), key=str)
    if not isinstance(value, dict):
        return value
    is_link = value.get("table") in LINKS or {"user_id", "label_id"} & value.keys()
    dropped = TIMES | ({"id"} if is_link else set())
    return {
        k: v is not None if k in WHETHER else _alike(v)
        for k, v in value.items()
        if k not in dropped
    }


@dataclass
class Twins:
    """The boards, whoever works on them, and what has been done on the first."""

    db: asyncpg.Connection
    anna: Person
    people: list[str]
    first: Board
    second: Board
    operations: list[Json] = field(default_factory=list)  # as the second board gets them
    answers: list[Any] = field(default_factory=list)
    refusals: list[tuple[int, Json, Json]] = field(default_factory=list)  # after how many, what

    async def do(self, deed: Deed) -> None:
        """Do it on the first board, if what it names exists, and write it down for the second."""
        template, one, other = deed
        chosen = await self._chosen(one, other)
        try:
            own = _filled(template, chosen)
        except KeyError:
            return
        if own["op"] in ("create_column", "create_label"):
            own["body"] = {**own.get("body", {}), "board_id": self.first.id}
        answer = await alone(self.anna, own)
        named = {k: self.first.names.get(id_, id_) for k, id_ in chosen.items()}
        operation = self._for_second(_filled(template, named))
        if answer.is_success:
            self._note(operation, answer)
        else:
            self.refusals.append((len(self.operations), operation, answer.json()))

    async def _chosen(self, one: int, other: int) -> dict[str, str]:
        row = await self.db.fetchrow(NAMED, self.first.id)
        chosen = {"person": self.people[one % len(self.people)]}
        for kind in THINGS:
            if ids := row[kind]:
                chosen |= {kind: ids[one % len(ids)], f"other_{kind}": ids[other % len(ids)]}
        return chosen

    def _note(self, operation: Json, answer: httpx.Response) -> None:
        shown: Any = answer.json() if answer.content else None
        if answer.status_code == 201:
            self.first.names[shown["id"]] = f"new-{len(self.operations)}"
        self.operations.append(operation)
        self.answers.append(shown)

    def _for_second(self, operation: Json) -> Json:
        """Put the second board's ids for names; what the batch makes is named by reference."""
        ids = {name: id_ for id_, name in self.second.names.items()}
        ids |= {f"new-{number}": f"${number}.id" for number in range(len(self.operations))}
        return dict(_replaced(operation, ids))


async def alone(person: Person, operation: Json) -> httpx.Response:
    """Send an operation to its own endpoint."""
    method, path = ENDPOINTS[operation["op"]]
    beside = {k: v for k, v in operation.items() if k not in ("op", "body")}
    params = {k: v for k, v in beside.items() if f"{{{k}}}" not in path}
    body = operation.get("body")
    return await person.send(method, path.format(**beside), json=body, params=params)


def _filled(value: Any, names: dict[str, str]) -> Any:
    match value:
        case str():
            return value.format(**names)
        case list():
            return [_filled(item, names) for item in value]
        case dict():
            return {name: _filled(item, names) for name, item in value.items()}
    return value


def _replaced(value: Any, ids: dict[str, str]) -> Any:
    match value:
        case str():
            return ids.get(value, value)
        case list():
            return [_replaced(item, ids) for item in value]
        case dict():
            return {name: _replaced(item, ids) for name, item in value.items()}
    return value


async def twins_of(api: Api, db: asyncpg.Connection, filling: int = 0) -> Twins:
    """Make two boards alike; the third person is on neither."""
    anna, ivan, olga = [await api.user() for _ in range(3)]
    first, second = [await _board(anna, ivan, filling) for _ in range(2)]
    return Twins(db, anna, [anna.id, ivan.id, olga.id], first, second)


async def _board(anna: Person, ivan: Person, filling: int) -> Board:
    board = await anna.board()
    made = Board(board["id"], {board["id"]: "board"})
    await anna.invite(board, ivan)
    labels = [await a_label(anna, board, title) for title in ("One", "Two")]
    made.names |= {label["id"]: f"label-{n}" for n, label in enumerate(labels)}
    for status in ("TODO", None):
        column = await anna.column(board, status=status)
        made.names[column["id"]] = f"column-{len(made.names)}"
        for _ in range(3):
            task = await anna.task(column, assignee_ids=[ivan.id])
            made.names[task["id"]] = f"task-{len(made.names)}"
            await anna.put(f"/tasks/{task['id']}/labels/{labels[0]['id']}")
            said = [await a_comment(who, task, "Looks good, @ivan") for who in (anna, ivan)]
            made.names |= {c["id"]: f"comment-{len(made.names)}-{n}" for n, c in enumerate(said)}
            await anna.put(reaction_at(said[1]))
            for _ in range(2):
                made.names[(await anna.subtask(task))["id"]] = f"subtask-{len(made.names)}"
        if filling:
            made.names |= await _filled_up(anna, board, column, filling)
    return made


async def _filled_up(anna: Person, board: Json, column: Json, count: int) -> dict[str, str]:
    """Put so many more tasks into a column, with free keys between them; give their names."""
    bodies = [
        {"id": new_id(), "column_id": column["id"], "title": "More"} for _ in range(2 * count)
    ]
    gone = [op("delete_task", task_id=body["id"]) for body in bodies[0::2]]
    await done(anna, board["id"], *(op("create_task", body) for body in bodies), *gone)
    return {body["id"]: f"more-{column['rank']}-{n}" for n, body in enumerate(bodies[1::2])}


async def said_of(db: asyncpg.Connection, board: Board, after: int) -> Any:
    """Give rows, what was logged after an event, and counters, in words that fit both boards."""
    rows, events, known = await look(db, board.id)
    kept = [{k: v for k, v in event.items() if k != "batch_id"} for event in events[after:]]
    return board.named(list(rows.values())), [board.named(event) for event in kept], known
