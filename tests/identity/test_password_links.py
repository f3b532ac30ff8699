"""A forgotten password: an administrator hands over a link, by which a new one is set, once."""

import asyncio
from collections.abc import Awaitable, Callable

import asyncpg
import pytest

from api import PASSWORD, Api, Person
from audits import told
from checks import invalid, refused
from links import expire, password_link, void
from logs import audit_of, forget, logging
from people import another_device, promote
from tokens import holder, is_good, new_token

NEW = "another horse battery 9"
Deed = Callable[["Cast", asyncpg.Connection], Awaitable[object]]


class Cast:
    """Anna has forgotten her password; clara and dora are administrators."""

    def __init__(self, api: Api, anna: Person, clara: Person, dora: Person) -> None:
        self.api, self.anna, self.clara, self.dora = api, anna, clara, dora

    async def reset(self, token: str, password: str = NEW) -> int:
        answer = await self.api.nobody().post(
            "/auth/password/reset", token=token, new_password=password
        )
        if answer.status_code == 404:
            void(answer)
        return answer.status_code

    async def sign_in(self, password: str) -> int:
        name = (self.anna.me or {})["username"]
        answer = await self.api.nobody().post("/auth/login", login=name, password=password)
        return answer.status_code


@pytest.fixture
async def cast(api: Api, db: asyncpg.Connection) -> Cast:
    anna, clara, dora = [await api.user(name) for name in ("anna", "clara", "dora")]
    return Cast(api, anna, await promote(db, clara), await promote(db, dora))


async def test_a_link_sets_a_new_password_once_and_ends_all_sign_ins_and_tokens(
    cast: Cast,
) -> None:
    phone = await another_device(cast.api, cast.anna)
    script = holder(cast.api, await new_token(cast.anna))
    token = await password_link(cast.clara, cast.anna)
    assert await cast.reset(token) == 204
    assert (await phone.get("/users/me")).status_code == 401
    assert not await is_good(script)
    assert [await cast.sign_in(password) for password in (PASSWORD, NEW)] == [401, 200]
    assert await cast.reset(token) == 404


async def test_a_link_stands_in_the_fragment_and_only_its_hash_in_the_database(
    cast: Cast, db: asyncpg.Connection
) -> None:
    answer = await cast.clara.post(f"/users/{cast.anna.id}/password-link")
    address, _, token = answer.json()["url"].partition("#")
    assert address == "http://localhost:8000/password"
    assert len(token) == 43
    row = await db.fetchval("select row_to_json(l)::text from password_links l")
    assert token not in row
    left = await db.fetchval("select expires_at - now() from password_links")
    assert 3590 < left.total_seconds() <= 3600


async def by_a_further_link(cast: Cast, _: asyncpg.Connection) -> None:
    await password_link(cast.dora, cast.anna)


async def by_time(_: Cast, db: asyncpg.Connection) -> None:
    await expire(db, "password_links")


async def change_password(person: Person) -> None:
    body = {"current_password": PASSWORD, "new_password": NEW}
    assert (await person.put("/users/me/password", **body)).status_code == 204


async def by_ones_own_password(cast: Cast, _: asyncpg.Connection) -> None:
    await change_password(cast.anna)


async def by_the_makers_password(cast: Cast, _: asyncpg.Connection) -> None:
    await change_password(cast.clara)


async def by_a_reset_of_the_makers(cast: Cast, _: asyncpg.Connection) -> None:
    assert await cast.reset(await password_link(cast.dora, cast.clara)) == 204


def by_flag(name: str, **flag: bool) -> Deed:
    """Set a flag, and set it back: what is void stays so."""

    async def deed(cast: Cast, _: asyncpg.Connection) -> None:
        path = f"/users/{getattr(cast, name).id}"
        for value in (flag, {key: not given for key, given in flag.items()}):
            assert (await cast.dora.patch(path, **value)).status_code == 200

    return deed


