"""Where an operation takes the id of something, and how another's is put there."""

import json
from collections.abc import Iterator

import pytest

from api import Json
from operations import OPERATIONS, Operation, Request, Scene, request

CANARY = "canary4711"

# Anyone signed in may know of another person; adding one to a board is what an invitation is for.
KNOWN_TO_ALL = {
    ("read_user", "user_id"),
    ("read_avatar", "user_id"),
    ("list_boards_of_user", "user_id"),
    ("add_person", "user_id"),
    ("run_import", "people"),  # judged when it is run: tests/doors/test_imports
    ("create_password_link", "user_id"),  # by administrators, who know all accounts
}
PEOPLE = {"user_id", "actor_id", "assignee_id", "assignee_ids", "author_id"}


def places(operation: Operation) -> Iterator[tuple[str, str]]:
    """List where the operation takes an id of something that exists: the place and the name."""
    for where in ("path", "query"):
        for parameter in operation.parameters(where):
            if "uuid" in json.dumps(parameter["schema"]):
                yield where, parameter["name"]
    for name, schema in operation.fields.items():
        if "uuid" in json.dumps(schema) and name != "id":
            yield "body", name


Place = tuple[Operation, str, str]
PLACES: list[Place] = [
    (operation, where, name)
    for operation in OPERATIONS
    for where, name in places(operation)
    if (operation.id, name) not in KNOWN_TO_ALL
]
OF_THINGS = [place for place in PLACES if place[2] not in PEOPLE]
OF_THE_SAME_BOARD = [
    (operation, where, name)
    for operation, where, name in OF_THINGS
    if name in ("before", "after", "to")
    or (where == "body" and name == "column_id" and "{task_id}" in operation.path)
]
IN_BODIES = [place for place in OF_THINGS if place[1] == "body" and place[2].endswith("_id")]


def each(found: list[Place]) -> pytest.MarkDecorator:
    """Run a test for each of these places."""
    names = [f"{operation.id}-{where}-{name}" for operation, where, name in found]
    return pytest.mark.parametrize(("operation", "where", "name"), found, ids=names)


def put(asked: Request, where: str, name: str, foreign: Scene) -> None:
    """Replace one id by that of another scene."""
    is_list = name.endswith("_ids")
    value = foreign.id_of(name.removesuffix("s") if is_list else name, asked.operation)
    if where == "body":
        body = asked.body or {}
        if name in ("before", "after"):
            body.pop("at", None)
        body[name] = [value] if is_list else value
    else:
        getattr(asked, where)[name] = value


LISTS = [
    operation
    for operation in OPERATIONS
    if "Page" in json.dumps(operation.described["responses"].get("200", {}))
]


def listings(own: Scene, foreign: Scene, operation: Operation) -> Iterator[Request]:
    """Ask for a list in every way in which something of the other scene could be in it."""
    queries: list[Json] = [{}, {"q": CANARY}, {"archived": "all"}, {"sort": "title"}]
    queries += [{"visibility": "public"}, {"visibility": "all"}]
    queries += [{"assignee_id": foreign.member.id}, {"board_id": foreign.ids["board_id"]}]
    names = {parameter["name"] for parameter in operation.parameters("query")}
    for query in queries:
        asked = request(own, operation)
        asked.query = {name: value for name, value in query.items() if name in names}
        yield asked
