"""How a task is drawn: the only module that knows, both from SQL and from rows in memory.

What is shown, and in which order, are the fields of ``TaskOut`` and ``TaskCard``.
"""

from types import NoneType
from typing import Any, get_args

from pydantic.fields import FieldInfo

from doska.boards.following import following
from doska.boards.pieces import beside_joined, pieces_of
from doska.identity.queries import user_view
from doska.tasks.cards import TaskCard, TaskFields
from doska.tasks.rows import TaskRow
from doska.tasks.schemas import TaskOut, TaskShown

Drawn = dict[str, str]  # SQL by field

_MODELS: dict[TaskFields, type[TaskShown]] = {TaskFields.ALL: TaskOut, TaskFields.CARD: TaskCard}
AUTHOR = f"(select {user_view('x')} from users x where x.id = t.author_id)"
HAS_DESCRIPTION = "t.description <> ''"  # derived from lengths: a long one is not read for it


def _own(key: str) -> Drawn:
    """Write what is derived from the row ``t`` itself; ``key`` is SQL for its board's key."""
    return {
        "key": f"{key} || '-' || t.number",
        "author": AUTHOR,
        "is_archived": "t.archived_at is not null",
        "has_description": HAS_DESCRIPTION,
    }


@following()
def _names(fields: TaskFields) -> tuple[str, ...]:
    return tuple(_MODELS[fields].model_fields)


@following()
def task_out(key: str, fields: TaskFields = TaskFields.ALL) -> str:
    """Build a task ``t`` by itself; ``key`` is SQL for its board's key. The same as ``shown_task``."""
    made = _own(key) | {piece.name: piece.of_row("t.id") for piece in pieces_of("tasks")}
    named = ", ".join(f"'{n}', {made.get(n, f't.{n}')}" for n in _names(fields))
    return f"json_build_object({named})"


def card_among_all(author: str) -> str:
    """Build the text of a card of a task ``t`` of the board ``b``, after ``pieces.beside_all``.

    A card among others is not archived. ``author`` is SQL for how the author is shown.
    """
    # A text, which takes three quarters of the time of ``row_to_json``.
    drawn = beside_joined("tasks") | {"author": f"coalesce({author}::text, 'null')"}
    made = _own("b.key") | {"is_archived": "false"}
    named = (
        f"""'{"," if place else "{"}"{n}":', {drawn.get(n) or _text(made.get(n, f"t.{n}"), of)}"""
        for place, (n, of) in enumerate(TaskCard.model_fields.items())
    )
    return f"concat({', '.join(named)}, '}}')"


def _text(sql: str, field: FieldInfo) -> str:
    """Write the text of a field's JSON, by what its annotation says of it."""
    if field.annotation in (int, bool):
        return f"({sql})::text"
    can_be_null = NoneType in get_args(field.annotation)
    return f"coalesce(to_json({sql})::text, 'null')" if can_be_null else f"to_json({sql})"


def shown_task(row: TaskRow, key: str, author: Any, beside: dict[str, Any]) -> dict[str, Any]:
    """Show a task's row, with its author and its pieces, as ``TaskOut``.

    ``key`` is its board's.
    """
    more = {
        **beside,
        "key": f"{key}-{row['number']}",
        "author": author,
        "is_archived": row["archived_at"] is not None,
    }
    return {name: more[name] if name in more else row[name] for name in _names(TaskFields.ALL)}  # type: ignore[literal-required]
