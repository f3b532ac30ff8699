"""Passwords that fail: what is counted, who must wait, and who never must."""

import asyncpg
import pytest

from api import PASSWORD, Api
from apps import another_api
from checks import refused
from sign_ins import (
    ATTACKER,
    ELSEWHERE,
    SLACK_SECONDS,
    WRONG,
    at,
    attempt,
    counted,
    fail,
    hashing,
    pass_time,
    set_failures,
)
from statements import watching

NEW_PASSWORD = "another horse battery 9"
HOUR = 3600


async def test_after_five_failures_even_the_right_password_must_wait(
    api: Api, db: asyncpg.Connection
) -> None:
    """Seen to fail with counters that a failure cleared, and with nothing counted."""
    await api.user("anna")
    attacker = at(api, ATTACKER)
    await fail(attacker, 5)
    await pass_time(db, -SLACK_SECONDS)
    held = await attempt(attacker, password=PASSWORD)
    refused(held, 429, "too-many-attempts")
    assert SLACK_SECONDS - 10 < int(held.headers["retry-after"]) <= SLACK_SECONDS + 1
    assert "set-cookie" not in held.headers
    await pass_time(db, SLACK_SECONDS + 1)
    assert (await attempt(attacker, password=PASSWORD)).status_code == 200


@pytest.mark.parametrize(
    ("failures", "seconds"), [(5, 1), (6, 2), (9, 16), (14, 512), (15, 900), (20_000, 900)]
)
async def test_the_wait_doubles_up_to_a_quarter_of_an_hour(
    api: Api, db: asyncpg.Connection, failures: int, seconds: float
) -> None:
    """Seen to fail with a wait that grew by a second each time."""
    await api.user("anna")
    attacker = at(api, ATTACKER)
    await fail(attacker)
    await db.execute("delete from login_failures where login = ''")
    await set_failures(db, failures, seconds - SLACK_SECONDS)
    held = await attempt(attacker, password=PASSWORD)
    assert held.status_code == 429
    assert SLACK_SECONDS - 10 < int(held.headers["retry-after"]) <= SLACK_SECONDS
    await set_failures(db, failures, seconds)
    assert (await attempt(attacker, password=PASSWORD)).status_code == 200


async def test_who_is_held_back_costs_one_statement_and_no_hash(
    api: Api, db: asyncpg.Connection
) -> None:
    """Seen to fail with the check after the hash, and with held back attempts that counted."""
    await api.user("anna")
    attacker = at(api, ATTACKER)
    await fail(attacker, 5)
    await pass_time(db, -SLACK_SECONDS)
    async with watching() as sent:
        with hashing() as asked:
            for password in (WRONG, PASSWORD, WRONG):
                assert (await attempt(attacker, password=password)).status_code == 429
    assert asked == []
    assert len(sent) == 3
    assert await counted(db) == {ATTACKER: [5, 5]}


async def test_the_right_password_from_elsewhere_enters_whatever_is_held_back(
    api: Api, db: asyncpg.Connection
) -> None:
    """Seen to fail with a counter of the login alone: anybody could have kept anna out."""
    await api.user("anna")
    await fail(at(api, ATTACKER), 5)
    await set_failures(db, 1000)
    assert (await attempt(at(api, ATTACKER), password=PASSWORD)).status_code == 429
    for login in ("anna", "anna@example.com"):
        answer = await attempt(at(api, ELSEWHERE), login, PASSWORD)
        assert answer.status_code == 200
    assert await counted(db) == {ATTACKER: [1000, 1000]}


async def test_many_logins_from_one_source_are_held_back_together(
    api: Api, db: asyncpg.Connection
) -> None:
    """Seen to fail without the source's own counter."""
    await api.user("anna")
    attacker = at(api, ATTACKER)
    for number in range(20):
        await fail(attacker, login=f"name-{number}")
    await pass_time(db, -SLACK_SECONDS)
    refused(await attempt(attacker, password=PASSWORD), 429, "too-many-attempts")
    assert (await attempt(at(api, ELSEWHERE), password=PASSWORD)).status_code == 200
    assert await counted(db) == {ATTACKER: [20, *[1] * 20]}


async def test_a_success_clears_what_failed_at_this_login_from_there(
    api: Api, db: asyncpg.Connection
) -> None:
    """Seen to fail with a success that cleared nothing, and with one that cleared the source."""
    await api.user("anna")
    for place in (ATTACKER, ELSEWHERE):
        await fail(at(api, place), 4)
    assert (await attempt(at(api, ELSEWHERE), password=PASSWORD)).status_code == 200
    assert await counted(db) == {ATTACKER: [4, 4], ELSEWHERE: [4]}
    await fail(at(api, ELSEWHERE), 4)


