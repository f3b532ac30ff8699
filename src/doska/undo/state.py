"""What stands on a board now, as far as taking a change back needs to know."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from doska.boards.changes import RowChange
from doska.boards.following import following
from doska.boards.kinds import Kind, Row, children_of, kind_of, kinds, on_board
from doska.boards.pieces import slim_columns
from doska.identity.queries import is_there, user_view
from doska.postgres.database import Connection, among, json_of

Place = tuple[str, str, str | None]  # of what, in what, at which rank


@dataclass
class State:
    """Rows by table and id; people as they are shown.

    ``rows`` are whole: all of what hangs on nothing but the board, else those that are changed and
    those that they belong to. ``around`` are all that hang on any of these, in some columns only
    (``pieces.slim_columns``).
    """

    rows: dict[str, dict[str, Row]]
    around: dict[str, dict[str, Row]]
    users: dict[str, dict[str, Any]]
    inactive: set[str]
    later: set[str]  # what outlives what it hangs on, and was made after what is taken back
    _found: dict[tuple[str, str], dict[object, list[Row]]] = field(default_factory=dict, init=False)

    def get(self, table: str, row_id: str) -> Row | None:
        """Give a row as it is now."""
        return self.rows[table].get(row_id)

    def find(self, table: str, name: str, value: object) -> list[Row]:
        """Give the rows that have this value there, or that are the same by ``unique``."""
        if (table, name) not in self._found:  # looked through once, however often it is asked
            found = self._found[table, name] = defaultdict(list)
            unique = kind_of(table).unique
            for row in self.around[table].values():
                found[unique(row) if unique and name == UNIQUE else row[name]].append(row)
        return self._found[table, name].get(value, [])

    def places(self, table: str) -> Iterable[Place]:
        """Tell where things of a kind stand."""
        group = kind_of(table).group
        return [(row["id"], row[group], row["rank"]) for row in self.around[table].values()]


UNIQUE = ""  # in place of a column: the kind's ``unique``
# By what else than its id a row is named by those that hang on it: a table and a column.
Key = tuple[str, str]


@following()
def _keys() -> tuple[Key, ...]:
    found = (parent for kind in kinds() for _, parent in children_of(kind.table))
    return tuple(dict.fromkeys((p.table, p.key) for p in found if p.key != "id"))


@following()
def _state() -> str:
    """Write the statement: $1 board, $2 ids of rows, $3 of people, $4 when, values of ``_keys``."""
    rows = ", ".join(f"'{kind.table}', {_rows(kind)}" for kind in on_board())
    around = ", ".join(f"'{kind.table}', {_around(kind)}" for kind in on_board() if kind.parents)
    authors = " ".join(
        f"union all select {name} from {kind.table} where board_id = $1 and id = any($2)"
        for kind in on_board()
        for name, how in kind.people.items()
        if how == "forget"
    )
    return f"""select json_build_object(
    'rows', json_build_object({rows}), 'around', json_build_object({around}),
    'users', (select coalesce(json_object_agg(x.id, {user_view("x")}), '{{}}') from users x
        where {is_there("x")} and {
        among(
            "x.id",
            f'''select unnest($3::uuid[])
            union all select user_id from board_users where board_id = $1 {authors}''',
        )
    }),
    'inactive', (select coalesce(json_agg(x.id), '[]') from users x
        where x.id = any($3) and not x.is_active),
    'later', {_later()})"""


def _later() -> str:
    """Write the SQL of what was made after event $4, of the kinds that outlive what they hang on.

    Not of what was there, was deleted, and is back since.
    """
    found = [
        f"""select t.row_id from touched_rows t join {kind.table} x on x.id = t.row_id
            where t.board_id = $1 and t.seq > $4::bigint and t.fields is null
                and t.name = '{kind.table}' and x.{parent.column} = any($2)
            group by t.row_id having sum(t.gained) > 0"""
        for kind in on_board()
        for parent in kind.parents
        if parent.is_outlived
    ]
    return f"(select coalesce(json_agg(l.row_id), '[]') from ({' union all '.join(found)}) l)"


def _rows(kind: Kind) -> str:
    named = "and x.id = any($2)" if kind.parents else ""
    return f"""(select coalesce(jsonb_agg(to_jsonb(x)), '[]') from {kind.table} x
        where x.board_id = $1 {named})"""


def _around(kind: Kind) -> str:
    values = {key: n for n, key in enumerate(_keys(), 5)}
    conditions = " or ".join(
        [
            *(
                f"x.{p.column} = any(${values[p.table, p.key] if p.key != 'id' else 2})"
                for p in kind.parents
            ),
            *_outlived(kind),
        ]
    )
    names = ", ".join(f"'{name}', x.{name}" for name in slim_columns(kind.table))
    return f"""(select coalesce(json_agg(json_build_object({names})), '[]')
        from {kind.table} x where x.board_id = $1 and (x.id = any($2) or {conditions}))"""


def _outlived(kind: Kind) -> list[str]:
    """Write the SQL of what something that outlives it belongs to: whether it is there."""
    return [
        among("x.id", f"select y.{p.column} from {child.table} y where y.id = any($2)")
        for child, p in children_of(kind.table)
        if p.is_outlived
    ]


async def state_of(connection: Connection, board: Row, wanted: list[RowChange], seq: int) -> State:
    """Read what surrounds these rows, which event ``seq`` was the last one to change."""
    ids, people, values = {c.id for c in wanted}, set[str](), defaultdict[Key, set[str]](set)
    for change in wanted:
        kind = kind_of(change.table)
        for row in (row for row in (change.before, change.after) if row):
            ids |= {row[p.column] for p in kind.parents if p.key == "id" and row[p.column]}
            people |= kind.people_in(row)
            for table, key in _keys():
                if table == change.table:
                    values[table, key].add(row[key])
    keyed = (list(values[key]) for key in _keys())
    asked = (board["id"], list(ids), list(people), seq, *keyed)
    found = json_of(await connection.fetchval(_state(), *asked))
    rows, around = (
        {table: {row["id"]: row for row in listed} for table, listed in found[name].items()}
        for name in ("rows", "around")
    )
    rows["boards"] = {board["id"]: board}
    inactive, later = set(found["inactive"]), set(found["later"])
    return State(rows, {**rows, **around}, found["users"], inactive, later)
