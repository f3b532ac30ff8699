"""What a parameter has to look like is in the document: what its schema allows is not refused."""

import json
from collections.abc import Iterator
from typing import Any

import jsonschema_rs
import pytest

from api import Api, Json
from operations import DOCUMENT, OPERATIONS, Operation, request, scene

GIVEN = ("0", "x", "a b", "*", "{}", "[1]", '"3', "-1", "2026-12-31", "UTC", "~", "none,none")
# Refused although the schema allows it: the rule is none that a schema can say.
UNSAYABLE = {("cursor", text): "only what a list has given as next_cursor" for text in GIVEN} | {
    ("time_zone", "x"): "looks like one of hundreds of names, to which new ones come"
}
IN_WORDS = {("create_import", name) for name in ("into", "mapping", "time_zone")}


def _each() -> Iterator[Any]:
    """List the texts that may be given, once for all operations that read them alike."""
    seen = set()
    for operation in OPERATIONS:
        for place in ("header", "query"):
            for parameter in operation.parameters(place):
                alike = [place, parameter["name"], parameter["schema"], operation.is_writing]
                key = json.dumps(alike, sort_keys=True)
                if key not in seen:
                    seen.add(key)
                    yield pytest.param(
                        operation, parameter, id=f"{operation.id}-{parameter['name']}"
                    )


def _allows(parameter: Json, given: str) -> bool:
    schema = {"components": DOCUMENT["components"], "allOf": [parameter["schema"]]}
    value = given.split(",") if _is_list(parameter) else given
    return jsonschema_rs.is_valid(schema, value, validate_formats=True)


def _is_list(parameter: Json) -> bool:
    return bool(parameter["schema"].get("type") == "array")


@pytest.mark.parametrize(("operation", "parameter"), list(_each()))
async def test_what_a_parameters_schema_allows_is_not_refused(
    api: Api, operation: Operation, parameter: Json
) -> None:
    asked = request(await scene(api, "own"), operation)
    name, query = parameter["name"], asked.query
    pointer = f"/{parameter['in']}/{name}"
    for given in (text for text in GIVEN if _allows(parameter, text)):
        is_header = parameter["in"] == "header"
        asked.query = query if is_header else {**query, name: given}
        answer = await asked.send(headers={name: given} if is_header else None)
        errors = answer.json()["errors"] if answer.status_code == 422 else []
        is_refused = pointer in [error["pointer"] for error in errors]
        is_known = (name, given) in UNSAYABLE or (operation.id, name) in IN_WORDS
        assert not is_refused or is_known, answer.text
