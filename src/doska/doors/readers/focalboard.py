"""Focalboard and Mattermost Boards: lines of JSON, bare (version 1) or in a zip (version 2)."""

from collections.abc import Iterator
from typing import Any

from doska.doors.errors import BrokenFile
from doska.doors.fates import Table, dropped, kept
from doska.doors.formats import reads
from doska.doors.model import Board, Column, Label, Person, Plan
from doska.doors.parsing import parsed
from doska.doors.readers.dates import of_unix
from doska.doors.readers.focalboard_cards import Content, properties
from doska.doors.readers.focalboard_paths import TABLE
from doska.doors.readers.reading import ASKED, Reading
from doska.doors.readers.values import Json, inner, items, key_of, text
from doska.doors.source import SourceFile

NO_VALUE = "(no value)"
FILE: Table = {"files": kept("attachments.content"), "version": dropped("service")}


def _is_focalboard(file: SourceFile) -> bool:
    if file.is_archive:
        has_lines = any(name.endswith("/board.jsonl") for name in file.entries)
        return has_lines and "version.json" in file.entries
    head = file.data[:200].removeprefix(b"\xef\xbb\xbf").lstrip().replace(b" ", b"")
    return head.startswith(b'{"version":1')


@reads("focalboard", recognises=_is_focalboard)
def read(file: SourceFile) -> Plan:
    """Read all boards of a file."""
    return _Focalboard(file, {**TABLE, **FILE}).all()


class _Focalboard(Reading):
    def all(self) -> Plan:
        self.used: set[str] = set()
        if not self.file.is_archive:
            return self.plan("focalboard", self._boards(self._lines(self.file), ""))
        names = [name for name in self.file.entries if name.endswith("/board.jsonl")]
        found = []
        for name in names:
            folder = name.removesuffix("board.jsonl")
            found += self._boards(self._lines(self.file.opened(name)), folder)
        self.account.count("version")
        others = [n for n in self.file.entries if n not in (*names, "version.json", *self.used)]
        self.account.count("files", len(self.used))
        self.account.count("other files", len(others))
        return self.plan("focalboard", found)

    def _json(self, line: str, at: str) -> Any:
        found, repaired = parsed(line, self.file.bounds.depth)
        self.warn("text-repaired", at, repaired)
        return found

    def _lines(self, file: SourceFile) -> list[tuple[str, Json]]:
        """Read the lines; of each its kind and its data. What is no line of data is counted."""
        found = []
        for number, line in enumerate(file.text.split("\n"), 1):
            if not line.strip():
                continue
            try:
                value = self._json(line, f"line {number}")
            except BrokenFile as error:
                raise BrokenFile(error.detail, at=f"line {number}") from None
            data, kind = inner(value, "data"), text(inner(value, "type"))
            if not isinstance(data, dict) or not data:
                self.account.take(value, "version" if number == 1 else "lines[]")
                continue
            name = text(data.get("type")) if kind == "block" else kind
            name = "board" if kind == "board" else name
            self.account.take(value, "lines[]", but=("data",))
            found.append((name, data))
        return found

    def _boards(self, lines: list[tuple[str, Json]], folder: str) -> list[Board]:
        boards = [data for name, data in lines if name == "board"]
        blocks = [(name, data) for name, data in lines if name != "board"]
        only = key_of(boards[0].get("id")) if len(boards) == 1 else None
        by_board: dict[str, list[tuple[str, Json]]] = {}
        for name, data in blocks:
            owner = only or key_of(data.get("boardId")) or key_of(data.get("rootId"))
            by_board.setdefault(owner, []).append((name, data))
        found = []
        for data in boards:
            own = by_board.pop(key_of(data.get("id")), [])
            if self._is_gone(data):
                for name, block in [("board", data), *own]:
                    self.account.take(block, f"{name}[]", fate=ASKED)
            else:
                found.append(_Board(self, data, own, folder).made())
        for name, block in (pair for left in by_board.values() for pair in left):
            self.account.take(block, f"{name}[]", fate=dropped("unreadable"))
            self.warn("dangling-reference", f"{name}[]")
        return found

    def _is_gone(self, data: Json) -> bool:
        return of_unix(data.get("deleteAt")) is not None and self.options.deleted != "archive"


