"""Which statement a batch is read by, and what its operations can touch."""

from collections.abc import Sequence

from doska.batch.loading import ADDING, BATCH
from doska.batch.schemas import AnyOperation
from doska.boards.opening import Action
from doska.boards.operations import named, operations

_ADDED = ("user_ids", "new_ids", "handles", "ended_ids", "statuses")  # needed to add something


def needs(wanted: Sequence[AnyOperation]) -> tuple[Action, dict[str, list[str]]]:
    """Choose what is read, and name all that the operations can touch, as the statement's values."""
    found = named(wanted)
    found["task_ids"] = sorted({*found["task_ids"], *found["near_ids"]})
    is_more = any(found[name] for name in found if name not in _ADDED)
    what = BATCH if is_more or not all(map(_only_adds, wanted)) else ADDING
    return what, found


def _only_adds(operation: AnyOperation) -> bool:
    """Tell whether tasks at most come to the bottom: then only the bottoms have to be known."""
    return operations()[operation.op].only_adds(operation)
