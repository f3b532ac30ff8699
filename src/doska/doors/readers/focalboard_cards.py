"""A card of Focalboard: its properties, and the blocks of which its content is made."""

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from doska.doors.model import Attachment, Comment, FieldValue, Subtask, Task, exact
from doska.doors.readers.dates import of_unix
from doska.doors.readers.reading import Reading
from doska.doors.readers.values import Json, dicts, inner, items, key_of, oldest_first, text

if TYPE_CHECKING:
    from doska.doors.readers.focalboard import _Board, _Focalboard

HEADINGS = {"h1": "# ", "h2": "## ", "h3": "### "}
NO_VALUE = "(no value)"
Row = tuple[Json, Any]


@dataclass(frozen=True, slots=True)
class Property:
    """A property that cards of a board can have; options are (id, value)."""

    id: str
    name: str
    kind: str
    options: list[tuple[str, str]] = field(default_factory=list)


def properties(board: Json) -> list[Property]:
    """Read the properties of a board."""
    found = dicts(board.get("cardProperties") or inner(board, "fields", "cardProperties"))
    return [
        Property(
            id=key_of(one.get("id")),
            name=text(one.get("name")),
            kind=text(one.get("type")),
            options=[
                (key_of(o.get("id")), text(o.get("value"))) for o in dicts(one.get("options"))
            ],
        )
        for one in found
    ]


class Content:
    """Makes tasks of a board's cards."""

    def __init__(self, reading: "_Focalboard", board: "_Board") -> None:
        self.reading: Reading = reading
        self.used = reading.used
        self.board = board
        self.by_parent: dict[str, dict[str, tuple[str, Json, Any]]] = {}
        for name, rows in board.rows.items():
            for block, extra in rows:
                parent = self.by_parent.setdefault(key_of(block.get("parentId")), {})
                parent[key_of(block.get("id"))] = (name, block, extra)
        self.dates = [one.id for one in board.properties if one.kind == "date"][:1]
        self.numbers = {
            p.id for p in board.properties if p.kind == "number" and self._are_all(p.id)
        }

    def _are_all(self, ident: str) -> bool:
        values = [inner(card, "fields", "properties", ident) for card, _ in self.board.cards]
        return all(exact(value) is not None for value in values if value not in (None, ""))

    def task(self, card: Json, extra: Any, group: str) -> Task:
        """Make a task; it stands in the column of its option of the property ``group``."""
        blocks = self._blocks(card)
        given = inner(card, "fields", "properties")
        values: Json = given if isinstance(given, dict) else {}
        due, end = _dates(values.get(self.dates[0])) if self.dates else (None, None)
        extra |= {"due": end} if end else {}
        return Task(
            id=key_of(card.get("id")),
            column=self._column(key_of(values.get(group)), group),
            title=text(card.get("title")),
            description="\n\n".join(filter(None, map(_text, blocks))),
            is_archived=of_unix(card.get("deleteAt")) is not None,
            due_at=due,
            created_at=of_unix(card.get("createAt"), "milliseconds"),
            updated_at=of_unix(card.get("updateAt"), "milliseconds"),
            author=self.board.person(key_of(card.get("createdBy"))),
            labels=tuple(self._labels(values)),
            subtasks=tuple(_subtask(block) for name, block, _ in blocks if name == "checkbox"),
            comments=oldest_first(self._comment(b) for name, b, _ in blocks if name == "comment"),
            attachments=tuple(self._files(blocks)),
            fields=tuple(self._fields(values, group)),
            extra=extra,
        )

    def _column(self, option: str, group: str) -> str:
        options = [o for one in self.board.properties if one.id == group for o, _ in one.options]
        return option if option in options else NO_VALUE

    def _blocks(self, card: Json) -> list[tuple[str, Json, Any]]:
        """Give a card's blocks in the order of its content, then the others by their age."""
        mine = self.by_parent.get(key_of(card.get("id")), {})
        listed = [
            key_of(one)
            for group in items(inner(card, "fields", "contentOrder"))
            for one in (group if isinstance(group, list) else [group])
        ]
        if any(one not in mine for one in listed):
            self.reading.warn("dangling-reference", "card[].fields.contentOrder")
        order = [one for one in dict.fromkeys(listed) if one in mine]
        rest = [one for one in mine if one not in set(order)]
        return [mine[one] for one in [*order, *rest]]

    def _labels(self, values: Json) -> list[str]:
        found = []
        for one in self.board.properties:
            if one.kind == "multiSelect":
                known = {ident for ident, _ in one.options}
                found += [i for i in map(key_of, items(values.get(one.id))) if i in known]
        return list(dict.fromkeys(found))

    def _fields(self, values: Json, group: str) -> list[FieldValue]:
        found = []
        for one in self.board.properties:
            value = values.get(one.id)
            is_elsewhere = one.kind == "multiSelect" or one.id in (group, *self.dates)
            if is_elsewhere or value in (None, "", []):
                continue
            kind = "number" if one.id in self.numbers else "list" if one.options else "text"
            names = dict(one.options)
            parts = [
                names.get(key_of(v), text(v))
                for v in (value if isinstance(value, list) else [value])
            ]
            found.append(
                FieldValue(name=one.name, value=", ".join(parts), kind=kind, field_id=one.id)
            )
        if any(ident not in {one.id for one in self.board.properties} for ident in values):
            self.reading.warn("dangling-reference", "card[].fields.properties{}")
        return found

    def _comment(self, block: Json) -> Comment:
        author = self.board.person(key_of(block.get("createdBy")))
        return Comment(
            id=key_of(block.get("id")),
            text=text(block.get("title")),
            author=author,
            created_at=of_unix(block.get("createAt"), "milliseconds"),
        )

    def _files(self, blocks: list[tuple[str, Json, Any]]) -> list[Attachment]:
        """Give the files that are in the archive, by the names that the blocks say."""
        found = []
        for name, block, _ in blocks:
            fields = block.get("fields")
            ident = key_of(inner(fields, "fileId")) or key_of(inner(fields, "attachmentId"))
            entry = f"{self.board.folder}{ident}"
            if name not in ("image", "attachment") or not ident:
                continue
            if entry not in self.reading.file.entries:
                self.reading.dangling(f"{name}[].fields.fileId", f"{name}[]")
                continue
            self.used.add(entry)
            title, content = text(block.get("title")) or ident, self.reading.file.entry(entry)
            found.append(Attachment(id=key_of(block.get("id")), title=title, content=content))
        return found


def _text(piece: tuple[str, Json, Any]) -> str:
    name, block, _ = piece
    if name == "divider":
        return "---"
    return HEADINGS.get(name, "") + text(block.get("title")) if name in ("text", *HEADINGS) else ""


def _subtask(block: Json) -> Subtask:
    done = inner(block, "fields", "value") is True
    return Subtask(id=key_of(block.get("id")), title=text(block.get("title")), is_completed=done)


def _dates(value: Any) -> tuple[Any, Any]:
    """Read ``{"from": ms, "to": ms}``, written as a text: it is due at its end, if it has one."""
    try:
        found = json.loads(value) if isinstance(value, str) else value
    except (ValueError, RecursionError):
        return None, value
    start, end = inner(found, "from"), inner(found, "to")
    due = of_unix(end or start, "milliseconds")
    return due, value if end or (value and due is None) else None
