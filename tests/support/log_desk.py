"""Things in an order, each named by a letter, that tests move about."""

from dataclasses import dataclass
from typing import Any

import httpx

from api import Api, Json, Person

KINDS = ("columns", "tasks", "subtasks")


@dataclass
class Desk:
    """What one kind of thing is called on a board, and how to move it and look at the order."""

    person: Person
    board: Json
    kind: str
    lists: list[str]
    things: dict[str, Json]

    async def move(self, name: str, **where: Any) -> httpx.Response:
        """Move a thing; neighbours are named by letters."""
        sides = {side: self.id_of(near) for side, near in where.items() if side in SIDES}
        return await self.person.post(f"/{self.kind}/{self.id_of(name)}/move", **{**where, **sides})

    async def orders(self) -> list[str]:
        """Read the letters of each list, in order."""
        pages = [await self.person.items(path, limit=200) for path in self.lists]
        return ["".join(thing["title"] for thing in page) for page in pages]

    async def order(self) -> str:
        """Read the letters of the only list."""
        (order,) = await self.orders()
        return order

    def column(self, n: int) -> str:
        """Give the id of the column that a list of tasks is of."""
        return self.lists[n].split("/")[2]

    def id_of(self, name: str) -> str:
        thing = self.things.get(name)
        return str(thing["id"]) if thing else name


SIDES = ("before", "after")


async def desk_of(api: Api, kind: str, names: str = "ABC") -> Desk:
    """Make a board with these things of a kind in one list."""
    anna = await api.user()
    board = await anna.board()
    if kind == "columns":
        lists = [f"/boards/{board['id']}/columns"]
        things = [await anna.column(board, name) for name in names]
    elif kind == "tasks":
        column = await anna.column(board)
        lists = [f"/columns/{column['id']}/tasks"]
        things = [await anna.task(column, name) for name in names]
    else:
        task = await anna.task(await anna.column(board))
        lists = [f"/tasks/{task['id']}/subtasks"]
        things = [await anna.subtask(task, name) for name in names]
    return Desk(anna, board, kind, lists, dict(zip(names, things, strict=True)))


async def desk_with(api: Api, *columns: str, **fields: Any) -> Desk:
    """Make a board with tasks in several columns; ``fields`` are those of the last column."""
    anna = await api.user()
    board = await anna.board()
    made = [await anna.column(board) for _ in columns[:-1]]
    made.append(await anna.column(board))
    pairs = [(made[n], name) for n, names in enumerate(columns) for name in names]
    things = {name: await anna.task(column, name) for column, name in pairs}
    if fields:
        await anna.patch(f"/columns/{made[-1]['id']}", **fields)
    lists = [f"/columns/{column['id']}/tasks" for column in made]
    return Desk(anna, board, "tasks", lists, things)


def kind_of(response: httpx.Response) -> tuple[int, str]:
    """Tell the status of a refusal, and its type."""
    return response.status_code, response.json()["type"]
