"""Positions: of columns on a board, tasks in a column, subtasks in a task.

All have an order key, unique among their neighbours. Neighbours are read under the board's lock, so
that two moves can never choose the same key; a move writes one row.
"""

from typing import Any, ClassVar, TypedDict

from doska.boards.kinds import kind_of
from doska.boards.log import Change
from doska.boards.rows import ColumnRow
from doska.boards.schemas import differences
from doska.errors import Conflict
from doska.ordering import KEY_CHARS_MAX, between, spread
from doska.tasks.moves import MoveIn


class ColumnFull(Conflict):
    """The column has reached its task limit."""

    example: ClassVar[dict[str, Any]] = {"limit": 3, "current": 3}


class ColumnArchived(Conflict):
    """The column is archived: restore it first."""

    example: ClassVar[dict[str, Any]] = {"column_id": "0198c0de-0000-7000-8000-000000000001"}


class NeighbourElsewhere(Conflict):
    """The neighbour is somewhere else."""


class Spot(TypedDict):
    """The bottom of a column."""

    column: ColumnRow
    last: str | None
    count: int | None  # only if a hard limit needs it


def _group(table: str) -> str:
    """Return the column that says where things of a kind belong."""
    found = kind_of(table).ranked_in
    if found is None:
        raise TypeError(f"{table} stand in no order")
    return found


def spot(columns: str) -> str:
    """Write the SQL part of a column ``d``'s bottom; ``columns`` selects it (where … order by)."""
    return f"""(select jsonb_build_object('column', to_jsonb(d),
        'last', (select max(x.rank) from tasks x where x.column_id = d.id),
        'count', case when d.limit_is_hard and d.task_limit is not null then
            (select count(*) from tasks x where x.column_id = d.id and x.rank is not null) end)
        from columns d where d.board_id = b.id and {columns} limit 1)"""


def check_room(place: Spot, entering: int = 1) -> None:
    """Refuse tasks beyond a hard limit."""
    count, limit = place["count"], place["column"]["task_limit"]
    if entering and count is not None and limit is not None and count + entering > limit:
        raise ColumnFull(
            f"The column takes {limit} tasks and has {count}.",
            limit=limit,
            current=count,
            column_id=place["column"]["id"],
        )


def check_open(column: ColumnRow) -> None:
    """Refuse to bring anything into an archived column, or beside it."""
    if column["archived_at"] is not None:
        raise ColumnArchived(column_id=column["id"])


def bottom(place: Spot) -> str:
    """Return the key below all others, if the column has room."""
    check_room(place)
    return between(place["last"], None)


def neighbours(table: str, group: str, own: str) -> dict[str, dict[str, str]]:
    """Write, for each way of naming a position, the SQL parts that read its neighbours.

    ``group`` is SQL for the id of the column, board or task; ``own`` for the id of what moves.
    """
    near = f"(select n.rank from {table} n where n.id = :near_id)"
    others = f"from {table} x where x.{_group(table)} = {group} and x.id <> {own}"
    last, first = f"select to_jsonb(max(x.rank)) {others}", f"select to_jsonb(min(x.rank)) {others}"
    return {
        "before": {"low": f"({last} and x.rank < {near})", "high": f"(select to_jsonb({near}))"},
        "after": {"low": f"(select to_jsonb({near}))", "high": f"({first} and x.rank > {near})"},
        "top": {"low": "null", "high": f"({first})"},
        "bottom": {"low": f"({last})", "high": "null"},
    }


def way_of(body: MoveIn) -> tuple[str, str | None]:
    """Return how a request names a position, and the neighbour's id."""
    if body.at is not None:
        return body.at, None
    return ("before", body.before) if body.before else ("after", body.after)


async def choose_rank(opened: Change, table: str, group_id: str, row: Any) -> str:
    """Return a key between the neighbours that were read; the row's own if it is there already.

    If a key would become too long, the group is rebalanced: all its keys are reassigned.
    """
    low, high = opened.parts["low"], opened.parts["high"]
    own = row["rank"] if row[_group(table)] == group_id else None
    if own and (low is None or low < own) and (high is None or own < high):
        return str(own)
    rank = between(low, high)
    return rank if len(rank) <= KEY_CHARS_MAX else await _deal_anew(opened, table, group_id, row)


def dealt_anew(opened: Change, table: str, row_id: str) -> dict[str, Any]:
    """Return the new keys of the others, for an event's payload; nothing if they are unchanged."""
    others = [
        differences(row.before, row.after)
        for row in opened.rows
        if row.table == table and row.id != row_id and row.before and row.after
    ]
    return {table: others} if others else {}


async def _deal_anew(opened: Change, table: str, group_id: str, row: Any) -> str:
    found = await opened.standing_in(table, _group(table), group_id)
    others = [other for other in found if other["id"] != row["id"]]
    low = opened.parts["low"]
    place = sum(1 for other in others if low is not None and other["rank"] <= low)
    keys = spread(len(others) + 1)
    own = keys.pop(place)
    for other, key in zip(others, keys, strict=True):
        opened.update(table, other, rank=key)
    return own
