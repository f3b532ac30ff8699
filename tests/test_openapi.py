import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest
from schemathesis.specs.openapi.definitions import OPENAPI_31

from api import Api
from conftest import documentation
from doska.errors import MEDIA_TYPE
from doska.http.examples import answers_of

DOCUMENT = documentation()
COMPONENTS = DOCUMENT["components"]
NAMES = Path(__file__).with_name("operations.txt")
OPERATIONS = {
    described["operationId"]: (method, path, described)
    for path, methods in DOCUMENT["paths"].items()
    for method, described in methods.items()
}
OWN_MEMBERS = {"type", "title", "status", "request_id"}

# The endpoints of the design.
PROMISED = """
    POST /users · POST /auth/login · POST /auth/logout · GET /users/me · PUT /users/me/password
    GET /auth/sessions · DELETE /auth/sessions/{session_id}
    GET POST /auth/tokens · DELETE /auth/tokens/{token_id}
    GET /users · GET PUT PATCH DELETE /users/{user_id} · GET /users/{user_id}/boards
    GET /users/{user_id}/avatar.svg
    GET POST /boards · GET PUT PATCH DELETE /boards/{board_id} · GET /boards/{board_id}/columns
    GET /boards/{board_id}/snapshot · POST /boards/{board_id}/undo
    GET POST /boards/{board_id}/users · GET PUT DELETE /boards/{board_id}/users/{user_id}
    GET POST /columns · GET PUT PATCH DELETE /columns/{column_id}
    GET /columns/{column_id}/tasks · POST /columns/{column_id}/move
    GET POST /tasks · GET PUT PATCH DELETE /tasks/{task_id} · GET /tasks/{task_id}/subtasks
    POST /tasks/{task_id}/move · PUT DELETE /tasks/{task_id}/assignees/{user_id}
    GET POST /subtasks · GET PUT PATCH DELETE /subtasks/{subtask_id}
    POST /subtasks/{subtask_id}/move
    GET /boards/{board_id}/events · GET /boards/{board_id}/activity · POST /boards/{board_id}/batch
    GET /health/live · GET /health/ready
"""

each_operation = pytest.mark.parametrize("name", OPERATIONS)
each_schema = pytest.mark.parametrize("name", COMPONENTS["schemas"])


def test_the_document_is_openapi() -> None:
    jsonschema_rs.validate(OPENAPI_31, DOCUMENT)


def test_every_schema_is_json_schema_and_every_reference_leads_somewhere() -> None:
    for schema in COMPONENTS["schemas"].values():
        jsonschema_rs.meta.validate(schema)
    for node in _nodes(DOCUMENT):
        if reference := node.get("$ref"):
            *_, kind, name = reference.split("/")
            assert name in COMPONENTS[kind]


def test_names_of_operations_are_unique_and_stay() -> None:
    """Typed clients are made of them; tests/operations.txt keeps what was promised."""
    count = sum(len(methods) for methods in DOCUMENT["paths"].values())
    assert len(OPERATIONS) == count
    lines = [f"{method.upper()} {path} {name}" for name, (method, path, _) in OPERATIONS.items()]
    assert sorted(lines) == NAMES.read_text().splitlines()


def test_every_promised_endpoint_is_there() -> None:
    for group in re.split(r"[·\n]", PROMISED):
        *methods, path = group.split() or [""]
        assert {m.lower() for m in methods} <= DOCUMENT["paths"].get(path, {}).keys(), group


@each_operation
def test_an_operation_says_what_it_does_and_who_may(name: str) -> None:
    _, _, described = OPERATIONS[name]
    assert re.fullmatch(r"[A-Z].*[^.]", described["summary"])
    assert described["description"].endswith(".")
    (tag,) = described["tags"]
    assert tag in [known["name"] for known in DOCUMENT["tags"]]
    rules = {rule["rule"] for rule in described["x-access"]}
    assert rules
    protected = {scheme for way in described.get("security", []) for scheme in way}
    ways = COMPONENTS["securitySchemes"].keys() - ({"token"} if "person" in rules else set())
    assert protected == (set() if rules == {"public"} else ways)


