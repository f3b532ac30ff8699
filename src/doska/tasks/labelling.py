"""Which labels a task has."""

from typing import Any

from doska.boards.access import Part
from doska.boards.log import Change
from doska.errors import NotFound
from doska.schemas import new_id
from doska.tasks.declared import LABELS_AT_MOST

LABELS = """(select coalesce(json_agg(l.id), '[]') from labels l
    where l.board_id = b.id and l.id = any(:label_ids::uuid[]))"""  # the requested ones
LABEL_PARTS: dict[str, Part] = {
    "labels": LABELS,
    "labellings": """(select coalesce(jsonb_agg(to_jsonb(x) order by x.id), '[]')
        from task_labels x where x.task_id = t.id)""",
}


def label(opened: Change, task_id: str, wanted: list[str], now_there: list[Any]) -> list[str]:
    """Set the task's labels, of its board; returns them in their order."""
    known = {row["label_id"]: row for row in now_there}
    if not {*known, *opened.parts["labels"]}.issuperset(wanted):
        raise NotFound
    for label_id, row in known.items():
        if label_id not in wanted:
            opened.delete("task_labels", row)
    kept = [row for label_id, row in known.items() if label_id in wanted]
    added = [
        opened.insert("task_labels", _labelling(opened, task_id, label_id))
        for label_id in dict.fromkeys(wanted)
        if label_id not in known
    ]
    if added:
        opened.limits.check(LABELS_AT_MOST, len(kept) + len(added))
    return [row["label_id"] for row in sorted([*kept, *added], key=lambda row: row["id"])]


def _labelling(opened: Change, task_id: str, label_id: str) -> dict[str, Any]:
    return {
        "id": new_id(),
        "board_id": opened.board["id"],
        "task_id": task_id,
        "label_id": label_id,
    }
