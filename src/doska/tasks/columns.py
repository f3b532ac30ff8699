"""What people do with columns: every write."""

from typing import Any, ClassVar

from doska.boards.access import BOARD, Access
from doska.boards.acting import act
from doska.boards.hanging import hanging, take_away
from doska.boards.log import Change
from doska.boards.opening import Action
from doska.boards.operations import Like
from doska.boards.rows import ColumnRow
from doska.errors import Conflict, Invalid, NotFound
from doska.http.answers import Answer
from doska.ordering import between, spread
from doska.schemas import new_id
from doska.tasks.access import COLUMN
from doska.tasks.declared import COLUMNS_MAX
from doska.tasks.moves import MoveIn, WithTasks
from doska.tasks.places import (
    Spot,
    check_open,
    check_room,
    choose_rank,
    dealt_anew,
    neighbours,
    spot,
    way_of,
)
from doska.tasks.queries import ONE_COLUMN
from doska.tasks.rows import TaskRow
from doska.tasks.schemas import ColumnNew, ColumnOut, shown_column
from doska.tasks.state import entering
from doska.tasks.telling import gone_column, moved, news_of_column

TASKS_DELETED_MAX = 1000
TEXT_BYTES_MAX = 8 << 20  # of descriptions; the log contains them once or twice more


class ColumnNotEmpty(Conflict):
    """The column has tasks: say whether to delete them or to move them."""


class TooManyTasks(Conflict):
    """This concerns too many tasks at once: take some of them away first."""


class TooMuchText(Conflict):
    """The column's tasks have too much text to change at once: move some of them first."""

    example: ClassVar[dict[str, Any]] = {"limit": TEXT_BYTES_MAX, "current": 9_000_000}


COLUMN_ROW = "to_jsonb(c)"
TEXT = (
    "(select coalesce(sum(octet_length(x.description)), 0) from tasks x where x.column_id = c.id)"
)
LAST = "(select to_jsonb(max(x.rank)) from columns x where x.board_id = b.id)"


def _tasks(limit: object) -> str:
    """Read the column's tasks, unless there is too much of them."""
    return f"""case when {TEXT} > {TEXT_BYTES_MAX} then '[]' else (
        select coalesce(jsonb_agg(to_jsonb(x) order by x.rank, x.id), '[]') from (
            select * from tasks x where x.column_id = c.id limit {limit}) x) end"""


CREATE_COLUMN = Action(
    BOARD,
    last=LAST,
    count="(select to_jsonb(count(*)) from columns x where x.board_id = b.id)",
)
UPDATE_COLUMN = Action(COLUMN, target=ONE_COLUMN, column=COLUMN_ROW, last=LAST)
MOVE_COLUMN = {
    way: Action(
        COLUMN,
        target=ONE_COLUMN,
        column=COLUMN_ROW,
        near="(select to_jsonb(n) from columns n where n.id = :near_id)",
        **parts,
    )
    for way, parts in neighbours("columns", "b.id", "c.id").items()
}
DELETE_COLUMN = Action(
    COLUMN,
    target=ONE_COLUMN,
    column=COLUMN_ROW,
    text=f"to_jsonb({TEXT})",
    tasks=_tasks(TASKS_DELETED_MAX + 1),
    count="(select to_jsonb(count(*)) from tasks x where x.column_id = c.id)",
    hanging=lambda: hanging("tasks", "select t.id from tasks t where t.column_id = c.id"),
)
EMPTY_COLUMN = Action(
    COLUMN,
    target=ONE_COLUMN,
    column=COLUMN_ROW,
    text=f"to_jsonb({TEXT})",
    tasks=_tasks("all"),
    spot=spot("d.id = :to_id"),
)


async def create_column(access: Access, body: ColumnNew) -> Answer[ColumnOut]:
    """Create a column at the right end of the board."""
    return await act(
        access.at(body.board_id),
        CREATE_COLUMN,
        lambda opened: do_create(opened, body.model_dump(mode="json", exclude={"id"}), body.id),
        like=Like("create_column", body=body),
    )


async def update_column(access: Access, fields: dict[str, Any]) -> Answer[ColumnOut]:
    """Change the column's own fields; omitted ones stay."""
    like = Like("update_column", column_id=access.anchor_id)
    return await act(access, UPDATE_COLUMN, lambda opened: do_update(opened, fields), like=like)


async def move_column(access: Access, body: MoveIn) -> Answer[ColumnOut]:
    """Move the column on its board."""
    way, near_id = way_of(body)
    like = Like("move_column", column_id=access.anchor_id, body=body)
    return await act(
        access, MOVE_COLUMN[way], lambda opened: do_move(opened, body), like=like, near_id=near_id
    )


async def delete_column(access: Access, tasks: WithTasks | None, to_id: str | None) -> Answer[None]:
    """Delete a column; its tasks are deleted or moved, as requested."""
    check_destination(tasks, to_id)
    if to_id is not None:
        return await act(access, EMPTY_COLUMN, lambda opened: do_empty(opened, to_id), to_id=to_id)
    return await act(access, DELETE_COLUMN, lambda opened: do_delete(opened, tasks))