async def by_deletion_of_the_maker(cast: Cast, _: asyncpg.Connection) -> None:
    assert (await cast.clara.delete(f"/users/{cast.clara.id}")).status_code == 204


async def by_deletion(cast: Cast, _: asyncpg.Connection) -> None:
    assert (await cast.anna.delete(f"/users/{cast.anna.id}")).status_code == 204


@pytest.mark.parametrize(
    "deed",
    [
        by_a_further_link,
        by_time,
        by_ones_own_password,
        by_the_makers_password,
        by_a_reset_of_the_makers,
        by_flag("clara", is_admin=False),
        by_flag("clara", is_active=False),
        by_flag("anna", is_active=False),
        by_deletion_of_the_maker,
        by_deletion,
    ],
    ids=lambda deed: deed.__name__,
)
async def test_a_link_is_voided(cast: Cast, db: asyncpg.Connection, deed: Deed) -> None:
    token = await password_link(cast.clara, cast.anna)
    await deed(cast, db)
    assert await cast.reset(token, "one more horse battery") == 404
    assert await cast.sign_in("one more horse battery") == 401


async def test_unknown_used_and_expired_links_get_one_answer(
    cast: Cast, db: asyncpg.Connection
) -> None:
    used, nobody = await password_link(cast.clara, cast.anna), cast.api.nobody()
    await cast.reset(used)
    expired = await password_link(cast.clara, cast.anna)
    await expire(db, "password_links")
    answers = [
        void(await nobody.post("/auth/password/reset", token=token, new_password=NEW))
        for token in ("x", "A" * 43, used, expired)
    ]
    assert all(answer == answers[0] for answer in answers)


async def test_a_password_that_is_refused_leaves_the_link_good(cast: Cast) -> None:
    token = await password_link(cast.clara, cast.anna)
    for weak in ("short", "password", "anna@example.com"):
        body = {"token": token, "new_password": weak}
        answer = await cast.api.nobody().post("/auth/password/reset", **body)
        invalid(answer, "/body/new_password")
    assert await cast.reset(token) == 204


async def test_of_two_at_once_one_sets_the_password(cast: Cast) -> None:
    token = await password_link(cast.clara, cast.anna)
    passwords = [f"{NEW} {number}" for number in range(4)]
    answers = await asyncio.gather(*(cast.reset(token, password) for password in passwords))
    assert sorted(answers) == [204, 404, 404, 404]
    assert await cast.sign_in(passwords[answers.index(204)]) == 200


async def test_who_makes_no_link(cast: Cast) -> None:
    """Others than administrators, access tokens, and nobody for themselves or who is disabled."""
    path = f"/users/{cast.anna.id}/password-link"
    refused(await cast.anna.post(path), 403, "for-administrators")
    refused(await cast.clara.post(f"/users/{cast.clara.id}/password-link"), 403, "not-for-oneself")
    script = holder(cast.api, await new_token(cast.clara, "admin"))
    refused(await script.post(path), 403, "only-in-person")
    await cast.clara.patch(f"/users/{cast.anna.id}", is_active=False)
    refused(await cast.clara.post(path), 409, "account-disabled")
    await cast.anna.api.work_off()
    await cast.clara.delete(f"/users/{cast.anna.id}")
    refused(await cast.clara.post(path), 404, "not-found")


async def test_making_and_using_a_link_is_audited_without_it(
    api: Api, db: asyncpg.Connection, database_url: str
) -> None:
    del api  # empties the tables afterwards
    async with logging(database_url) as (logged, written):
        anna, clara = await logged.user("anna"), await promote(db, await logged.user("clara"))
        forget(written)
        token = await password_link(clara, anna)
        body = {"token": token, "new_password": NEW}
        assert (await logged.nobody().post("/auth/password/reset", **body)).status_code == 204
        lines, text = audit_of(written), written.getvalue().decode()
    assert told(lines, "user", "target", "maker") == [
        ["password_link.made", clara.id, anna.id, None],
        ["password.reset", anna.id, anna.id, clara.id],
    ]
    assert token not in text
    assert NEW not in text