@each_operation
def test_an_operation_says_what_it_takes(name: str) -> None:
    method, path, described = OPERATIONS[name]
    in_path = {p["name"] for p in described.get("parameters", []) if p["in"] == "path"}
    assert in_path == set(re.findall(r"{(\w+)}", path))
    for parameter in described.get("parameters", []):
        assert parameter["description"]
        assert parameter["schema"]
    if body := described.get("requestBody"):
        assert method in ("post", "put", "patch")
        if "application/octet-stream" in body["content"]:
            assert name in ("add_attachment", "create_import")
            return
        schema = COMPONENTS["schemas"][_name_of(body["content"]["application/json"]["schema"])]
        assert schema["description"]
        assert schema["examples"]
        assert schema["additionalProperties"] is False


@each_operation
def test_an_operation_says_what_it_answers(name: str) -> None:
    answers = OPERATIONS[name][2]["responses"]
    status, *parts = [s for s in answers if s[0] == "2"]
    in_parts = ("read_attachment_content", "read_attachment_thumbnail")
    ended = ["200", "201"] if name == "create_import" else []  # for who waits
    assert parts == (["206"] if name in in_parts else ended)
    assert answers[status]["description"] not in ("", "Successful Response")
    content = answers[status].get("content", {})
    assert bool(content) == (status != "204")
    for described in content.values():
        assert described["schema"].keys() & {"$ref", "anyOf", "type"}


@each_operation
def test_a_write_answers_one_type_and_a_dry_run_beside_it(name: str) -> None:
    """Else typed clients give what was made a type of two, of which ``version`` is no member."""
    method, _, described = OPERATIONS[name]
    if method == "get":
        return
    found = [a.get("content", {}) for s, a in described["responses"].items() if s[0] == "2"]
    shown = found[0]
    assert all(content == shown for content in found)
    assert all(set(content["schema"]) == {"$ref"} for content in shown.values())
    assert len(shown) <= 1
    takes = {parameter["name"] for parameter in described.get("parameters", [])}
    assert ("x-dry-run" in described) == ("Prefer" in takes)


def test_a_move_names_all_its_fields_in_each_variant() -> None:
    """Typed clients make a type of each: without ``column_id`` nothing could change its column."""
    moves = [node for node in _nodes(DOCUMENT) if {"oneOf", "properties"} <= node.keys()]
    assert len(moves) >= len(("MoveIn", "TaskMoveIn", "and both in a batch"))
    for schema in moves:
        for variant in schema["oneOf"]:
            assert variant["properties"].keys() == schema["properties"].keys()


def test_types_of_problems_are_listed_and_others_allowed() -> None:
    """So that a client's dictionary can be checked."""
    listed = COMPONENTS["schemas"]["ProblemType"]["enum"]
    shown = {
        example["value"]["type"]
        for _, _, described in OPERATIONS.values()
        for answer in described["responses"].values()
        for example in answer.get("content", {}).get(MEDIA_TYPE, {}).get("examples", {}).values()
    }
    assert shown <= set(listed)
    assert {"/problems/column-full", "/problems/method-not-allowed"} <= set(listed)
    assert len(listed) == len(set(listed))
    kind = COMPONENTS["schemas"]["Problem"]["properties"]["type"]
    for value in ("/problems/column-full", "/problems/of-a-later-release"):
        _validate(kind, value)


@each_operation
def test_an_operation_says_how_it_refuses(name: str) -> None:
    answers = OPERATIONS[name][2]["responses"]
    for status, answer in answers.items():
        if status[0] in "45":
            content = answer["content"]["application/problem+json"]
            assert content["schema"] == {"$ref": "#/components/schemas/Problem"}
            for example in content["examples"].values():
                assert example["value"].keys() >= OWN_MEMBERS
                assert example["value"]["status"] == int(status)


@each_schema
def test_a_schemas_examples_are_valid(name: str) -> None:
    schema = COMPONENTS["schemas"][name]
    for example in schema.get("examples", []):
        _validate(schema, example)
    for field in _nodes(schema.get("properties", {})):
        for example in field.get("examples", []) if isinstance(field.get("examples"), list) else []:
            _validate(field, example)


