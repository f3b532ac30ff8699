"""What stands on a board now, as far as taking a change back needs to know."""

from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

from doska.boards.statements import Row, RowChange
from doska.identity.queries import is_there, user_view
from doska.postgres.database import Connection, json_of
from doska.tasks.places import GROUPS

# $1 board, $2 ids of rows, $3 ids of columns in which something comes, goes or has to be looked for,
# $4 ids of people, $5 of those whose place on the board is given back or taken
_STATE = f"""select json_build_object(
    'columns', (select coalesce(jsonb_agg(to_jsonb(x)), '[]') from columns x
        where x.board_id = $1),
    'tasks', (select coalesce(jsonb_agg(to_jsonb(x)), '[]') from tasks x
        where x.board_id = $1 and x.id = any($2)),
    'subtasks', (select coalesce(jsonb_agg(to_jsonb(x)), '[]') from subtasks x
        join tasks t on t.id = x.task_id
        where t.board_id = $1 and (x.id = any($2) or x.task_id = any($2))),
    'task_assignees', (select coalesce(jsonb_agg(to_jsonb(x)), '[]') from task_assignees x
        where x.board_id = $1
            and (x.id = any($2) or x.task_id = any($2) or x.user_id = any($5))),
    'board_users', (select coalesce(jsonb_agg(to_jsonb(x)), '[]') from board_users x
        where x.board_id = $1),
    'users', (select coalesce(json_object_agg(x.id, {user_view("x")}), '{{}}') from users x
        where {is_there("x")} and (x.id = any($4)
            or x.id in (select user_id from board_users where board_id = $1)
            or x.id in (select author_id from tasks where board_id = $1 and id = any($2)))),
    'inactive', (select coalesce(json_agg(x.id), '[]') from users x
        where x.id = any($4) and not x.is_active),
    'places', (select coalesce(json_agg(json_build_array(x.id, x.column_id, x.rank)), '[]')
        from tasks x where x.board_id = $1 and x.column_id = any($3)))"""

COLUMNS_OF = ("column_id",)
PEOPLE_OF = ("user_id", "author_id")


@dataclass
class State:
    """Rows by table and id; people as they are shown; where tasks stand."""

    rows: dict[str, dict[str, Row]]
    users: dict[str, dict[str, Any]]
    inactive: set[str]
    places: list[tuple[str, str, str | None]] = field(default_factory=list)
    _found: dict[tuple[str, tuple[str, ...]], dict[tuple[Any, ...], list[Row]]] = field(
        default_factory=dict, init=False
    )

    def get(self, table: str, row_id: str) -> Row | None:
        """Give a row as it is now."""
        return self.rows[table].get(row_id)

    def find(self, table: str, **values: Any) -> list[Row]:
        """Give the rows that have these values."""
        names = tuple(values)
        if (table, names) not in self._found:  # looked through once, however often it is asked
            found = self._found[table, names] = defaultdict(list)
            for row in self.rows[table].values():
                found[tuple(row[name] for name in names)].append(row)
        return self._found[table, names].get(tuple(values.values()), [])

    def ranks(self, table: str) -> list[tuple[str, str, str | None]]:
        """Give where things of a table stand: id, group, rank."""
        if table == "tasks":
            return self.places
        group = GROUPS[table]
        return [(row["id"], row[group], row["rank"]) for row in self.rows[table].values()]


async def state_of(connection: Connection, board: Row, wanted: list[RowChange]) -> State:
    """Read what surrounds these rows."""
    images = [row for change in wanted for row in (change.before, change.after) if row]
    columns = {row["column_id"] for row in images if "column_id" in row}
    columns |= {change.id for change in wanted if change.table == "columns"}
    people = {row[name] for row in images for name in PEOPLE_OF if row.get(name)}
    moving = {row["user_id"] for row in images if "role" in row}
    parents = {row["task_id"] for row in images if "task_id" in row}
    ids = parents | {change.id for change in wanted}
    asked = (list(found) for found in (ids, columns, people, moving))
    found = json_of(await connection.fetchval(_STATE, board["id"], *asked))
    users, inactive, places = (found.pop(name) for name in ("users", "inactive", "places"))
    rows = {table: {row["id"]: row for row in listed} for table, listed in found.items()}
    rows["boards"] = {board["id"]: board}
    return State(rows, users, set(inactive), [(a, b, c) for a, b, c in places])
