"""What people do with the labels of a board: every write."""

from typing import Any, ClassVar

from doska.boards.access import BOARD, Access
from doska.boards.acting import act
from doska.boards.hanging import hanging, take_away
from doska.boards.log import Change
from doska.boards.opening import Action
from doska.boards.schemas import differences
from doska.errors import Conflict, NotFound
from doska.http.answers import Answer
from doska.ordering import between
from doska.schemas import new_id
from doska.tasks.access import LABEL
from doska.tasks.columns import TASKS_DELETED_MAX, TooManyTasks
from doska.tasks.declared import LABELS_MAX
from doska.tasks.label_queries import ONE_LABEL
from doska.tasks.label_schemas import LabelNew, LabelOut, same_label, shown_label
from doska.tasks.moves import MoveIn
from doska.tasks.places import choose_rank, dealt_anew, neighbours, way_of
from doska.tasks.rows import LabelRow


class LabelTaken(Conflict):
    """This board has a label of this title and color already."""

    example: ClassVar[dict[str, Any]] = {"label_id": "0198c0de-0000-7000-8000-000000000001"}


_LABEL_ROW = "to_jsonb(l)"
_LABELS = (
    """(select coalesce(jsonb_agg(to_jsonb(x)), '[]') from labels x where x.board_id = b.id)"""
)
# For each task that has the label: which others it has.
_OTHERS = """(select coalesce(jsonb_object_agg(y.task_id, y.label_ids), '{}') from (
    select x.task_id, coalesce((select jsonb_agg(o.label_id order by o.id) from task_labels o
        where o.task_id = x.task_id and o.label_id <> l.id), '[]') as label_ids
    from task_labels x where x.label_id = l.id) y)"""

CREATE_LABEL = Action(BOARD, labels=_LABELS)
UPDATE_LABEL = Action(LABEL, target=ONE_LABEL, label=_LABEL_ROW, labels=_LABELS)
MOVE_LABEL = {
    way: Action(
        LABEL,
        target=ONE_LABEL,
        label=_LABEL_ROW,
        near="(select to_jsonb(n) from labels n where n.id = :near_id)",
        **parts,
    )
    for way, parts in neighbours("labels", "b.id", "l.id").items()
}
DELETE_LABEL = Action(
    LABEL,
    target=ONE_LABEL,
    label=_LABEL_ROW,
    hanging=lambda: hanging("labels", "select l.id"),
    others=_OTHERS,
)


async def create_label(access: Access, body: LabelNew) -> Answer[LabelOut]:
    """Create a label, the last of its board."""
    return await act(
        access.at(body.board_id),
        CREATE_LABEL,
        lambda opened: do_create(opened, body.model_dump(mode="json", exclude={"id"}), body.id),
    )


async def update_label(access: Access, fields: dict[str, Any]) -> Answer[LabelOut]:
    """Change the label's title or color; omitted ones stay."""
    return await act(access, UPDATE_LABEL, lambda opened: do_update(opened, fields))


async def move_label(access: Access, body: MoveIn) -> Answer[LabelOut]:
    """Move the label among those of its board."""
    way, near_id = way_of(body)
    return await act(access, MOVE_LABEL[way], lambda opened: do_move(opened, body), near_id=near_id)


async def delete_label(access: Access) -> Answer[None]:
    """Delete a label, and remove it from its tasks."""
    return await act(access, DELETE_LABEL, do_delete)


# What happens to a label, once its board is open: for one request or a batch of many.


async def do_create(
    opened: Change, fields: dict[str, Any], label_id: str | None
) -> Answer[LabelOut]:
    """Create a label, the last one."""
    labels: list[LabelRow] = opened.parts["labels"]
    opened.limits.check(LABELS_MAX, len(labels) + 1)
    rank = between(max((label["rank"] for label in labels), default=None), None)
    row: Any = {**fields, "id": label_id or new_id(), "rank": rank, "version": 1}
    _must_be_free(labels, row)
    opened.insert("labels", row)
    opened.record("label.created", {"label": row})
    return opened.show_new(shown_label(row), row["id"])


async def do_update(opened: Change, fields: dict[str, Any]) -> Answer[LabelOut]:
    """Change the label's title or color."""
    row: Any = {**opened.parts["label"], **fields}
    _must_be_free(opened.parts["labels"], row)
    return _saved(opened, "label.updated", fields)


async def do_move(opened: Change, body: MoveIn) -> Answer[LabelOut]:
    """Move the label."""
    _, near_id = way_of(body)
    row, near = opened.parts["label"], opened.parts["near"]
    if near_id and (near is None or near["board_id"] != opened.board["id"]):
        raise NotFound
    if near_id == row["id"]:
        return opened.show(shown_label(row))
    rank = await choose_rank(opened, "labels", opened.board["id"], row)
    return _saved(opened, "label.moved", {"rank": rank})


async def do_delete(opened: Change) -> Answer[None]:
    """Delete the label; the versions of its tasks stay, because nobody has edited them."""
    label, found = opened.parts["label"], opened.parts["hanging"]
    if (count := len(found["task_labels"])) > TASKS_DELETED_MAX:
        raise TooManyTasks(limit=TASKS_DELETED_MAX, current=count)
    take_away(opened, "labels", [label], found)
    others = opened.parts["others"]
    tasks = [{"id": task_id, "label_ids": others[task_id]} for task_id in sorted(others)]
    opened.record("label.deleted", {"label": {"id": label["id"]}, "tasks": tasks})
    return opened.nothing()


def _must_be_free(labels: list[LabelRow], wanted: LabelRow) -> None:
    """Refuse a second label with the same title and color; without a title there may be many."""
    for label in labels:
        if label["id"] != wanted["id"] and same_label(label) == same_label(wanted):
            raise LabelTaken(label_id=label["id"])


def _saved(opened: Change, kind: str, fields: dict[str, Any]) -> Answer[LabelOut]:
    before: LabelRow = opened.parts["label"]
    after: LabelRow = opened.update("labels", before, **fields)
    if after is before and opened.rows:  # the others only have new keys
        after = opened.touch("labels", before)
    if after is not before:
        others = dealt_anew(opened, "labels", after["id"])
        opened.record(kind, {"label": differences(dict(before), dict(after)), **others})
    return opened.show(shown_label(after))
