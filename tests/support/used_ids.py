"""One of everything that has an id which clients can make, made and lost in every way."""

import asyncpg
import httpx

from api import Json, Person
from batches import op, send

NAMED = ("board", "column", "task", "subtask")

Things = dict[str, Json]


async def free_again(db: asyncpg.Connection, *ids: str) -> None:
    """Take ids out of the register: what two things of one id would do to each other stays tried."""
    await db.execute("delete from used_ids where id = any($1::uuid[])", list(ids))


async def things(person: Person, **ids: str) -> Things:
    """Make one of everything."""
    own = {kind: {"id": ids[kind]} if kind in ids else {} for kind in NAMED}
    board = await person.board(**own["board"])
    column = await person.column(board, **own["column"])
    task = await person.task(column, **own["task"])
    return {
        "board": board,
        "column": column,
        "task": task,
        "subtask": await person.subtask(task, **own["subtask"]),
    }


async def create(
    person: Person, made: Things, kind: str, id_: str, **headers: str
) -> httpx.Response:
    """Try to make something of a kind, with this id, beside one's own things."""
    owners = {"column": "board", "task": "column", "subtask": "task"}
    body = {"title": "New", "id": id_}
    if owner := owners.get(kind):
        body[f"{owner}_id"] = made[owner]["id"]
    return await person.send("POST", f"/{kind}s", json=body, headers=headers)


async def lose(person: Person, made: Things, kind: str, way: str) -> None:
    """Let one of the things go."""
    board = made["board"]["id"]
    outer = {"task": "column", "subtask": "task"}.get(kind, "board")
    if way == "undone":
        for seq in range(len(NAMED), NAMED.index(kind) + 1, -1):  # what stands on it goes first
            await person.post(f"/boards/{board}/undo", seq=seq)
        answer = await person.post(f"/boards/{board}/undo", seq=NAMED.index(kind) + 1)
    elif way == "gone in a batch":
        beside = {f"{kind}_id": made[kind]["id"], **_with_tasks(kind)}
        answer = await send(person, board, op(f"delete_{kind}", **beside))
    elif way == "gone with the board":
        answer = await person.delete(f"/boards/{board}")
    else:
        what = kind if way == "deleted" else outer
        answer = await person.delete(f"/{what}s/{made[what]['id']}", **_with_tasks(what))
    assert answer.is_success, answer.text


def _with_tasks(kind: str) -> Json:
    return {"tasks": "delete"} if kind == "column" else {}
