"""The examples of requests in the documentation work as they stand, but for ids and passwords."""

from typing import Any

import pytest

from api import Api, Json
from doska.http.examples import ID
from operations import SCHEMAS, VALUES, WITH_BODY, Operation, Scene, request, scene

SECRET = ("login", "password", "current_password")


def examples_of(operation: Operation) -> list[Json]:
    """Give the examples of an operation's body."""
    content = operation.described["requestBody"]["content"]["application/json"]
    name = content["schema"]["$ref"].rpartition("/")[2]
    return list(SCHEMAS[name]["examples"])


EXAMPLES = [
    pytest.param(operation, example, id=f"{operation}-{number}")
    for operation in WITH_BODY
    for number, example in enumerate(examples_of(operation))
]


def filled(value: Any, name: str, operation: Operation, here: Scene) -> Any:
    """Put the scene's ids where the example has one, by the field's name."""
    if isinstance(value, dict):
        return {inner: filled(value[inner], inner, operation, here) for inner in value}
    if isinstance(value, list):
        return [filled(item, name, operation, here) for item in value]
    if name == "token":
        return here.id_of(name, operation)
    if name in SECRET:
        return VALUES[name](here)
    if value != ID:
        return value
    is_assignee = (operation.id, name) in {("run_batch", "user_id"), ("run_import", "4e72c0de")}
    return here.member.id if is_assignee else here.id_of(name, operation)


@pytest.mark.parametrize(("operation", "example"), EXAMPLES)
async def test_an_example_of_a_request_succeeds(
    api: Api, operation: Operation, example: Json
) -> None:
    """Seen to fail with an example of an unknown field, and of an event that is not there."""
    here = await scene(api, "anna")
    asked = request(here, operation)
    asked.body = filled(example, "", operation, here)
    answer = await asked.send()
    assert answer.is_success, answer.text