class _Board:
    """One board, and the blocks that belong to it."""

    def __init__(
        self, reading: _Focalboard, data: Json, blocks: list[tuple[str, Json]], folder: str
    ) -> None:
        self.reading, self.data, self.folder = reading, data, folder
        self.extra = reading.account.take(data, "board[]")
        self.blocks: dict[str, Json] = {}
        self.rows: dict[str, list[tuple[Json, Any]]] = {}
        for name, block in blocks:
            is_gone = reading._is_gone(block)  # noqa: SLF001  # of the same reader
            left = reading.account.take(block, f"{name}[]", fate=ASKED if is_gone else None)
            if not is_gone:
                self.rows.setdefault(name, []).append((block, left))
        self.cards = [pair for pair in self.rows.get("card", []) if not _is_template(pair[0])]
        self.properties = properties(data)
        self.people: dict[str, Person] = {}

    def made(self) -> Board:
        columns, group = self._columns()
        self._aside()
        content = Content(self.reading, self)
        tasks = [content.task(card, extra, group) for card, extra in self._ordered()]
        homeless = any(task.column == NO_VALUE for task in tasks)
        options = [one for p in self.properties if p.kind == "multiSelect" for one in p.options]
        return Board(
            id=key_of(self.data.get("id")) or None,
            title=text(self.data.get("title")),
            description=text(
                self.data.get("description") or inner(self.data, "fields", "description")
            ),
            created_at=of_unix(self.data.get("createAt"), "milliseconds"),
            is_archived=of_unix(self.data.get("deleteAt")) is not None,
            people=tuple(self.people.values()),
            labels=tuple(Label(id=ident, title=value) for ident, value in options),
            columns=(*columns, *([Column(id=NO_VALUE, title=NO_VALUE)] if homeless else [])),
            tasks=tuple(tasks),
            extra=self.extra,
        )

    def _aside(self) -> None:
        """Put templates, views and what is unknown aside, with the board."""
        known = ("card", "text", "divider", "checkbox", "image", "attachment", "comment",
                 "h1", "h2", "h3")  # fmt: skip
        for name, rows in self.rows.items():
            left = [extra for _, extra in rows if extra] if name not in known else []
            self.extra |= {f"{name}s": left} if left else {}
        templates = [card for card, _ in self.rows.get("card", []) if _is_template(card)]
        if templates:
            self.extra["templates"] = templates
        for card in templates:
            for key in ("id", "title", "createAt", "createdBy", "updateAt"):
                if key in card:
                    self.reading.aside(card, key, "card[]", {})

    def _view(self) -> Json | None:
        views = [view for view, _ in self.rows.get("view", [])]
        return next((v for v in views if inner(v, "fields", "viewType") == "board"), None)

    def _columns(self) -> tuple[list[Column], str]:
        """Take the options of the property by which the first board view groups its cards."""
        wanted = key_of(inner(self._view(), "fields", "groupById"))
        selects = [one for one in self.properties if one.kind == "select"]
        chosen = next((one for one in selects if one.id == wanted), None)
        if chosen is None:
            self.reading.warn("view-chosen", "view[]")
            chosen = selects[0] if selects else None
        options = chosen.options if chosen else []
        return [
            Column(id=ident, title=value) for ident, value in options
        ], chosen.id if chosen else ""

    def _ordered(self) -> Iterator[tuple[Json, Any]]:
        """Give the cards as the view has them, then the others by their age."""
        listed = [key_of(one) for one in items(inner(self._view(), "fields", "cardOrder"))]
        by_id = {key_of(card.get("id")): (card, extra) for card, extra in self.cards}
        order = [one for one in dict.fromkeys(listed) if one in by_id]
        if any(one not in by_id for one in listed):
            self.reading.warn("dangling-reference", "view[].fields.cardOrder")
        rest = [ident for ident in by_id if ident not in set(order)]
        if rest:
            self.reading.warn("order-incomplete", "view[].fields.cardOrder", len(rest))
        rest.sort(key=lambda ident: number_of(by_id[ident][0].get("createAt")))
        return (by_id[ident] for ident in [*order, *rest])

    def person(self, ident: str) -> str | None:
        """Know somebody by an id: names are not in the file."""
        return self.people.setdefault(ident, Person(id=ident)).id if ident else None


def number_of(value: Any) -> float:
    """Return a time in milliseconds, for sorting."""
    return float(value) if isinstance(value, int | float) else 0.0


def _is_template(card: Json) -> bool:
    return inner(card, "fields", "isTemplate") is True
