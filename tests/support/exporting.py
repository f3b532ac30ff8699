"""A board with something of everything, and what its exports say."""

import csv
import io
import re
from typing import Any

import httpx

from api import Api, Json, Person
from attaching import attached, linked
from comments import a_comment, reaction_at
from labels import BLUE, a_label

Full = tuple[Person, Person, Json]


async def a_full_board(api: Api) -> Full:
    """Give a CREATOR, a member, and a board with all kinds of things; some are gone again."""
    anna, boris = await api.user(), await api.user()
    board = await anna.board("Launch", description="What,\nwhere, when")
    await anna.invite(board, boris)
    todo = await anna.column(board, "To do")
    await anna.column(board, "Empty")
    done = await anna.column(board, "Done", status="DONE")
    bug = await a_label(anna, board, "Bug")
    await a_label(anna, board, "Never used", color=BLUE)
    task = await anna.task(
        todo, "Book; the hall, #now", description="Ask two\n- [ ] halls", due_on="2026-05-03",
        assignee_ids=[boris.id], label_ids=[bug["id"]], priority="HIGH",
    )  # fmt: skip
    await anna.subtask(task, "=cmd|calc", is_completed=True)
    await anna.subtask(task, "Ink")
    comment = await a_comment(boris, task, f"@{anna.me['username']} agreed?")  # type: ignore[index]
    await a_comment(anna, task, "Yes 👩‍🚀")
    await anna.send("PUT", reaction_at(comment))
    await attached(anna, task)
    await linked(boris, task)
    await anna.task(done, "Shipped")
    await anna.task(todo, "=1+1", due_at="2026-05-01T10:30:00Z", description="'=2")
    await boris.task(todo, "Old", is_archived=True)
    gone = await boris.task(todo, "Gone")
    await a_comment(anna, gone, "nobody sees this")
    await anna.send("DELETE", f"/tasks/{gone['id']}")
    return anna, boris, board


def export_of(board: Json) -> str:
    return f"/boards/{board['id']}/export"


async def exported(person: Person, board: Json, kind: str, **more: Any) -> httpx.Response:
    """Export a board; it works."""
    response = await person.get(export_of(board), format=kind, **more)
    assert response.status_code == 200, response.text
    assert int(response.headers["content-length"]) == len(response.content)
    return response


def rows_of(response: httpx.Response) -> list[dict[str, str]]:
    """Read CSV as a program does that takes an apostrophe before a formula away."""
    text = response.content.decode("utf-8-sig")
    return [
        {name: re.sub("^'(?='*[=+\\-@\t\r＝＋－＠])", "", cell) for name, cell in row.items()}  # noqa: RUF001
        for row in csv.DictReader(io.StringIO(text, newline=""))
    ]


def unfolded(response: httpx.Response) -> list[str]:
    """Read the lines of a calendar, none of which was too long."""
    assert all(len(line) <= 75 for line in response.content.split(b"\r\n"))
    return response.content.decode().replace("\r\n ", "").split("\r\n")
