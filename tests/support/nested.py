"""Every operation of a batch, made of the endpoint of its name, and the ids that it takes."""

import json
from collections.abc import Iterator
from dataclasses import dataclass

from api import Json
from foreign import put
from operations import OPERATIONS, SCHEMAS, Scene, request

BY_ID = {operation.id: operation for operation in OPERATIONS}
BATCH = BY_ID["run_batch"]
KINDS: dict[str, str] = {  # the schema of each, by its name
    name: reference.rpartition("/")[2]
    for name, reference in BATCH.fields["operations"]["items"]["discriminator"]["mapping"].items()
}


@dataclass(frozen=True)
class Nested:
    """Where an operation of a batch takes the id of something that exists."""

    kind: str
    name: str
    is_in_body: bool

    def __str__(self) -> str:
        return f"{self.kind}-{'body-' if self.is_in_body else ''}{self.name}"


def _fields(schema: Json) -> Json:
    """Give the properties of a schema that may stand elsewhere; none if there is none."""
    whole = SCHEMAS[schema["$ref"].rpartition("/")[2]] if "$ref" in schema else schema
    return dict(whole.get("properties", {}))


def fields_of(kind: str) -> Json:
    """Give the fields of an operation, of which one is its body."""
    return _fields(SCHEMAS[KINDS[kind]])


def body_of(kind: str) -> Json:
    """Give the fields of an operation's body."""
    return _fields(fields_of(kind).get("body", {}))


def _places(kind: str) -> Iterator[Nested]:
    for is_in_body, found in ((False, fields_of(kind)), (True, body_of(kind))):
        for name, schema in found.items():
            if "uuid" in json.dumps(schema) and name not in ("id", "body"):
                yield Nested(kind, name, is_in_body)


NESTED = [place for kind in KINDS for place in _places(kind)]


def good(
    scene: Scene, kind: str, foreign: Nested | None = None, other: Scene | None = None
) -> Json:
    """Write the operation as it succeeds; or with one id of another scene's."""
    asked = request(scene, BY_ID[kind])
    if foreign and other:
        places = ("body",) if foreign.is_in_body else ("path", "query")
        found = [p for p in places if foreign.name in (getattr(asked, p) or {})] or places[:1]
        put(asked, found[0], foreign.name, other)
    body = {"body": asked.body} if asked.body is not None else {}
    return {"op": kind, **asked.path, **asked.query, **body}
