"""The desk at which one board is planned: what is to be written, and what of it is told."""

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from typing import Any

from doska.doors.model import Board, Person
from doska.doors.noticing import Noticed
from doska.doors.order import Spot
from doska.doors.shown import Whole
from doska.doors.state import Ref, Row, State, digest
from doska.schemas import new_id, stamp

PLURALS = {
    "board": "boards", "column": "columns", "label": "labels", "task": "tasks",
    "subtask": "subtasks", "comment": "comments", "attachment": "attachments",
}  # fmt: skip
PERSON = "person"  # a kind of what is remembered, and no thing on a board
OUTCOMES = ("created", "updated", "unchanged", "kept_yours", "gone")


@dataclass(frozen=True, slots=True)
class Wish:
    """What the server says beside the file: who imports, when, with which bounds."""

    me: str
    at: str
    format: str
    people: dict[str, str]  # the source's ids of those who have an account here
    named: dict[str, str]  # of these whom the request names
    limits: dict[str, int]
    gone: str = "leave"


@dataclass
class Desk:
    """Rows before and after, refs and extras to be written, and counts."""

    board: Board
    state: State
    wish: Wish
    noticed: Noticed
    changes: list[tuple[str, str, Row | None, Row | None]] = field(default_factory=list)
    refs: list[Ref] = field(default_factory=list)
    extras: dict[str, dict[str, Any]] = field(default_factory=dict)
    blobs: list[tuple[Row, bytes]] = field(default_factory=list)
    counts: dict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    outcomes: dict[str, str] = field(default_factory=dict)  # of what was compared, by its id here
    aside: Counter[str] = field(default_factory=Counter)  # what had a place in the table, and none
    met: set[tuple[str, str]] = field(default_factory=set)

    def known(self, kind: str, source_id: str) -> tuple[Ref | None, Row | None]:
        """Find what was imported as this before, and the row as it is now, if it still is."""
        self.met.add((kind, source_id))
        ref = self.state.refs.get((kind, source_id))
        row = self.state.rows[PLURALS[kind]].get(ref.object_id) if ref else None
        return ref, row

    def create(
        self, kind: str, source_id: str, row: Row, fields: dict[str, Any], **places: Any
    ) -> Row:
        """Add a new thing; ``fields`` are what a later import compares."""
        table = PLURALS[kind]
        self.changes.append((table, row["id"], None, row))
        digests = {name: digest(value) for name, value in fields.items()}
        self.refs.append(Ref(kind, source_id, row["id"], {**digests, **places}))
        self.counts["created"][table] += 1
        return row

    def compare(
        self, ref: Ref, fields: dict[str, Any], here: dict[str, Any], **places: Any
    ) -> dict[str, Any]:
        """Give the fields that have changed in the source only; note what is kept as it is here."""
        changed, noted, is_yours = {}, {**ref.fields, **places}, False
        for name, value in fields.items():
            new, old = digest(value), ref.fields.get(name)
            if new == old:
                continue
            if here[name] == value:
                noted[name] = new
            elif old is not None and digest(here[name]) != old:
                is_yours = True
            else:
                changed[name] = value
                noted[name] = new
        if noted != ref.fields:
            self.refs.append(Ref(ref.kind, ref.source_id, ref.object_id, noted))
        outcome = "updated" if changed else "kept_yours" if is_yours else "unchanged"
        self.counts[outcome][PLURALS[ref.kind]] += 1
        self.outcomes[ref.object_id] = outcome
        return changed

    def moved(self, table: str, row: Row, outcome: str) -> None:
        """Count what was compared anew: it is as it was, but it has moved."""
        earlier = self.outcomes[row["id"]]
        if earlier == "unchanged" or outcome == "updated":
            self.counts[earlier][table] -= 1
            self.counts[outcome][table] += 1
            self.outcomes[row["id"]] = outcome

    def update(self, table: str, row: Row, **values: Any) -> Row:
        """Change a row, as the log does: with a new version."""
        after = {**row, **values}
        if "version" in row:
            after["version"] = row["version"] + 1
        if "updated_at" in row:
            after["updated_at"] = self.wish.at
        self.changes.append((table, row["id"], row, after))
        return after

    def put(self, table: str, row: Row, changed: dict[str, Any], spot: Spot) -> Row:
        """Change what was compared, and put it elsewhere if it has a new rank."""
        if spot.rank is not None:
            self.moved(table, row, "updated")
            changed = {"rank": spot.rank, **changed}
        elif spot.is_kept:
            self.moved(table, row, "kept_yours")
        return self.update(table, row, **changed) if changed else row

    def link(self, table: str, wanted: set[str], have: dict[str, Row], name: str, row: Row) -> None:
        """Add and remove rows that only join two things."""
        for other in sorted(wanted - have.keys()):
            link_id = new_id()
            self.changes.append((table, link_id, None, {"id": link_id, **row, name: other}))
        for other in sorted(have.keys() - wanted):
            self.changes.append((table, have[other]["id"], have[other], None))

    def put_aside(self, object_id: str, extra: dict[str, Any], whole: Whole | None = None) -> None:
        """Keep what has no place here beside the object: only what is new is written."""
        if whole:
            if whole.full:
                extra = {**extra, "full": whole.full}
            if whole.shortened:
                self.noticed.add("title-shortened", "", whole.shortened)
        if extra != self.state.extras.get(object_id, {}):
            self.extras[object_id] = extra

    def sourced(self, extra: dict[str, Any]) -> dict[str, Any]:
        """Put the source's own fields under the name of its format."""
        return {self.wish.format: extra} if extra else {}

    def user_of(self, person_id: str | None) -> str | None:
        """Tell who of this server somebody is."""
        if not person_id:
            return None
        named = self.wish.named.get(person_id) or self._remembered.get(person_id)
        return named or self.wish.people.get(person_id)

    @cached_property
    def _remembered(self) -> dict[str, str]:
        """Tell who somebody was before, as far as they are still on the board."""
        here = {row["user_id"] for row in self.state.rows["board_users"].values()}
        refs = {p.id: self.state.refs.get((PERSON, digest(p.id))) for p in self.board.people}
        return {
            person_id: ref.object_id
            for person_id, ref in refs.items()
            if ref is not None and ref.object_id in here
        }

    def remember_people(self) -> None:
        """Note who is who, by a digest: the source may know people by their addresses."""
        for person in self.board.people:
            user_id, key = self.user_of(person.id), digest(person.id)
            ref = self.state.refs.get((PERSON, key))
            if user_id and (ref is None or ref.object_id != user_id):
                self.refs.append(Ref(PERSON, key, user_id, {}))

    def name_of(self, person_id: str | None, name: str | None = None) -> str | None:
        """Tell how somebody without an account here is called."""
        return self._names.get(person_id, name) if person_id else name

    @cached_property
    def _names(self) -> dict[str, str]:
        return {person.id: public_name(person) for person in self.board.people}

    @cached_property
    def standing_subtasks(self) -> dict[str, list[tuple[str, str]]]:
        """Give ranks and ids of each task's subtasks, as they are here."""
        found: dict[str, list[tuple[str, str]]] = defaultdict(list)
        for row in self.state.rows["subtasks"].values():
            found[row["task_id"]].append((row["rank"], row["id"]))
        return found

    def is_deleted(self, kind: str, source_id: str) -> bool:
        """Tell whether what was imported as this has been deleted here."""
        object_id = self.imported(kind).get(source_id)
        return object_id is not None and object_id not in self.state.rows[PLURALS[kind]]

    def imported(self, kind: str) -> dict[str, str]:
        """Give the ids here of what was imported as this kind, by the source's."""
        return self._imported.get(kind, {})

    @cached_property
    def _imported(self) -> dict[str, dict[str, str]]:
        found: dict[str, dict[str, str]] = defaultdict(dict)
        for (kind, source_id), ref in self.state.refs.items():
            found[kind][source_id] = ref.object_id
        return found

    def others(self, table: str, task_id: str) -> int:
        """Count what a task has here, and not from this source."""
        return self._others[table][task_id]

    @cached_property
    def _others(self) -> dict[str, Counter[str]]:
        own = {ref.object_id for ref in self.state.refs.values()}
        return {
            table: Counter(row["task_id"] for row in rows.values() if row["id"] not in own)
            for table, rows in self.state.rows.items()
            if table in ("subtasks", "comments", "attachments")
        }

    def left_behind(self) -> list[tuple[Ref, Row]]:
        """List what was imported before and is not in the file any more, as far as it is here."""
        found = []
        for key, ref in self.state.refs.items():
            if key in self.met or ref.kind not in PLURALS or ref.kind == "board":
                continue
            if row := self.state.rows[PLURALS[ref.kind]].get(ref.object_id):
                self.counts["gone"][PLURALS[ref.kind]] += 1
                found.append((ref, row))
        return found


def public_name(person: Person) -> str:
    """Give somebody's name without what is an address."""
    return Whole().title(person.shown.partition("@")[0] or person.id, 200)


def time_of(moment: datetime | None) -> str | None:
    """Write a time as the log does."""
    return stamp(moment) if moment else None


def day_of(day: date | None) -> str | None:
    """Write a day as the log does."""
    return day.isoformat() if day else None
