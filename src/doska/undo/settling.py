"""Where things come to stand that are taken back: in their old places, if these are still free."""

from bisect import bisect_left, insort
from collections import Counter, defaultdict
from collections.abc import Iterator

from doska.boards.changes import RowChange
from doska.boards.kinds import Kind, Row, kind_of, kinds, on_board
from doska.boards.log import Change
from doska.ordering import between
from doska.tasks.places import Spot, check_room
from doska.undo.state import State

# How many tasks fewer stand in a column ($3) than before an event ($2) of a board ($1).
_LEFT_SINCE = """
    select (select count(*) from touched_rows
            where board_id = $1 and left_id = $3 and seq >= $2)
        - (select count(*) from touched_rows
            where board_id = $1 and entered_id = $3 and seq >= $2)"""


def settled(state: State, planned: list[RowChange]) -> list[RowChange]:
    """Give rows whose places are taken the next place below."""
    ranks: dict[tuple[str, str], str] = {}
    for kind in kinds():
        if kind.ranked_in is None:
            continue
        table = kind.table
        coming = [row for row in planned if row.table == table and _is_coming(row)]
        leaving = {row.id for row in planned if row.table == table and _is_leaving(row)}
        taken: dict[str, list[str]] = defaultdict(list)
        for row_id, group, rank in state.places(table):
            if rank is not None and row_id not in leaving:
                taken[group].append(rank)
        for keys in taken.values():
            keys.sort()
        for change in sorted(coming, key=lambda row: row.after["rank"]):  # type: ignore[index]
            keys = taken[change.after[kind.ranked_in]]  # type: ignore[index]
            ranks[table, change.id] = rank = _free(change.after["rank"], keys)  # type: ignore[index]
            insort(keys, rank)
    return [_with_rank(row, ranks.get((row.table, row.id))) for row in planned]


async def check_limits(
    opened: Change, first_seq: int, state: State, planned: list[RowChange]
) -> None:
    """Refuse what would fill a column beyond its hard limit, and beyond what it held before."""
    for spot, gained in _crowded(state, planned):
        column = spot["column"]
        standing, limit = spot["count"] or 0, column["task_limit"] or 0
        if standing + gained > limit:
            values = (opened.board["id"], first_seq, column["id"])
            left = await opened.connection.fetchval(_LEFT_SINCE, *values)
            if gained > left:
                check_room(spot, gained)


async def check_totals(opened: Change, state: State, planned: list[RowChange]) -> None:
    """Refuse more of anything than there may be, also of what was there before."""
    gained = Counter(row.table for row in planned if row.before is None)
    gained.subtract(Counter(row.table for row in planned if row.after is None))
    for kind in on_board():
        if kind.limit is None or kind.table not in gained:
            continue
        if kind.limit.of != "board_id":
            for count in _grown(state, planned, kind.table, kind.limit.of):
                opened.limits.check(kind.limit, count)
        elif gained[kind.table] > 0:
            count = await _standing(opened, state, kind)
            opened.limits.check(kind.limit, count + gained[kind.table])


async def _standing(opened: Change, state: State, kind: Kind) -> int:
    """Count what is on the board; not all is read of what hangs on something else there."""
    if not kind.parents:
        return len(state.rows[kind.table])
    sql = f"select count(*) from {kind.table} where board_id = $1"
    return int(await opened.connection.fetchval(sql, opened.board["id"]))


def _grown(state: State, planned: list[RowChange], table: str, of: str) -> Iterator[int]:
    """Tell how many there would be in each of what gains some."""
    of_table = [row for row in planned if row.table == table]
    gained = Counter(row.after[of] for row in of_table if row.before is None and row.after)
    gained.subtract(row.before[of] for row in of_table if row.before and row.after is None)
    standing = Counter(row[of] for row in state.around[table].values())
    yield from (standing[owner] + more for owner, more in gained.items() if more > 0)


def _crowded(state: State, planned: list[RowChange]) -> Iterator[tuple[Spot, int]]:
    """List the columns with a hard limit that would gain tasks; what comes back is as it was."""
    tasks = [row for row in planned if row.table == "tasks"]
    gained = Counter(_column(row.after) for row in tasks)
    gained.subtract(Counter(_column(row.before) for row in tasks))
    standing = Counter(column for _, column, rank in state.places("tasks") if rank is not None)
    for column in state.rows["columns"].values():
        if column["limit_is_hard"] and column["task_limit"] and gained[column["id"]] > 0:
            yield (
                {"column": column, "last": None, "count": standing[column["id"]]},
                gained[column["id"]],
            )


def _column(row: Row | None) -> str | None:
    return row["column_id"] if row and row["rank"] is not None else None


def _place(table: str, row: Row | None) -> tuple[str, str] | None:
    group = kind_of(table).ranked_in
    return (row[group], row["rank"]) if group and row and row["rank"] is not None else None


def _is_coming(row: RowChange) -> bool:
    place = _place(row.table, row.after)
    return place is not None and place != _place(row.table, row.before)


def _is_leaving(row: RowChange) -> bool:
    place = _place(row.table, row.before)
    return place is not None and place != _place(row.table, row.after)


def _free(rank: str, taken: list[str]) -> str:
    place = bisect_left(taken, rank)
    if rank not in taken[place : place + 1]:
        return rank
    return between(rank, next(iter(taken[place + 1 : place + 2]), None))


def _with_rank(change: RowChange, rank: str | None) -> RowChange:
    if rank is None:
        return change
    return RowChange(change.table, change.id, change.before, {**change.after, "rank": rank})  # type: ignore[dict-item]
