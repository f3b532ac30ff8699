"""Planka 1 and 2: the board's answer, alone or with those of its lists and of its cards' comments."""

from typing import Any

from doska.doors.fates import Fate
from doska.doors.formats import reads
from doska.doors.model import (
    Board,
    Column,
    Label,
    Person,
    Plan,
    in_order,
)
from doska.doors.readers.planka_cards import Cards, is_hidden
from doska.doors.readers.planka_paths import DERIVED, TABLE
from doska.doors.readers.reading import ASKED, Reading
from doska.doors.readers.values import Json, dicts, inner, key_of, name_of, text
from doska.doors.source import SourceFile

_WITHOUT_PLACE = (
    "customFieldGroups", "customFields", "users", "cardLabels", "cardMemberships",
    "customFieldValues", "taskLists", "projects", "boardMemberships",
)  # fmt: skip


def _is_planka(file: SourceFile) -> bool:
    answer = inner(file.json, "board") or file.json
    return isinstance(inner(answer, "item"), dict) and isinstance(inner(answer, "included"), dict)


@reads("planka", recognises=_is_planka)
def read(file: SourceFile) -> Plan:
    """Read a board of Planka."""
    return _Planka(file).board()


Taken = tuple[Json, Any, str]  # a row, what is aside of it, its path


class _Planka(Reading):
    def __init__(self, file: SourceFile) -> None:
        super().__init__(file, TABLE)
        root = file.json
        self.has_more = isinstance(inner(root, "board", "item"), dict)
        self.answer: Json = root["board"] if self.has_more else root
        self.path = "board" if self.has_more else ""
        self.lists = self.objects(root, "lists", "") if self.has_more else []
        self.talks = self.objects(root, "comments", "") if self.has_more else []
        self.tables: dict[str, list[Taken]] = {}
        self.seen: dict[str, set[str]] = {}
        is_wanted = self.options.deleted == "archive"
        lists = dicts(inner(self.answer, "included", "lists"))
        trash = [key_of(one.get("id")) for one in lists if one.get("type") == "trash"]
        self.trash = set() if is_wanted else set(trash)
        self._gather(root)

    def _gather(self, root: Json) -> None:
        """Take each row of each table, wherever it stands; a row that comes again is derived."""
        places = [(self.answer, self.path), *((one, "lists[]") for one in self.lists)]
        places += [(one, "comments[]") for one in self.talks]
        for answer, path in places:
            included = answer.get("included")
            known = included if isinstance(included, dict) and included else {}
            below = f"{path}.included".removeprefix(".")
            if "included" in answer and not known:
                self.account.take(included, below)
            for key in known:
                self._rows(key, known, below)
        for answer in self.lists:
            self._rows("items", answer, "lists[]", "cards")
        for answer in self.talks:
            self._rows("items", answer, "comments[]", "comments")
        self.extra = self.account.take(self.answer, self.path, but=("included",))
        for answer, path in places[1:]:
            self.account.take(answer, path, but=("included", "items"))
        if self.has_more:
            self.extra |= self.account.take(root, "", but=("board", "lists", "comments"))

    def _rows(self, key: str, holder: Json, path: str, name: str = "") -> None:
        rows = self.tables.setdefault(name or key, [])
        seen = self.seen.setdefault(name or key, set())
        for row in self.objects(holder, key, path):
            ident = key_of(row.get("id"))
            fate = DERIVED if ident and ident in seen else self._fate(row)
            extra = self.account.take(row, f"{path}.{key}[]", fate=fate)
            if fate is None:
                rows.append((row, extra, f"{path}.{key}[]"))
            seen.add(ident)

    def _fate(self, row: Json) -> Fate | None:
        """Leave out what was thrown away, unless it is asked for."""
        return ASKED if "listId" in row and key_of(row["listId"]) in self.trash else None

    def of(self, table: str) -> list[Taken]:
        """Return a table's rows with what is aside of each, in order of their position."""
        return in_order(self.tables.get(table, []), _position)

    def by(self, table: str, key: str) -> dict[str, list[Taken]]:
        """Group a table's rows by what they belong to."""
        found: dict[str, list[Taken]] = {}
        for taken in self.tables.get(table, []):
            found.setdefault(key_of(taken[0].get(key)), []).append(taken)
        return {one: in_order(rows, _position) for one, rows in found.items()}

    def board(self) -> Plan:
        item = self.answer["item"]
        self.extra |= {
            key: aside
            for key in (_WITHOUT_PLACE)
            if (aside := [extra for _, extra, _ in self.of(key) if extra])
        }
        people = tuple(self._person(row) for row, *_ in self.of("users"))
        board = Board(
            id=key_of(item.get("id")) or None,
            title=text(item.get("name")),
            created_at=self.moment(item, "createdAt", f"{self.path}.item", self.extra),
            people=people,
            labels=tuple(_label(*taken) for taken in self.of("labels")),
            columns=tuple(_column(*taken) for taken in self.shown_lists()),
            tasks=tuple(Cards(self).all()),
            extra=self.extra,
        )
        return self.plan("planka", [board])

    def shown_lists(self) -> list[Taken]:
        """Return the lists that are columns, in their order."""
        lists = [taken for taken in self.tables.get("lists", []) if not is_hidden(taken[0])]
        return in_order(lists, _position)

    @staticmethod
    def _person(row: Json) -> Person:
        name, username = name_of(row.get("name")), name_of(row.get("username"))
        mail = name_of(row.get("email"))
        return Person(id=key_of(row.get("id")), name=name, username=username, email=mail)


def _position(taken: Taken) -> Any:
    return taken[0].get("position")


def _label(row: Json, extra: Any, _: str) -> Label:
    color, title = name_of(row.get("color")), text(row.get("name"))
    return Label(id=key_of(row.get("id")), title=title, color=color, extra=extra)


def _column(row: Json, extra: Any, _: str) -> Column:
    status = "DONE" if row.get("type") == "closed" else None
    title = text(row.get("name"))
    return Column(id=key_of(row.get("id")), title=title, status=status, extra=extra)
