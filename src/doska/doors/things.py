"""Planning what stands on a board beside its tasks: itself, its people, labels and columns."""

from typing import Any

from doska.boards.keys import key_of
from doska.doors.colors import apart, color_of
from doska.doors.desk import Desk, public_name
from doska.doors.model import Column, Label
from doska.doors.order import Spot, spots
from doska.doors.shown import Whole
from doska.doors.state import Ref, Row
from doska.ordering import spread
from doska.schemas import new_id
from doska.texts import TEXT_CHARS_MAX, TITLE_CHARS_MAX, folded

NO_LIST = Column(id="", title="(no list)")
LIMIT_MAX = 10_000


def plan_board(desk: Desk, *, is_own: bool) -> None:
    """Plan the board's own row; of one that was named, nothing is changed."""
    board, whole = desk.board, Whole()
    title = whole.title(board.title, TITLE_CHARS_MAX)
    text = whole.text(board.description, TEXT_CHARS_MAX, name="description")
    fields = {"title": title, "description": text, "is_archived": board.is_archived}
    extra = desk.sourced(board.extra)
    if people := _names(desk):
        extra["people"] = people
    if desk.state.is_new:
        row = _board_row(desk, fields)
        source_id = source_of(desk)
        desk.create("board", source_id, row, fields, imported_by=desk.wish.me)
        _plan_people(desk, row["id"])
    elif is_own:
        ref, found = desk.known("board", source_of(desk))
        if ref and found:
            here = {**found, "is_archived": found["archived_at"] is not None}
            changed = desk.compare(ref, fields, here)
            if "is_archived" in changed:
                changed["archived_at"] = desk.wish.at if changed.pop("is_archived") else None
            if changed:
                desk.update("boards", found, **changed)
    desk.remember_people()
    if desk.state.is_new or is_own:
        desk.put_aside(desk.state.board_id, extra, whole)


def source_of(desk: Desk) -> str:
    """Tell by what a board is known: its id, or its title."""
    return desk.board.id or f"title:{desk.board.title}"


def _board_row(desk: Desk, fields: dict[str, Any]) -> Row:
    return {
        "id": desk.state.board_id,
        "title": fields["title"],
        "description": fields["description"],
        "is_public": False,
        "color": color_of(desk.board.color) if desk.board.color else None,
        "key": key_of(fields["title"]),
        "version": 1,
        "created_at": desk.wish.at,
        "archived_at": desk.wish.at if fields["is_archived"] else None,
    }


def _names(desk: Desk) -> list[dict[str, Any]]:
    """List the people of the source: names and their ids there, never an address."""
    return [
        {
            "id": person.id,
            "name": public_name(person),
            **({"username": person.username} if "@" not in (person.username or "@") else {}),
        }
        for person in desk.board.people
    ]


def _plan_people(desk: Desk, board_id: str) -> None:
    me, matched = desk.wish.me, (desk.user_of(person.id) for person in desk.board.people)
    roles = {me: "CREATOR", **{user: "MEMBER" for user in matched if user and user != me}}
    for user_id, role in roles.items():
        row = {
            "id": new_id(), "board_id": board_id, "user_id": user_id, "role": role,
            "joined_at": desk.wish.at,
        }  # fmt: skip
        desk.changes.append(("board_users", row["id"], None, row))
        desk.state.rows["board_users"][row["id"]] = row


def plan_labels(desk: Desk) -> dict[str, str]:
    """Plan the labels; gives their ids here, by the source's."""
    rows = desk.state.rows["labels"]
    taken = {(folded(row["title"]), row["color"]): row["id"] for row in rows.values()}
    same: dict[tuple[str, str | None], str] = {}
    new = [label for label in desk.board.labels if ("label", label.id) not in desk.state.refs]
    ranks = iter(spread(len(new), max((row["rank"] for row in rows.values()), default=None)))
    found: dict[str, str] = {}
    for label in desk.board.labels:
        whole = Whole()
        title, key = whole.label(label.title), (label.title, label.color)
        ref, row = desk.known("label", label.id)
        if ref is None and title and key in same:  # the very same one a second time
            found[label.id] = same[key]
            continue
        if ref is None:
            row = _label_row(desk, label, title, next(ranks), taken)
        elif row is not None:
            changed = desk.compare(ref, {"title": title}, row)
            if changed and (folded(title), row["color"]) not in taken:
                row = desk.update("labels", row, **changed)
        if row is not None:
            found[label.id] = same[key] = row["id"]
            aside = {"color": label.color} if label.color else {}
            desk.put_aside(row["id"], {**aside, **desk.sourced(label.extra)}, whole)
    return found


