"""Every operation of the OpenAPI document with access tokens of every kind."""

from collections.abc import AsyncIterator

import asyncpg
import pytest
from fastapi import FastAPI

from api import Api
from conftest import emptied
from matrix_rows import MATRIX, Row, answer
from matrix_world import AS_PERSON, World, build_world
from operations import OPERATIONS, Operation

RULES = {
    f"{operation.method.upper()} {operation.path}": {
        rule["rule"] for rule in operation.described["x-access"]
    }
    for operation in OPERATIONS
}
# Whose token it is, its scope, and whether it is for their home board only.
KINDS = [
    ("OBSERVER", "write"), ("COMMENTER", "write"), ("MEMBER", "read"), ("MEMBER", "write"), ("CREATOR", "read"),
    ("CREATOR", "write"), ("CREATOR", "write at home"), ("CREATOR", "read at home"),
    ("administrator", "read"), ("administrator", "write"), ("administrator", "admin"),
    ("administrator", "admin at home"), ("disabled", "write"), ("stranger", "write"),
    ("passer-by", "write"), ("passer-by", "read at home"),
]  # fmt: skip


@pytest.fixture(scope="module")
async def world(app: FastAPI, database_url: str) -> AsyncIterator[World]:
    connection = await asyncpg.connect(database_url)
    yield await build_world(Api(app), connection)
    await emptied(connection)
    await connection.close()


def expected(row: Row, caller: str, kind: str) -> str:
    """Tell what a token is answered from what its owner is, and what it is for."""
    scope, _, place = kind.partition(" ")
    rules = RULES[row.operation]
    if row.operation == "POST /users" and (caller, kind) != ("administrator", "admin"):
        return "401" if caller == "disabled" else "403"
    if rules == {"public"} or caller == "disabled":
        return row.expected[caller]
    if "person" in rules or (scope == "read" and row.method != "GET"):
        return "403"
    if place and row.operation in ("POST /boards", "POST /imports"):
        return "403"
    if (
        "all boards" in row.name and kind == "admin at home"
    ):  # all there are for it: one with columns
        return "200" if "columns" in row.operation else "none"
    is_stranger = place or (caller == "administrator" and scope != "admin")
    return row.expected["stranger" if is_stranger else caller]


@pytest.mark.parametrize("row", MATRIX, ids=lambda row: row.name)
async def test_a_token_may_what_its_owner_may_less_what_it_is_not_for(
    world: World, row: Row
) -> None:
    """Who is refused has changed not a row; who writes has.

    Seen to fail on each of these planted bugs: a scope `read` that writes, an administrator's flag
    that counts whatever the scope, lists without the boards of a token, a disabled account whose
    tokens are good, and tokens that make tokens.
    """
    for caller, kind in KINDS:
        token = world.tokens[AS_PERSON.get(caller, caller)][kind]["token"]
        found = await answer(world, row, caller, token)
        assert (caller, kind, found) == (caller, kind, expected(row, caller, kind))


def test_what_is_for_people_only_is_what_the_issue_names() -> None:
    """Seen to fail when the list of sign-ins was open to tokens."""
    people_only = {name for name, rules in RULES.items() if "person" in rules}
    accounts = {f"{method} /users/{{user_id}}" for method in ("PUT", "PATCH", "DELETE")}
    assert people_only == accounts | {
        "GET /auth/tokens",
        "POST /auth/tokens",
        "DELETE /auth/tokens/{token_id}",
        "GET /auth/sessions",
        "DELETE /auth/sessions/{session_id}",
        "POST /auth/logout",
        "PUT /users/me/password",
        "POST /users/{user_id}/password-link",
        "GET /boards/{board_id}/invitations",
        "POST /boards/{board_id}/invitations",
        "DELETE /invitations/{invitation_id}",
        "POST /invitations/accept",
    }


@pytest.mark.parametrize("operation", OPERATIONS, ids=str)
def test_the_document_says_which_scope_an_operation_needs(operation: Operation) -> None:
    ways = operation.described.get("security", [])
    rules = RULES[f"{operation.method.upper()} {operation.path}"]
    scope = "write" if operation.is_writing else "read"
    is_for_tokens = not (rules == {"public"} or "person" in rules)
    assert [way["token"] for way in ways if "token" in way] == [[scope]] * is_for_tokens
    assert operation.is_for_tokens == is_for_tokens