async def test_ones_own_account_clears_nothing_of_others(api: Api, db: asyncpg.Connection) -> None:
    """Seen to fail with a success that cleared the source's counter, too."""
    await api.user("mallory")
    attacker = at(api, ATTACKER)
    for number in range(20):
        await fail(attacker, login=f"name-{number}")
        if number < 19:
            assert (await attempt(attacker, "mallory", PASSWORD)).status_code == 200
    await pass_time(db, -SLACK_SECONDS)
    assert (await attempt(attacker, "mallory", PASSWORD)).status_code == 429


async def test_case_makes_no_new_login(api: Api, db: asyncpg.Connection) -> None:
    """Seen to fail with digests of what was typed, letter by letter."""
    await api.user("Жанна", email="j@example.com")
    for login in ("Жанна", "ЖАННА", " жанна "):
        await fail(at(api, ATTACKER), login=login)
    assert await counted(db) == {ATTACKER: [3, 3]}


@pytest.mark.usefixtures("api")
async def test_all_processes_count_together_and_a_new_one_remembers(
    database_url: str, db: asyncpg.Connection
) -> None:
    """Seen to fail with a key of its own in each process."""
    async with another_api(database_url) as one:
        await one.user("anna")
        await fail(at(one, ATTACKER), 3)
        async with another_api(database_url) as other:
            await fail(at(other, ATTACKER), 2)
            await pass_time(db, -SLACK_SECONDS)
            assert (await attempt(at(other, ATTACKER), password=PASSWORD)).status_code == 429
        assert (await attempt(at(one, ATTACKER), password=PASSWORD)).status_code == 429
    async with another_api(database_url) as restarted:
        assert (await attempt(at(restarted, ATTACKER), password=PASSWORD)).status_code == 429


async def test_what_is_older_than_a_day_is_forgotten(api: Api, db: asyncpg.Connection) -> None:
    """Seen to fail with a sweep that was left out, and with old failures that were added to."""
    await api.user("anna")
    for number in range(3):
        await fail(at(api, f"192.0.2.{number}"))
    await fail(at(api, ATTACKER), 2)
    await set_failures(db, 1000, 24 * HOUR + 1)
    await fail(at(api, ATTACKER))
    assert (await counted(db))[ATTACKER] == [1, 1]
    await fail(at(api, ATTACKER), 2)
    assert await counted(db) == {ATTACKER: [3, 3]}


async def test_a_clock_set_back_keeps_nobody_waiting(api: Api, db: asyncpg.Connection) -> None:
    """Seen to fail with failures of tomorrow that were believed."""
    await api.user("anna")
    await fail(at(api, ATTACKER))
    await set_failures(db, 1000, -25 * HOUR)
    assert (await attempt(at(api, ATTACKER), password=PASSWORD)).status_code == 200


async def test_an_offices_slips_of_a_day_do_not_add_up(api: Api, db: asyncpg.Connection) -> None:
    """Seen to fail when the source's counter forgot nothing."""
    await fail(at(api, ATTACKER))
    await set_failures(db, 19, HOUR)
    await fail(at(api, ATTACKER), login="another")
    assert await counted(db) == {ATTACKER: [1, 1, 19]}
    await set_failures(db, 30, HOUR / 2)
    await fail(at(api, ATTACKER), login="another")
    assert (await counted(db))[ATTACKER] == [21, 30, 31]


async def test_the_password_that_one_has_can_be_guessed_no_faster(
    api: Api, db: asyncpg.Connection
) -> None:
    """Seen to fail with a change of password that was not counted."""
    anna = await api.user("anna")
    wrong = {"current_password": WRONG, "new_password": NEW_PASSWORD}
    right = {**wrong, "current_password": PASSWORD}
    thief = at(api, ATTACKER, anna)
    for _ in range(5):
        assert (await thief.put("/users/me/password", **wrong)).status_code == 422
    await pass_time(db, -SLACK_SECONDS)
    with hashing() as asked:
        refused(await thief.put("/users/me/password", **right), 429, "too-many-attempts")
    assert asked == []
    assert (await at(api, ELSEWHERE, anna).put("/users/me/password", **right)).status_code == 204
    assert await counted(db) == {ATTACKER: [5, 5]}


async def test_a_changed_password_clears_what_failed_before(
    api: Api, db: asyncpg.Connection
) -> None:
    """Seen to fail with a success that cleared nothing."""
    anna = await api.user("anna")
    change = {"current_password": WRONG, "new_password": NEW_PASSWORD}
    for _ in range(4):
        assert (await anna.put("/users/me/password", **change)).status_code == 422
    answer = await anna.put("/users/me/password", **{**change, "current_password": PASSWORD})
    assert answer.status_code == 204
    assert await counted(db) == {"127.0.0.1": [4]}