def _label_row(
    desk: Desk, label: Label, title: str, rank: str, taken: dict[tuple[str, str], str]
) -> Row:
    color = apart(title, color_of(label.color), taken)
    row: Row = {
        "id": new_id(), "board_id": desk.state.board_id, "title": title, "color": color,
        "rank": rank, "version": 1,
    }  # fmt: skip
    if title:
        taken[folded(title), color] = row["id"]
    return desk.create("label", label.id, row, {"title": title})


def has_homeless(desk: Desk) -> bool:
    """Tell whether there are cards without a list: new ones of one that was deleted here, too."""
    there = {column.id for column in desk.board.columns}
    left = {column_id for column_id in there if not desk.is_deleted("column", column_id)}
    known = desk.imported("task")
    return any(
        task.column not in (there if task.id in known else left) for task in desk.board.tasks
    )


def plan_columns(desk: Desk, *, has_homeless: bool) -> dict[str, Row]:
    """Plan the columns; gives their rows by the source's ids, NO_LIST's by an empty one."""
    wanted = [*desk.board.columns, *([NO_LIST] if has_homeless else [])]
    standing = [
        (row["rank"], row["id"]) for row in desk.state.rows["columns"].values() if row["rank"]
    ]
    known = [desk.known("column", column.id) for column in wanted]
    places = spots(standing, [ref for ref, _ in known], [not c.is_archived for c in wanted])
    last = max([*(rank for rank, _ in standing), *(s.rank for s in places if s.rank)], default=None)
    found: dict[str, Row] = {}
    for column, (ref, earlier), spot in zip(wanted, known, places, strict=True):
        whole, row = Whole(), earlier
        fields = _column_fields(column, whole)
        if ref is None:
            row = _column_row(desk, column, fields, spot)
        elif row is not None:
            row = _column_again(desk, ref, row, fields, spot, last)
            last = max(last or "", row["rank"] or "") or None
        if row is not None:
            found[column.id] = row
            desk.put_aside(row["id"], desk.sourced(column.extra), whole)
    return found


def _column_fields(column: Column, whole: Whole) -> dict[str, Any]:
    limit = column.task_limit
    return {
        "title": whole.title(column.title, TITLE_CHARS_MAX),
        "task_limit": limit if limit and 0 < limit <= LIMIT_MAX else None,
        "limit_is_hard": column.limit_is_hard,
        "status": column.status,
        "is_archived": column.is_archived,
    }


def _column_row(desk: Desk, column: Column, fields: dict[str, Any], spot: Spot) -> Row:
    given = {name: value for name, value in fields.items() if name != "is_archived"}
    row: Row = {
        "id": spot.id, "board_id": desk.state.board_id, **given, "rank": spot.rank,
        "color": color_of(column.color) if column.color else None, "version": 1,
        "archived_at": desk.wish.at if column.is_archived else None,
    }  # fmt: skip
    return desk.create("column", column.id, row, fields, n=spot.n)


def _column_again(
    desk: Desk, ref: Ref, row: Row, fields: dict[str, Any], spot: Spot, last: str | None
) -> Row:
    """Plan a column that there was; one that is restored stands behind the ``last`` one."""
    here = {**row, "is_archived": row.get("archived_at") is not None}
    changed = desk.compare(ref, fields, here, n=spot.n)
    if "is_archived" in changed:
        is_archived = changed.pop("is_archived")
        changed["archived_at"] = desk.wish.at if is_archived else None
        changed["rank"] = None if is_archived else spread(1, last)[0]
    return desk.put("columns", row, changed, spot)
