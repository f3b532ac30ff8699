"""What parameters and bodies have to look like is in the document, and what it allows is taken."""

import json
from collections.abc import Iterator
from typing import Any

import jsonschema_rs
import pytest

from api import Api, Json
from doska.schemas import new_id
from operations import DOCUMENT, OPERATIONS, Operation, request, scene

GIVEN = ("0", "x", "a b", "*", "{}", "[1]", '"3', "-1", "2026-12-31", "UTC", "~", "none,none")
# Refused although the schema allows it: the rule is none that a schema can say.
UNSAYABLE = {("cursor", text): "only what a list has given as next_cursor" for text in GIVEN} | {
    ("time_zone", "x"): "looks like one of hundreds of names, to which new ones come"
}
UNKNOWN = "unknown_person"  # is about who is on one's boards
ID = "0198c0de-0000-7000-8000-000000000001"
MOMENT = "2026-12-31T18:00:00Z"
# Changes of a body, which its schema allows or not: of two fields together, or of a text's form.
DAYS: list[Json] = [
    {"due_on": day, "due_at": moment}
    for day in (None, "2026-12-31", "0001-01-01", "0000-01-01", "2026-02-30", "2026-1-1")
    for moment in (None, MOMENT, "0000-01-01T00:00:00Z", "2026-12-31T18:00:00")
]
URLS: list[Json] = [
    {"url": text}
    for text in (
        "https://a.example", "HTTP://anna:x@a.example:8000?q#f", "https://пример.рф/доска", "http://[::1]:8/",
        "http://[1:2:3:4:5:6:7:8]", "http://[1:2:3::7]", "http://[1::2::3]", "http://[1:2]", "http://[x]",
        "http://", "http:///a", "https://?q", "https://:80", "https://a@", "https://a b", "https://a/\u3000b",
        "https://a\u2100b", "https://a\uff0fb", "https://a/\u202e", "https://a]", "ftp://a", "//a", "a", "",
        "https://a\nb", "xhttps://a",
    )
]  # fmt: skip
PEOPLE: list[Json] = [{"people": {key: ID}} for key in ("", "a\nb", "a\x00b")]
SAID: tuple[Any, ...] = (
    None, {}, {"title": "Name"}, {"title": ""}, {"title": "a\x00"}, {"a\x00": "b"}, {"title": 5}, {"title": None},
    {"labels": {"from": "Tags"}}, {"labels": {"from": "Tags", "split": None}}, {"labels": {"from": 1}},
    {"labels": {"split": ","}}, {"labels": {"from": "a", "split": "\n"}}, {"labels": {"from": "a", "x": 1}},
    {"labels": {"from": "a", "split": 1}}, {"labels": ["a"]}, [], "{}",
)  # fmt: skip
CHANGES: dict[str, list[Json]] = {
    "create_task": DAYS,
    "replace_task": DAYS,
    "update_task": DAYS,
    "add_link": URLS,
    "run_import": PEOPLE + [{"mapping": said} for said in SAID],
}


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
    return _fits(parameter["schema"], given.split(",") if _is_list(parameter) else given)


def _fits(schema: Json, body: Any) -> bool:
    whole = {"components": DOCUMENT["components"], "allOf": [schema]}
    return jsonschema_rs.is_valid(whole, body, validate_formats=True)


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
        assert not is_refused or (name, given) in UNSAYABLE, answer.text


@pytest.mark.parametrize("name", CHANGES)
async def test_what_a_bodys_schema_allows_is_taken_and_nothing_else(api: Api, name: str) -> None:
    """Seen to fail without each of the rules: soak `any-input` had found what was not said."""
    operation = next(one for one in OPERATIONS if one.id == name)
    schema = operation.described["requestBody"]["content"]["application/json"]["schema"]
    asked = request(await scene(api, "own"), operation)
    body = asked.body or {}
    for change in CHANGES[name]:
        asked.body = body | change | ({"id": new_id()} if "id" in body else {})
        answer = await asked.send()
        codes = {error["code"] for error in answer.json().get("errors", [])} - {UNKNOWN}
        assert (not codes) == _fits(schema, asked.body), (change, answer.text)


@pytest.mark.parametrize("due", DAYS, ids=str)
async def test_a_batch_takes_the_same_days(api: Api, due: Json) -> None:
    """Its bodies have schemas of their own."""
    seen = await scene(api, "own")
    bodies = {
        "create_task": {"column_id": seen.ids["column_id"], "title": "Draw"},
        "update_task": {},
    }
    for kind, body in bodies.items():
        ids = {} if body else {"task_id": seen.ids["task_id"]}
        whole = {"operations": [{"op": kind, **ids, "body": {**body, **due}}]}
        answer = await seen.owner.post(f"/boards/{seen.ids['board_id']}/batch", **whole)
        schema = {"$ref": "#/components/schemas/BatchIn"}
        assert answer.is_success == _fits(schema, whole), answer.text
