"""What usernames are compared by, for accounts of before and of releases that do not know it."""

# ruff: noqa: RUF001  # letters of several scripts are what it is about

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import asyncpg
import pytest

from api import PASSWORD, Api
from apps import another_api
from checks import refused
from conftest import settings_for
from databases import a_database
from doctors import beside, says
from doska.postgres import backfill
from doska.postgres.migration import go_back, known_migrations, migrate
from sign_ins import attempt

BEFORE = next(
    int(known_migrations()[place - 1].partition("_")[0])
    for place, name in enumerate(known_migrations())
    if "username_keys" in name
)
# What a release that knows no keys writes: an account with the password of another.
INSERT = """
    insert into users (id, username, name, email, password_hash, avatar_url, created_at)
    select $1, $2, $2, $3, password_hash, avatar_url, now() + $4 * interval '1 second'
    from users where username = 'first'"""
KEYS = "select username, username_key, username_key_of from users order by created_at"


@pytest.fixture
async def migrated(server_url: str) -> AsyncIterator[str]:
    async with a_database(server_url) as url:
        await migrate(settings_for(url))
        yield url


@pytest.fixture
async def theirs(migrated: str) -> AsyncIterator[asyncpg.Connection]:
    connection = await asyncpg.connect(migrated)
    yield connection
    await connection.close()


async def insert(connection: asyncpg.Connection, *names: str) -> None:
    """Write accounts as an older release does, the oldest first."""
    for number, name in enumerate(names):
        await connection.execute(INSERT, uuid4(), name, f"user{number}@example.com", number)


async def keys(connection: asyncpg.Connection) -> dict[str, Any]:
    """Read the key of each name; False where none has been made."""
    rows = await connection.fetch(KEYS)
    return {
        row["username"]: row["username_key"] if row["username_key_of"] == row["username"] else False
        for row in rows
    }


async def test_of_two_names_that_mean_the_same_the_older_keeps_its_own(
    migrated: str, theirs: asyncpg.Connection, tmp_path: Path
) -> None:
    """And the younger signs in by e-mail, until it has another. Seen to fail with the younger first."""
    settings = settings_for(migrated)
    async with another_api(migrated) as api:
        await api.user("first")
        await go_back(settings, BEFORE)
        await insert(
            theirs, "νικος", "νικοσ", "ａｎｎａ", "anna", "straße", "strasse", "Борис", ".."
        )
        assert await migrate(settings) == list(known_migrations()[len_before() :])
        assert await keys(theirs) == {
            "first": "first", "νικος": "νικοσ", "νικοσ": None, "ａｎｎａ": "anna", "anna": None,
            "straße": "strasse", "strasse": None, "Борис": "борис", "..": "..",
        }  # fmt: skip
    async with another_api(migrated) as api:
        for login, name in (
            ("ΝΙΚΟΣ", "νικος"), ("νικοσ", "νικος"), ("user1@example.com", "νικοσ"), ("ANNA", "ａｎｎａ"),
            ("USER3@example.com", "anna"), ("Strasse", "straße"), ("user5@example.com", "strasse"),
            ("БОРИС", "Борис"), ("..", ".."),
        ):  # fmt: skip
            answer = await attempt(api.nobody(), login, PASSWORD)
            assert (answer.status_code, answer.json().get("username")) == (200, name), login
    found = await beside(tmp_path, migrated)
    told = [text for _, text in found["usernames"]]
    assert len(told) == 1
    assert all(f"{name} (" in told[0] for name in ("νικοσ", "anna", "strasse"))
    assert "Борис" not in told[0]


def len_before() -> int:
    return next(n for n, name in enumerate(known_migrations()) if "username_keys" in name)


