"""How a board is written in each format: piece by piece, in a thread, into a spool."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from json import JSONEncoder
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
    await found.tasks(lambda tasks: out.write(_sheet(tasks, found.head)))


def _sheet(tasks: list[Any], head: dict[str, Any]) -> bytes:
    return sheet.lines([sheet.row_of(task, head) for task in tasks])


async def write_ics(found: Reading, out: Spool, options: Options) -> None:
    """Write a calendar."""
    labels = _titles(found)
    out.write(calendar.folded([*calendar.BEGINNING]))
    await found.tasks(lambda tasks: out.write(_calendar(tasks, labels, options)))
    out.write(calendar.folded([*calendar.END]))


def _calendar(tasks: list[Any], labels: dict[str, str], options: Options) -> bytes:
    shown = [task for task in tasks if calendar.is_shown(task, is_all=options.is_all)]
    entries = (calendar.entry(task, labels, is_event=options.is_event) for task in shown)
    return b"".join(calendar.folded(lines) for lines in entries)


async def write_markdown(found: Reading, out: Spool, _: Options) -> None:
    """Write columns with their tasks, then what is archived."""
    writer = _Markdown(found)
    out.write(f"{markdown.BEGINNING}{writer.description()}".encode())
    await found.tasks(lambda tasks: out.write(writer.some(tasks)))
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
        text = markdown.text_above(self._board["description"])
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
    lists = out.beside()
    try:
        writer = _Trello(Trello(found.head, options.address, aside), aside, out, lists)
        await found.tasks(writer.some, with_extras=True)
        await asyncio.to_thread(writer.turn_to_actions)
        await found.comments(writer.told)
        writer.end()
    finally:
        lists.close()


class _Trello:
    """Knows what stands where in the file."""

    def __init__(self, trello: Trello, aside: Aside, out: Spool, lists: Spool) -> None:
        self._trello, self._aside, self._out, self._lists = trello, aside, out, lists
        self._made: dict[str, str] = {}  # when each task was
        out.write(_json(trello.board())[:-1] + b',"cards":')
        self._cards, self._checklists = _Array(out), _Array(lists)

    def some(self, tasks: list[Any]) -> None:
        parts = (part for task in tasks for part in task["subtasks"] + task["attachments"])
        self._aside.turn_to([*tasks, *parts])
        self._made |= {task["id"]: task["created_at"] for task in tasks}
        pairs = [(task, self._trello.checklists(task)) for task in tasks]
        self._cards.add([self._trello.card(*pair) for pair in pairs])
        self._checklists.add([one for _, some in pairs for one in some])

    def turn_to_actions(self) -> None:
        self._cards.end()
        self._checklists.end()
        self._out.write(b',"checklists":')
        for piece in self._lists.chunks():
            self._out.write(piece)
        self._out.write(b',"actions":')
        self._actions = _Array(self._out)

    def told(self, comments: list[Any]) -> None:
        self._aside.turn_to(comments)
        made = self._made
        self._actions.add([self._trello.action(one, made[one["task_id"]]) for one in comments])

    def end(self) -> None:
        self._actions.end()
        self._out.write(b"}")


class _Array:
    """A JSON array that is written piece by piece."""

    def __init__(self, out: Spool) -> None:
        self._out, self._is_empty = out, True
        out.write(b"[")

    def add(self, things: list[Any]) -> None:
        if things:
            self._out.write((b"" if self._is_empty else b",\n") + b",\n".join(map(_json, things)))
            self._is_empty = False

    def end(self) -> None:
        self._out.write(b"]")


def _titles(found: Reading) -> dict[str, str]:
    return {label["id"]: label["title"] for label in found.head["labels"]}


_encoder = JSONEncoder(ensure_ascii=False, separators=(",", ":"))


def _json(value: Any) -> bytes:
    return _encoder.encode(value).encode()
