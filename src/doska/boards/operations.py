"""What a batch can do on a board: each operation is declared once, by the feature that does it."""

from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Annotated, Any, Literal, TypeAlias

from pydantic import BaseModel, create_model

from doska.boards.access import Parts
from doska.boards.following import declared_anew, following
from doska.boards.kinds import Kind, on_board
from doska.boards.log import Change
from doska.boards.policy import Right
from doska.boards.references import IfMatch, Reference, Referring
from doska.boards.world import World
from doska.errors import DoskaError
from doska.http.answers import Answer
from doska.schemas import In

Named: TypeAlias = tuple[str, str | None]  # a value of what is read, and an id to be among these
Names: TypeAlias = Callable[[Any], list[Named]]


@dataclass(frozen=True, slots=True, eq=False)
class Operation:
    """One operation; see ``operation`` for what the fields mean."""

    name: str
    right: Right
    parts: Callable[[World, Any], Parts]
    do: Callable[[Change, Any], Awaitable[Answer[Any]]]
    schema: type[In]
    on: Kind | None
    creates: Kind | None
    gives: type[BaseModel] | None
    refuses: tuple[type[DoskaError], ...]
    only_adds: Callable[[Any], bool]
    names: Names


class Like(SimpleNamespace):
    """An operation, as the endpoint knows it that does the same."""

    def __init__(self, op: str, **takes: Any) -> None:
        super().__init__(op=op, **takes)


class Fields(SimpleNamespace):
    """The body of such an operation, as the fields that are given; others are None."""

    def __init__(self, given: Mapping[str, Any]) -> None:
        super().__init__(**given)
        self.model_fields_set = given.keys()

    def __getattr__(self, name: str) -> None:
        """Give what was left out."""


_OPERATIONS: dict[str, Operation] = {}
_PLACED = ("near_ids", "ended_ids", "moved_ids", "statuses")  # where something comes to stand
_OTHERS = ("user_ids", "deleted_ids", "doomed_ids", "new_ids", "handles", *_PLACED)


def _schema(
    name: str, about: str, on: Kind | None, body: Any, takes: Mapping[str, Any]
) -> type[In]:
    """Make the model of an operation in a batch; the order of its fields is that of the document."""
    title = "".join(word.capitalize() for word in name.split("_"))
    fields: dict[str, Any] = {"if_match": (IfMatch | None, None)} if on else {}
    fields |= {f"{on.noun}_id": (Reference, ...)} if on else {}
    fields["op"] = (Literal[name], ...)
    fields |= {"body": (body, ...)} if body else {}
    return create_model(title, __base__=In, __doc__=about, **fields, **takes)


def operation(  # noqa: PLR0913  # one parameter for each thing that an operation decides
    name: str,
    body: type[BaseModel] | None = None,
    *,
    about: str,
    right: Right,
    parts: Callable[[World, Any], Parts],
    do: Callable[[Change, Any], Awaitable[Answer[Any]]],
    on: Kind | None = None,
    creates: Kind | None = None,
    gives: type[BaseModel] | None = None,
    takes: Mapping[str, Any] | None = None,
    is_referring: bool = False,
    refuses: tuple[type[DoskaError], ...] = (),
    only_adds: Callable[[Any], bool] = lambda _: True,
    names: Names = lambda _: [],
) -> Operation:
    """Declare an operation, which is named like its endpoint and takes what that takes.

    ``body`` is its body, in which references may stand where it ``is_referring``; beside it are the
    id of what it is ``on``, with ``if_match``, and ``takes``: fields as pydantic has them.
    ``about`` tells of which
    endpoint it does the same. It needs ``right``; ``parts`` gives from memory what ``do`` needs to
    know, as the endpoint's action reads it by SQL. It ``creates`` something new or not, and ``gives``
    what the endpoint answers with. ``refuses`` are its own refusals. What ``only_adds`` needs no
    more of tasks than the ends of columns. ``names`` are ids of what else it touches, by the values
    of ``named``.
    """
    taken = Annotated[body, Referring()] if body and is_referring else body
    schema = _schema(name, about, on, taken, takes or {})
    found = Operation(
        name, right, parts, do, schema, on, creates, gives, refuses, only_adds, names
    )  # fmt: skip
    _OPERATIONS[name] = found
    declared_anew()
    return found


def operations() -> Mapping[str, Operation]:
    """Give all operations by their names, in the order in which they were declared."""
    return _OPERATIONS


@following()
def creating() -> frozenset[str]:
    """Name the operations that create something."""
    return frozenset(name for name, found in _OPERATIONS.items() if found.creates)


def named(wanted: Iterable[Any]) -> dict[str, list[str]]:
    """Name all that operations can touch: the values of the statement that reads a World."""
    found: dict[str, set[str]] = {name: set() for name in _names()}
    created: set[tuple[str, str]] = set()  # which is not there to be read yet
    for one in wanted:
        for name, id_ in _named(one):
            if id_ is not None and (name, id_) not in created:
                found[name].add(id_)
        if creates := _OPERATIONS[one.op].creates:
            created.add((f"{creates.noun}_ids", _body(one)["id"]))
    return {name: sorted(ids) for name, ids in found.items()}


@following()
def _single_names() -> tuple[str, ...]:
    return tuple(name.removesuffix("s") for name in _names())


@following()
def _names() -> tuple[str, ...]:
    """Name the values of the statements."""
    nouns = (kind.noun for kind in on_board() if kind.is_named and kind.parents)
    return (*(f"{noun}_ids" for noun in nouns), *_OTHERS)


def _named(one: Any) -> list[Named]:
    values, kind = {**vars(one), **_body(one)}, _OPERATIONS[one.op]
    found = [(f"{name}s", values[name]) for name in _single_names() if name in values]
    found += [("user_ids", user_id) for user_id in values.get("assignee_ids") or ()]
    if kind.creates:
        found.append(("new_ids", values["id"]))
    return [*found, *kind.names(one)]


def _body(one: Any) -> dict[str, Any]:
    body = vars(one).get("body")
    return vars(body) if body else {}


def given_fields(one: Any) -> dict[str, Any]:
    """Give the fields of an operation's body that were given, as JSON has them."""
    found: dict[str, Any] = one.body.model_dump(mode="json", exclude_unset=True)
    return found
