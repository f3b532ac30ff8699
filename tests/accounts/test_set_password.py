"""A forgotten password: whoever runs Doska gives a new one, beside the running server."""

import re
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from api import PASSWORD, Json
from people import COOKIE
from programs import Served, a_data_folder, complaint, run, serving
from served import registered
from stream_client import opened_with, until_dropped

NEW = "another horse battery"


@pytest.fixture(scope="module")
def folder() -> Iterator[Path]:
    with a_data_folder() as place:
        yield place


@pytest.fixture(scope="module")
def served(folder: Path) -> Iterator[Served]:
    with serving(folder, REQUESTS_A_MINUTE="0", SIGN_IN_ATTEMPTS_A_MINUTE="1000") as server:
        yield server


async def status_of(served: Served, login: str, password: str) -> int:
    async with served.client() as client:
        body = {"login": login, "password": password}
        return (await client.post("/auth/login", json=body)).status_code


async def person(client: httpx.AsyncClient, name: str) -> Json:
    body = {"username": name, "email": f"{name}@example.com", "password": PASSWORD}
    return dict((await client.post("/users", json=body)).raise_for_status().json())


async def test_a_new_password_is_made_and_told_and_the_old_one_is_wrong(served: Served) -> None:
    async with served.client() as client:
        await person(client, "berta")
    told = run("set-password", "BERTA", folder=served.folder).stdout
    match = re.fullmatch(
        r"berta has a new password, and is signed out everywhere\. Password: (\S{20})\n", told
    )
    assert match, told
    assert await status_of(served, "berta", PASSWORD) == 401
    assert await status_of(served, "berta", match[1]) == 200


async def test_a_password_is_read_and_not_told_and_an_address_names_somebody_too(
    served: Served,
) -> None:
    async with served.client() as client:
        await person(client, "carl")
    flags = ["set-password", "carl@EXAMPLE.com", "--password-stdin"]
    told = run(*flags, folder=served.folder, stdin=f"{NEW}\n").stdout
    assert told == "carl has a new password, and is signed out everywhere.\n"
    assert await status_of(served, "carl", NEW) == 200


async def test_whoever_was_signed_in_by_the_old_one_is_out_at_once(served: Served) -> None:
    """By cookie, by access token, and whoever follows a board live; others stay.

    Seen to fail when sign-ins, and when notifications, were forgotten.
    """
    async with served.client() as client, served.client() as other:
        board, cookie = await registered(client), client.cookies[COOKIE]
        await person(other, "emil")
        body = {"name": "Nightly", "scope": "read"}
        token = (await client.post("/auth/tokens", json=body)).raise_for_status().json()["token"]
        opening = opened_with(served.url, board, cookie=f"{COOKIE}={cookie}")
        async with until_dropped(opening) as watch:
            assert await watch.block()
            run("set-password", "anna", folder=served.folder)
            assert await watch.ends() == []
        assert (await client.get("/users/me")).status_code == 401
        assert (await other.get("/users/me")).status_code == 200
        client.cookies.clear()
        by_token = {"authorization": f"Bearer {token}"}
        assert (await client.get("/tasks", headers=by_token)).status_code == 401


@pytest.mark.parametrize(
    ("login", "password", "told"),
    [
        ("nobody", NEW, "No account has this username or e-mail address."),
        ("dora", "dora", "password should"),
        ("dora", "password", "password should not be one that others guess"),
        ("dora", "", "password should"),
    ],
)
async def test_what_cannot_be_is_told_in_one_line_and_changes_nothing(
    served: Served, login: str, password: str, told: str
) -> None:
    async with served.client() as client:
        if await status_of(served, "dora", PASSWORD) == 401:
            await person(client, "dora")
    flags = ["set-password", login, "--password-stdin"]
    assert complaint(*flags, folder=served.folder, stdin=password).startswith(told)
    assert await status_of(served, "dora", PASSWORD) == 200


async def test_a_name_means_its_account_in_whatever_way_it_is_typed(served: Served) -> None:
    """Seen to fail with names that were compared by SQL's upper()."""
    async with served.client() as client:
        body = {"username": "νίκος", "email": "n@example.com", "password": PASSWORD}
        (await client.post("/users", json=body)).raise_for_status()
    for typed in ("νίκοσ", "ΝΊΚΟΣ", "\uff2e@example.com"):
        told = run(
            "set-password", typed, "--password-stdin", folder=served.folder, stdin=f"{NEW}\n"
        )
        assert told.stdout.startswith("νίκος has a new password"), typed