def check_destination(tasks: WithTasks | None, to_id: str | None) -> None:
    """Refuse a destination for tasks that do not move, and moving tasks without a destination."""
    if (tasks is WithTasks.MOVE) != (to_id is not None):
        raise Invalid.at("/query/to", "missing", "goes with tasks=move and names a column")


# What happens to a column, once its board is open: for one request or a batch of many.


async def do_create(
    opened: Change, fields: dict[str, Any], column_id: str | None
) -> Answer[ColumnOut]:
    """Create a column at the right end."""
    opened.limits.check(COLUMNS_MAX, opened.parts["count"] + 1)
    place = _placed(opened, {"rank": None, "archived_at": None}, fields)
    own = {name: value for name, value in fields.items() if name != "is_archived"}
    row: Any = {**own, **place, "id": column_id or new_id(), "version": 1}
    opened.insert("columns", row)
    view = shown_column(row)
    opened.record("column.created", {"column": view})
    return opened.show_new(view, row["id"])


async def do_update(opened: Change, fields: dict[str, Any]) -> Answer[ColumnOut]:
    """Change the column's own fields."""
    own = {name: value for name, value in fields.items() if name != "is_archived"}
    place = _placed(opened, opened.parts["column"], fields)
    return _saved(opened, "column.updated", {**own, **place})


def _placed(opened: Change, row: Any, fields: dict[str, Any]) -> dict[str, Any]:
    """Compute rank and archive: what is restored, or new, comes to the right end."""
    if fields.get("is_archived", row["archived_at"] is not None):
        return {"rank": None, "archived_at": row["archived_at"] or opened.at}
    return {"rank": row["rank"] or between(opened.parts["last"], None), "archived_at": None}


async def do_move(opened: Change, body: MoveIn) -> Answer[ColumnOut]:
    """Move the column."""
    _, near_id = way_of(body)
    row, near = opened.parts["column"], opened.parts["near"]
    if near_id and (near is None or near["board_id"] != opened.board["id"]):
        raise NotFound
    for column in filter(None, (row, near)):
        check_open(column)
    if near_id == row["id"]:
        return opened.show(shown_column(row))
    rank = await choose_rank(opened, "columns", opened.board["id"], row)
    return _saved(opened, "column.moved", {"rank": rank})


async def do_delete(opened: Change, tasks: WithTasks | None) -> Answer[None]:
    """Delete the column with its tasks."""
    rows: list[TaskRow] = opened.parts["tasks"]
    if (rows or opened.parts["text"]) and tasks is None:
        raise ColumnNotEmpty(current=opened.parts["count"])
    _check_text(opened)
    if len(rows) > TASKS_DELETED_MAX:
        raise TooManyTasks(limit=TASKS_DELETED_MAX, current=opened.parts["count"])
    take_away(opened, "tasks", rows, opened.parts["hanging"])
    _record_deleted(opened, [{"id": row["id"], "is_deleted": True} for row in rows])
    return opened.nothing()


async def do_empty(opened: Change, to_id: str) -> Answer[None]:
    """Delete the column; its tasks move to the bottom of another."""
    place: Spot | None = opened.parts["spot"]
    if place is None:
        raise NotFound
    if to_id == opened.parts["column"]["id"]:
        raise Invalid.at("/query/to", "same_column", "should be another column")
    check_open(place["column"])
    _check_text(opened)
    rows: list[TaskRow] = opened.parts["tasks"]
    _record_deleted(opened, list(map(moved, rows, _moved_to(opened, place, rows))))
    return opened.nothing()


def _check_text(opened: Change) -> None:
    if (size := opened.parts["text"]) > TEXT_BYTES_MAX:
        raise TooMuchText(limit=TEXT_BYTES_MAX, current=size)


def _moved_to(opened: Change, place: Spot, rows: list[TaskRow]) -> list[Any]:
    """Move tasks to the bottom of a column, if it has room; archived ones have no position."""
    active = [row for row in rows if row["rank"] is not None]
    check_room(place, len(active))
    ranks = iter(spread(len(active), place["last"]))
    return [
        opened.update(
            "tasks",
            row,
            rank=None if row["rank"] is None else next(ranks),
            **entering(row, place["column"], opened.at),
        )
        for row in rows
    ]


def _record_deleted(opened: Change, tasks: list[dict[str, Any]]) -> None:
    column = opened.parts["column"]
    opened.delete("columns", column)
    opened.record("column.deleted", {"column": gone_column(column), "tasks": tasks})


def _saved(opened: Change, kind: str, fields: dict[str, Any]) -> Answer[ColumnOut]:
    before: ColumnRow = opened.parts["column"]
    after: ColumnRow = opened.update("columns", before, **fields)
    if after is before and opened.rows:  # the others only have new keys
        after = opened.touch("columns", before)
    if after is not before:
        others = dealt_anew(opened, "columns", after["id"])
        opened.record(kind, {"column": news_of_column(before, after), **others})
    return opened.show(shown_column(after))
