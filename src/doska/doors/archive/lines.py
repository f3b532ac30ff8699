"""The lines of an archive, made by PostgreSQL as far as it can: what it writes is passed on as it is.

Its ``row_to_json`` writes what ``canonical.line`` would, if columns come in the order of their
names. Only within ``jsonb`` keys have another order, and blanks between them: such values are
written anew.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from pydantic_core import from_json

from doska.boards.kinds import Kind, on_board
from doska.doors.archive.canonical import NAMES, encoded, is_time
from doska.doors.archive.people import in_change, in_payload
from doska.doors.export.copying import FIELD
from doska.doors.export.spool import Spool

_TIME = """to_char({} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')"""
EXTRA, EXTRA_KEY = "extra", b'"extra":'

# What belongs to tasks, and has tables of its own besides.
_LINKED = {
    "tasks": {
        "assignees": """array(select a.user_id from task_assignees a where a.task_id = x.id
            order by a.user_id)""",
        "label_ids": """array(select y.label_id from task_labels y where y.task_id = x.id
            order by y.label_id)""",
    }
}


@dataclass(frozen=True, slots=True)
class Query:
    """A query whose rows are lines; ``names`` are those of its columns that are written anew."""

    sql: str
    names: tuple[str | None, ...]

    def lines(self, found: bytes) -> bytes:
        """Make of what it gives the lines of the archive."""
        keys = [None if name is None else f'"{name}":'.encode() for name in self.names]
        lines = [b",".join(_members(keys, row.split(FIELD))) for row in found.splitlines()]
        return b"{%s}\n" % b"}\n{".join(lines)


def _members(keys: list[bytes | None], fields: list[bytes]) -> Iterator[bytes]:
    for key, field in zip(keys, fields, strict=True):
        if key is None:
            yield field[1:-1]
        elif key != EXTRA_KEY or field not in (b"", b"{}"):
            yield key + _anew(field)


def _anew(value: bytes) -> bytes:
    return encoded(from_json(value)) if value else b"null"


def rows_of(kind: Kind) -> Query:
    """Query the rows of a board, by their ids."""
    names = NAMES.get(kind.table, {})
    own = {names.get(name, name): _written(name) for name in kind.columns if name != "board_id"}
    return _query(
        {**own, **_LINKED.get(kind.table, {}), EXTRA: "e.extra"},
        {EXTRA, *kind.naming},
        f"{kind.table} x left join extras e on e.object_id = x.id",
        "x.board_id = $1 order by x.id",
    )


def _written(name: str) -> str:
    return _TIME.format(f"x.{name}") if is_time(name) else f'x."{name}"'


def refs() -> Query:
    """Query what came from where."""
    selected = {n: f"x.{n}" for n in ("fields", "kind", "object_id", "source", "source_id")}
    order = ", ".join(f'x.{name} collate "C"' for name in ("source", "kind", "source_id"))
    return _query(selected, {"fields"}, "import_refs x", f"x.board_id = $1 order by {order}")


def _query(selected: Mapping[str, str], documents: set[str], of: str, where: str) -> Query:
    """Write columns by their names, as many at once as there are between documents."""
    columns, names, beside = list[str](), list[str | None](), list[str]()
    for is_document, group in groupby(sorted(selected), lambda name: name in documents):
        if is_document:
            found = list(group)
            columns += [selected[name] for name in found]
            names += found
        else:
            part = f"p{len(columns)}"
            columns.append(f"row_to_json({part})")
            names.append(None)
            inner = ", ".join(f'{selected[name]} as "{name}"' for name in group)
            beside.append(f"lateral (select {inner}) {part}")
    sql = f"select {', '.join(columns)} from {', '.join([of, *beside])} where {where}"
    return Query(sql, tuple(names))


# A row for each change; what an event has beside them stands at its first one.
EVENTS_SQL = f"""
    select case when c.n is null or c.n = 1 then row_to_json(h) end, c.change,
        case when c.n is null or c.n = 1 then e.payload end,
        case when c.n is null or c.n = 1 then row_to_json(r) end
    from (select * from events e where e.board_id = $1 order by e.seq offset 0) e
        left join lateral jsonb_array_elements(e.changes) with ordinality c (change, n) on true,
        lateral (select e.actor_id, {_TIME.format("e.at")} as at, e.batch_id) h,
        lateral (select e.seq, e.task_id, e.type) r"""


class Log:
    """The log on its way into a spool, change by change: one event can be of any size."""

    def __init__(self, out: Spool) -> None:
        self._out, self._end = out, b""
        self._comma = b""  # before the next change of an event
        self.people: set[str] = set()

    def take(self, found: bytes) -> None:
        """Write what the query gives."""
        parts: list[bytes] = []
        for row in found.splitlines():
            head, change, payload, rest = row.split(FIELD)
            if head:
                parts += [self._end, head[:-1], b',"changes":[']
                self._begin(head, from_json(payload), rest)
            if change:
                told = from_json(change)
                self.people.update(in_change(told))
                parts += [self._comma, encoded(told)]
                self._comma = b","
        self._out.write(b"".join(parts))

    def end(self) -> None:
        """Write the end of the last event."""
        self._out.write(self._end)

    def _begin(self, head: bytes, payload: Any, rest: bytes) -> None:
        self._comma = b""
        self._end = b'],"payload":%s,%s\n' % (encoded(payload), rest[1:])
        self.people.update(in_payload(payload))
        if actor_id := from_json(head)["actor_id"]:
            self.people.add(actor_id)


def people_sql() -> str:
    """Query the ids of all whom rows name."""
    own = [
        f"select x.{name}::text from {kind.table} x where x.board_id = $1"
        for kind in on_board()
        for name in kind.people
    ]
    listed = [
        f"""select one ->> '{key}' from {kind.table} x, jsonb_array_elements(x.{name}) one
        where x.board_id = $1"""
        for kind in on_board()
        for name, key in kind.naming.items()
    ]
    return f"select array({' union '.join([*own, *listed])})"
