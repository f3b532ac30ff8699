"""References to what is just being created: ``"$0.id"`` is the id of what operation 0 creates.

They are resolved before anything else is parsed: everything to be created has its id by then, the
client's or one that is generated here.
"""

import re
from collections.abc import Collection
from typing import Annotated, Any

from pydantic import AfterValidator, Field, GetJsonSchemaHandler, WithJsonSchema
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema

from doska.boards.following import following
from doska.boards.kinds import on_board
from doska.errors import Invalid
from doska.http.answers import CODING
from doska.schemas import Id, new_id

OPERATIONS_MAX = 100
ERRORS_MAX = 50  # nobody reads more

_REFERENCE = re.compile(r"\$([0-9]{1,2})\.id")
_UUID = {"type": "string", "format": "uuid"}
ID_OR_REFERENCE = {"anyOf": [_UUID, {"type": "string", "pattern": r"^\$[0-9]{1,2}\.id$"}]}


_TAG = re.compile(rf'(\*)|([0-9]{{1,10}})|(?:W/)?"([0-9]{{1,10}})(?:\.[0-9a-f]*)?(?:{CODING})?"')


def _version(given: str) -> str:
    """Read a version, bare or in its tag."""
    match = _TAG.fullmatch(given)
    if match is None:
        raise ValueError('should be * or a version such as 3, or its tag "3.c0de"')
    return str(match[match.lastindex or 0])


IfMatch = Annotated[
    str,
    AfterValidator(_version),
    Field(
        json_schema_extra={"pattern": f"^({_TAG.pattern})$"},
        description="like the header: only if the object has this version at that point; else 412",
    ),
]
Reference = Annotated[Id, WithJsonSchema(ID_OR_REFERENCE)]


@following()
def referring() -> frozenset[str]:
    """Return the fields that take ids, in which references are allowed."""
    nouns = [kind.noun for kind in on_board() if kind.is_named]
    own = (f"{noun}_{ending}" for noun in nouns for ending in ("id", "ids"))
    return frozenset([*own, "before", "after", "to"])


def resolved(operations: Any, creating: Collection[str]) -> Any:
    """Replace references with ids, and give every creation an id; the rest is unchanged.

    ``creating`` are the names of operations that create. Invalid operations are left for others to
    refuse.
    """
    if not isinstance(operations, list) or len(operations) > OPERATIONS_MAX:
        return operations
    reading = _Reading(len(operations), creating)
    found = [reading.one(operation) for operation in operations]
    if reading.errors:
        words = "A reference names what an earlier operation creates."
        raise Invalid(words, errors=reading.errors)
    return found


class _Reading:
    """What the operations so far create, and what was wrong with them."""

    def __init__(self, count: int, creating: Collection[str]) -> None:
        self._creating = creating
        self.created: list[str | None] = []
        self.errors: list[dict[str, str]] = []
        # Ascending, so that things with the same creation time are listed in the order of creation.
        self._ids = iter(sorted(new_id() for _ in range(count)))

    def one(self, operation: Any) -> Any:
        """Resolve one operation, and remember what it creates."""
        pointer, created_id = f"/body/operations/{len(self.created)}", None
        if isinstance(operation, dict):
            operation = self._referred(operation, pointer)
            if isinstance(body := operation.get("body"), dict):
                operation["body"] = body = self._referred(body, f"{pointer}/body")
                created_id = self._created(operation.get("op"), body)
        self.created.append(created_id)
        return operation

    def _created(self, op: Any, body: dict[str, Any]) -> str | None:
        if not isinstance(op, str) or op not in self._creating:
            return None
        if body.get("id") is None:
            body["id"] = next(self._ids)
        return body["id"] if isinstance(body["id"], str) else None

    def _referred(self, given: dict[str, Any], pointer: str) -> dict[str, Any]:
        values = dict(given)
        for name, value in given.items():
            if name not in referring():
                continue
            if isinstance(value, list):
                values[name] = [self._id(v, f"{pointer}/{name}/{n}") for n, v in enumerate(value)]
            else:
                values[name] = self._id(value, f"{pointer}/{name}")
        return values

    def _id(self, value: Any, pointer: str) -> Any:
        """Return the id that a reference means; anything else unchanged."""
        match = _REFERENCE.fullmatch(value) if isinstance(value, str) else None
        if match is None:
            return value
        number = int(match[1])
        created = self.created[number] if number < len(self.created) else None
        if created is None and len(self.errors) < ERRORS_MAX:
            self.errors.append(_error(pointer))
        return created


def _error(pointer: str) -> dict[str, str]:
    message = "should name an earlier operation that creates something"
    return {"pointer": pointer, "code": "reference", "message": message}


class Referring:
    """Lets the schema of a body show where references are allowed, unlike its other uses."""

    def __get_pydantic_json_schema__(
        self, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        """Copy the body's schema, under another name."""
        plain = handler.resolve_ref_schema(handler(schema))
        noun = plain["title"].removesuffix("InBatch").removesuffix("In")
        return {**_with_references(plain), "title": f"{noun}InBatch"}


def _with_references(schema: JsonSchemaValue) -> JsonSchemaValue:
    """Allow references in a body, and in each of its variants."""
    fields = {
        name: _with_reference(field) if name in referring() else field
        for name, field in schema["properties"].items()
    }
    variants = (
        {"oneOf": [_with_references(v) for v in schema["oneOf"]]} if "oneOf" in schema else {}
    )
    return {**schema, "properties": fields, **variants}


def _with_reference(field: JsonSchemaValue) -> JsonSchemaValue:
    """Allow a reference if a field takes an id."""
    if field == {"type": "null"}:
        return field
    if "items" in field:
        return {**field, "items": _with_reference(field["items"])}
    if "anyOf" in field:
        kinds = [kind for kind in field["anyOf"] if kind != _UUID]
        return {**field, "anyOf": [*ID_OR_REFERENCE["anyOf"], *kinds]}
    return {**{k: v for k, v in field.items() if k not in _UUID}, **ID_OR_REFERENCE}