async def test_who_has_lost_a_name_gets_it_when_it_is_free(
    migrated: str, theirs: asyncpg.Connection, tmp_path: Path
) -> None:
    settings = settings_for(migrated)
    async with another_api(migrated) as api:
        await api.user("first")
        await go_back(settings, BEFORE)
        await insert(theirs, "νικος", "νικοσ", "ΝΙΚΟΣ1")
        await migrate(settings)
    async with another_api(migrated) as api:
        younger = api.nobody()
        younger.me = (await attempt(younger, "user1@example.com", PASSWORD)).json()
        assert says(await beside(tmp_path, migrated), "usernames", "warn", "νικοσ (")
        refused(
            await younger.patch(f"/users/{younger.id}", username="ΝΙΚΟΣ"), 409, "already-exists"
        )
        renamed = await younger.patch(f"/users/{younger.id}", username="νικοσ2")
        assert renamed.status_code == 200
        assert "usernames" not in await beside(tmp_path, migrated)
        assert (await younger.patch(f"/users/{younger.id}", username="ΝΙΚΟΣ2")).status_code == 200
        await theirs.execute("update users set username = 'x' where username = 'νικος'")
        again = await younger.patch(f"/users/{younger.id}", username="νικοσ")
        assert again.status_code == 200
        assert (await attempt(api.nobody(), "ΝΙΚΟΣ", PASSWORD)).json()["username"] == "νικοσ"


async def test_the_next_start_gives_a_free_name_to_who_has_lost_it(
    migrated: str, theirs: asyncpg.Connection
) -> None:
    settings = settings_for(migrated)
    async with another_api(migrated) as api:
        await api.user("first")
        await go_back(settings, BEFORE)
        await insert(theirs, "νικος", "νικοσ")
        await migrate(settings)
        await theirs.execute("update users set username = 'x' where username = 'νικος'")
        assert await migrate(settings) == []
        assert await keys(theirs) == {"first": "first", "x": "x", "νικοσ": "νικοσ"}


async def test_an_older_release_beside_this_one_goes_on(
    migrated: str, theirs: asyncpg.Connection
) -> None:
    """It registers and renames without keys. Seen to fail with a key that outlived its name."""
    async with another_api(migrated) as api:
        await api.user("first")
        await api.user("anna")
        await insert(theirs, "Борис")
        await theirs.execute("update users set username = 'Hanna' where username = 'anna'")
        for login, name in (("БОРИС", "Борис"), ("HANNA", "Hanna"), ("first", "first")):
            answer = await attempt(api.nobody(), login, PASSWORD)
            assert (answer.status_code, answer.json().get("username")) == (200, name)
        assert (await attempt(api.nobody(), "anna", PASSWORD)).status_code == 401
        await api.user("ａnna", email="another@example.com")
        assert await keys(theirs) == {
            "first": "first", "Hanna": False, "ａnna": "anna", "Борис": False,
        }  # fmt: skip
        await migrate(settings_for(migrated))
        assert await keys(theirs) == {
            "first": "first", "Hanna": "hanna", "ａnna": "anna", "Борис": "борис",
        }  # fmt: skip


async def test_more_names_than_are_filled_at_once_are_all_filled(
    migrated: str, theirs: asyncpg.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The older keeps its name across two parts. Seen to fail with parts by id."""
    monkeypatch.setattr(backfill, "_WITHOUT", backfill._WITHOUT.replace("limit 1000", "limit 3"))  # noqa: SLF001
    async with another_api(migrated) as api:
        await api.user("first")
        await insert(theirs, *(f"ν{number}" for number in range(6)), "νς", "νσ")
        await migrate(settings_for(migrated))
        assert list((await keys(theirs)).values()) == [
            "first",
            *(f"ν{n}" for n in range(6)),
            "νσ",
            None,
        ]


async def test_of_two_who_register_the_same_name_at_once_one_is_refused(
    api: Api, db: asyncpg.Connection
) -> None:
    names = ["νικος", "ΝΙΚΟΣ", "νικοσ", "ΝΙΚΟς"]
    bodies = [
        {"username": name, "email": f"user{n}@example.com", "password": PASSWORD}
        for n, name in enumerate(names)
    ]
    answers = await asyncio.gather(*(api.nobody().post("/users", **body) for body in bodies))
    assert sorted(answer.status_code for answer in answers) == [201, 409, 409, 409]
    assert await db.fetchval("select count(*) from users") == 1
