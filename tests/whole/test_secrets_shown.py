"""What nobody is shown, whoever asks for whatever: hashes, others' e-mails, others' sign-ins."""

from collections.abc import AsyncIterator

import httpx
import pytest
from fastapi import FastAPI

from api import PASSWORD, Api, Person
from crowd import Crowd, kept_secrets, two_boards
from operations import OPERATIONS, Operation, request
from people import COOKIE, promote
from tokens import CLEAR

CALLERS = ("owner", "member", "stranger", "nobody", "administrator")
OF_ACCOUNTS = ("read_user", "list_users", "replace_user", "update_user")  # to administrators


@pytest.fixture(scope="module")
async def callers(
    app: FastAPI, database_url: str
) -> AsyncIterator[tuple[Crowd, dict[str, Person]]]:
    api = Api(app)
    async with two_boards(api, database_url) as made:
        root = await promote(made.db, await api.user())
        people = {"owner": made.own.owner, "member": made.own.member, "stranger": made.own.friend}
        await made.save()
        yield made, {**people, "nobody": api.nobody(), "administrator": root}


async def others_secrets(world: Crowd, caller: Person) -> set[str]:
    """Give all secrets but the caller's own e-mail, with the sign-ins and tokens of all others."""
    me = caller.me or {"id": None, "email": ""}
    sql = "select id::text from sessions where user_id is distinct from $1::uuid"
    sessions = {row["id"] for row in await world.db.fetch(sql, me["id"])}
    return (await kept_secrets(world.db) - {me["email"]}) | sessions | {"$argon2", PASSWORD}


def shown(answer: httpx.Response) -> str:
    """Give what a page can read of an answer."""
    headers = {k: v for k, v in answer.headers.items() if k != "set-cookie"}
    return f"{answer.text} {headers}"


@pytest.mark.parametrize("name", CALLERS)
@pytest.mark.parametrize("operation", OPERATIONS, ids=str)
async def test_no_answer_to_anybody_holds_what_is_not_theirs(
    callers: tuple[Crowd, dict[str, Person]], operation: Operation, name: str
) -> None:
    world, people = callers
    caller, cookies = people[name], httpx.Cookies(dict(people[name].client.cookies))
    asked = request(world.own, operation)
    proven = {str((asked.body or {}).get("email"))}  # one's own from now on
    if operation.id == "log_in":
        proven = {str((world.own.owner.me or {})["email"])}
    asked.person = caller
    secrets = await others_secrets(world, caller) - proven
    if name == "administrator" and operation.id in OF_ACCOUNTS:
        secrets = {secret for secret in secrets if "@" not in secret}
    answer = await asked.send()
    caller.client.cookies, told = cookies, shown(answer)
    assert not [secret for secret in secrets if secret in told]
    assert "eyJ" not in told or operation.id == "create_token"
    assert (CLEAR in told) is (operation.id == "create_token" and answer.is_success)
    if operation.is_writing:
        await world.restore()


async def test_whoever_asks_sees_their_own(callers: tuple[Crowd, dict[str, Person]]) -> None:
    """Else the test above would prove nothing."""
    world, people = callers
    owner = people["owner"]
    assert str((owner.me or {})["email"]) in shown(await owner.get("/users/me"))
    (session, *_) = await owner.items("/auth/sessions")
    assert session["id"] in await others_secrets(world, people["member"])
    assert owner.client.cookies[COOKIE].startswith("eyJ")