@each_operation
def test_an_operations_examples_are_valid(name: str) -> None:
    found = 0
    for _, answer in answers_of(OPERATIONS[name][2]):
        for media, content in answer.get("content", {}).items():
            examples = [example["value"] for example in content.get("examples", {}).values()]
            examples += [content["example"]] if "example" in content else []
            assert examples or not media.endswith("json")
            for example in examples:
                _validate(content["schema"], example)
                found += 1
    assert found


def _validate(schema: Any, value: Any) -> None:
    whole = {**schema, "components": COMPONENTS}
    jsonschema_rs.validator_for(whole, validate_formats=True).validate(value)


def _name_of(schema: dict[str, str]) -> str:
    return schema["$ref"].rpartition("/")[2]


def _nodes(value: Any) -> Iterator[dict[str, Any]]:
    if isinstance(value, dict):
        yield value
    for inner in value.values() if isinstance(value, dict) else value:
        if isinstance(inner, (dict, list)):
            yield from _nodes(inner)


@pytest.mark.parametrize(
    ("schema", "member", "good", "bad"),
    [
        (
            "DeleteTask",
            "if_match",
            ["*", "3", '"3.c0de"', 'W/"3"'],
            ["³", "", "x", '"3'],
        ),
        ("UserPatch", "avatar_url", ["https://a.example/x?y"], ["https://a\x07b", "https://a b"]),
    ],
)
def test_a_pattern_says_what_is_refused(
    schema: str, member: str, good: list[str], bad: list[str]
) -> None:
    """Schemathesis has found these two without one."""
    described = DOCUMENT["components"]["schemas"][schema]["properties"][member]
    pattern = next(kind["pattern"] for kind in described["anyOf"] if "pattern" in kind)
    assert [text for text in good + bad if re.search(pattern, text)] == good


# What may be escaped under JavaScript's flag `u`, with which most read patterns (ECMA-262, 22.2.1).
ESCAPES = {*"^$\\.*+?()[]{}|/-", *"dDsSwWbBfnrtv0xu"}


def test_patterns_load_with_javascripts_flag_u() -> None:
    """Ajv loads a document with it and refuses all where an escape is one too many."""
    patterns = {
        node["pattern"] for node in _nodes(DOCUMENT) if isinstance(node.get("pattern"), str)
    }
    assert len(patterns) > 20
    escapes = {found for pattern in patterns for found in re.findall(r"\\(.)", pattern)}
    assert escapes <= ESCAPES


def test_every_answer_has_a_form_that_generators_of_clients_know(api: Api) -> None:
    """Of openapi-python-client 0.29.1, which left out the avatar with a warning."""
    for path, methods in api.app.openapi()["paths"].items():
        for method, operation in methods.items():
            for status, answer in operation["responses"].items():
                kinds = answer.get("content", {"application/json": {}})
                known = [
                    k
                    for k in kinds
                    if k.startswith("text/") or k.endswith(("/json", "+json", "/octet-stream"))
                ]
                assert known, f"{method} {path} {status}: {list(kinds)}"


@pytest.mark.parametrize(
    ("accepted", "kind"),
    [
        ("*/*", "image/svg+xml"),
        ("image/avif,image/svg+xml,*/*;q=0.8", "image/svg+xml"),
        ("text/xml, image/*", "image/svg+xml"),
        ("text/xml", "text/xml; charset=utf-8"),
    ],
)
async def test_a_picture_is_an_image_unless_text_is_asked_for(
    api: Api, accepted: str, kind: str
) -> None:
    anna = await api.user("anna")
    path = f"/users/{anna.id}/avatar.svg"
    answer = await anna.send("GET", path, headers={"accept": accepted})
    assert (answer.status_code, answer.headers["content-type"]) == (200, kind)
    assert answer.text.startswith("<svg ")
    assert answer.headers.get_list("vary") == ["Accept, Origin"]
