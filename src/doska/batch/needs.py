"""Which statement a batch is read by, and what its operations can touch."""

from collections.abc import Sequence
from typing import Any

from doska.batch.loading import ADDING, BATCH
from doska.batch.schemas import AnyOperation
from doska.boards.following import following
from doska.boards.kinds import on_board
from doska.boards.opening import Action
from doska.boards.operations import operations


def needs(wanted: Sequence[AnyOperation]) -> tuple[Action, dict[str, list[str]]]:
    """Choose what is read, and name all that the operations can touch, as the statement's values."""
    found: dict[str, set[str]] = {name: set() for name in _names()}
    created: set[tuple[str, str]] = set()  # which is not there to be read yet
    for operation in wanted:
        for name, id_ in _named(operation):
            if id_ is not None and (name, id_) not in created:
                found[name].add(id_)
        if creates := operations()[operation.op].creates:
            created.add((f"{creates.noun}_ids", _body(operation)["id"]))
    is_more = any(found[name] for name in found if name not in ("user_ids", "new_ids", "handles"))
    what = BATCH if is_more or not all(map(_only_adds, wanted)) else ADDING
    return what, {name: sorted(named) for name, named in found.items()}


def _only_adds(operation: AnyOperation) -> bool:
    """Tell whether tasks at most come to the bottom: then only the bottoms have to be known."""
    return operations()[operation.op].only_adds(operation)


@following()
def _single_names() -> tuple[str, ...]:
    return tuple(name.removesuffix("s") for name in _names())


@following()
def _names() -> tuple[str, ...]:
    """Name the values of the statements."""
    nouns = (kind.noun for kind in on_board() if kind.is_named and kind.parents)
    others = ("user_ids", "deleted_ids", "doomed_ids", "new_ids", "handles")
    return (*(f"{noun}_ids" for noun in nouns), *others)


def _named(operation: AnyOperation) -> list[tuple[str, str | None]]:
    values, kind = {**vars(operation), **_body(operation)}, operations()[operation.op]
    found = [(f"{name}s", values[name]) for name in _single_names() if name in values]
    found += [("user_ids", user_id) for user_id in values.get("assignee_ids") or ()]
    if kind.creates:
        found.append(("new_ids", values["id"]))
    return [*found, *kind.names(operation)]


def _body(operation: AnyOperation) -> dict[str, Any]:
    body = vars(operation).get("body")
    return vars(body) if body else {}
