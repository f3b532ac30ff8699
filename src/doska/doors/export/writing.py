"""How a board is written in each format: batch by batch, in a thread, into a spool."""

import asyncio
import json
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from functools import partial
from typing import Any

from doska.doors.export import calendar, markdown, sheet
from doska.doors.export.reading import Reading
from doska.doors.export.returning import Aside
from doska.doors.export.spool import Spool
from doska.doors.export.trello import Trello


@dataclass(frozen=True, slots=True)
class Options:
    """What a request says beside the format; ``address`` is where people find this server."""

    has_bom: bool = False
    is_event: bool = False
    is_all: bool = False
    address: str = ""


Write = Callable[[Reading, Spool, Options], Awaitable[None]]


async def write_csv(found: Reading, out: Spool, options: Options) -> None:
    """Write a header, and a row for each task."""
    out.write((sheet.BOM if options.has_bom else b"") + sheet.lines([sheet.HEADER]))
    async for tasks in found.tasks():
        await _do(out, partial(_sheet, tasks, found.head))


def _sheet(tasks: list[Any], head: dict[str, Any]) -> bytes:
    return sheet.lines([sheet.row_of(task, head) for task in tasks])


async def write_ics(found: Reading, out: Spool, options: Options) -> None:
    """Write a calendar."""
    labels = _titles(found)
    out.write(calendar.folded([*calendar.BEGINNING]))
    async for tasks in found.tasks():
        await _do(out, partial(_calendar, tasks, labels, options))
    out.write(calendar.folded([*calendar.END]))


def _calendar(tasks: list[Any], labels: dict[str, str], options: Options) -> bytes:
    shown = [task for task in tasks if calendar.is_shown(task, is_all=options.is_all)]
    entries = (calendar.entry(task, labels, is_event=options.is_event) for task in shown)
    return b"".join(calendar.folded(lines) for lines in entries)


async def write_markdown(found: Reading, out: Spool, _: Options) -> None:
    """Write columns with their tasks, then what is archived."""
    writer = _Markdown(found)
    out.write(f"{markdown.BEGINNING}{writer.description()}".encode())
    async for tasks in found.tasks():
        await _do(out, partial(writer.some, tasks))
    out.write(writer.end().encode())


class _Markdown:
    """Knows which columns are written: empty ones stand between the others."""

    def __init__(self, found: Reading) -> None:
        self._labels, self._board = _titles(found), found.board
        columns = found.head["columns"]
        self._waiting = [column for column in columns if not column["archived_at"]]
        self._put_away = {column["id"] for column in columns if column["archived_at"]}
        self._is_in_archive = False

    def description(self) -> str:
        text = self._board["description"]
        return f"\n{text}\n" if text else ""

    def some(self, tasks: list[Any]) -> bytes:
        return "".join(part for task in tasks for part in self._one(task)).encode()

    def _one(self, task: dict[str, Any]) -> Iterable[str]:
        if task["archived_at"] or task["column_id"] in self._put_away:
            yield from self._rest()
            if not self._is_in_archive:
                self._is_in_archive = True
                yield f"{markdown.ARCHIVE}\n"
        else:
            yield from self._up_to(task["column_id"])
        yield markdown.item(task, self._labels)

    def _up_to(self, column_id: str) -> Iterable[str]:
        if any(column["id"] == column_id for column in self._waiting):
            is_there = False
            while not is_there:
                column = self._waiting.pop(0)
                is_there = column["id"] == column_id
                yield f"{markdown.heading(column)}\n"

    def _rest(self) -> Iterable[str]:
        while self._waiting:
            yield f"{markdown.heading(self._waiting.pop(0))}\n"

    def end(self) -> str:
        return "".join(self._rest()) + markdown.END


async def write_trello(found: Reading, out: Spool, options: Options) -> None:
    """Write cards at once; checklists wait beside them, for they come after."""
    aside = Aside(found)
    await aside.open()
    trello, lists = Trello(found.head, options.address, aside), out.beside()
    made: dict[str, str] = {}
    try:
        out.write(_json(trello.board())[:-1] + b',"cards":')
        cards, checklists = _Array(out), _Array(lists)
        async for tasks in found.tasks():
            made |= {task["id"]: task["created_at"] for task in tasks}
            parts = (part for task in tasks for part in task["subtasks"] + task["attachments"])
            await aside.turn_to([thing["id"] for thing in (*tasks, *parts)])
            pairs = [(task, trello.checklists(task)) for task in tasks]
            await asyncio.to_thread(cards.add, [trello.card(*pair) for pair in pairs])
            await asyncio.to_thread(checklists.add, [one for _, some in pairs for one in some])
        cards.end()
        checklists.end()
        out.write(b',"checklists":')
        for piece in lists.chunks():
            await asyncio.to_thread(out.write, piece)
        out.write(b',"actions":')
        actions = _Array(out)
        async for comments in found.comments():
            await aside.turn_to([comment["id"] for comment in comments])
            given = [trello.action(comment, made[comment["task_id"]]) for comment in comments]
            await asyncio.to_thread(actions.add, given)
        actions.end()
        out.write(b"}")
    finally:
        lists.close()


class _Array:
    """A JSON array that is written piece by piece."""

    def __init__(self, out: Spool) -> None:
        self._out, self._is_empty = out, True
        out.write(b"[")

    def add(self, things: list[Any]) -> None:
        for thing in things:
            self._out.write((b"" if self._is_empty else b",\n") + _json(thing))
            self._is_empty = False

    def end(self) -> None:
        self._out.write(b"]")


async def _do(out: Spool, make: Callable[[], bytes]) -> None:
    """Make and write a part in a thread: streams of others go on meanwhile."""
    await asyncio.to_thread(lambda: out.write(make()))


def _titles(found: Reading) -> dict[str, str]:
    return {label["id"]: label["title"] for label in found.head["labels"]}


def _json(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()
