"""Registering: what an account begins with, and what is refused."""

from typing import Any

import asyncpg
import httpx
import pytest

from api import PASSWORD, Api, Json
from apps import another_api
from people import moved, promote


def registration(**fields: Any) -> Json:
    return {"username": "anna", "email": "anna@example.com", "password": PASSWORD, **fields}


def refused_at(answer: httpx.Response, pointer: str) -> str:
    """Check that one value was refused; give the reason's code."""
    assert answer.status_code == 422, answer.text
    (error,) = answer.json()["errors"]
    assert error["pointer"] == pointer
    return str(error["code"])


async def test_registering_signs_in_and_answers_with_the_account(api: Api) -> None:
    anna = await api.user("anna", name="Anna Petrova")
    me = await anna.read("/users/me")
    assert me == anna.me
    assert (me["username"], me["name"]) == ("anna", "Anna Petrova")
    assert (me["email"], me["is_admin"], me["is_active"]) == ("anna@example.com", False, True)


async def test_name_and_picture_come_from_the_username_if_left_out(api: Api) -> None:
    me = (await api.user("anna")).me or {}
    assert me["name"] == "anna"
    assert me["avatar_url"] == f"/users/{me['id']}/avatar.svg"


@pytest.mark.parametrize(
    ("field", "taken", "again"),
    [
        ("username", "anna", "ANNA"),
        ("username", "Жанна-ё", "жАННА-Ё"),
        ("username", "Николай", "Николаи\u0306"),  # the same letter, composed and not
        ("email", "anna@example.com", "ANNA@Example.COM"),
    ],
)
async def test_a_taken_name_is_refused_in_any_case(
    api: Api, db: asyncpg.Connection, field: str, taken: str, again: str
) -> None:
    first = registration(username="first", email="first@example.com")
    await api.user(**{**first, field: taken})
    second = registration(username="second", email="second@example.com")
    answer = await api.nobody().post("/users", **{**second, field: again})
    assert answer.status_code == 409
    assert answer.json()["type"] == "/problems/already-exists"
    assert await db.fetchval("select count(*) from users") == 1


@pytest.mark.parametrize(
    "email",
    ["", "anna", "@example.com", "anna@", "a b@example.com", "a@b@c.de", "a@-b.de", "a@b..c"],
)
async def test_what_is_no_email_address_is_refused(api: Api, email: str) -> None:
    refused_at(await api.nobody().post("/users", **registration(email=email)), "/body/email")


@pytest.mark.parametrize(
    "username",
    ["", "a", "a" * 41, "anna petrova", "anna@home", "<b>anna</b>", "an\u202ena", "/../"],
)
async def test_what_is_no_username_is_refused(api: Api, username: str) -> None:
    answer = await api.nobody().post("/users", **registration(username=username))
    refused_at(answer, "/body/username")


@pytest.mark.parametrize(
    ("password", "code"),
    [
        ("short 7", "password_too_short"),
        ("password123", "password_common"),
        ("QwertyUIOP", "password_common"),
        ("aaaaaaaaaaaa", "password_common"),
        ("        ", "password_common"),
        ("*" * 10, "password_common"),  # what clients send whose models mask passwords
        ("Anna-Petrova", "password_common"),
        ("anna.petrova", "password_common"),
        ("Anna.Petrova@Example.com", "password_common"),
        ("x" * 64 + "y" * 65, "string_too_long"),
    ],
)
async def test_a_password_that_others_guess_is_refused(
    api: Api, db: asyncpg.Connection, password: str, code: str
) -> None:
    names = {"username": "anna-petrova", "email": "anna.petrova@example.com"}
    answer = await api.nobody().post("/users", **registration(**names, password=password))
    assert refused_at(answer, "/body/password") == code
    assert await db.fetchval("select count(*) from users") == 0


GOOD_PASSWORDS = [
    "12 chars, ok",
    "  spaced  at  both  ends  ",
    "пароль из слов",
    "🐴🔋📎✅🐴🔋📎✅",
    "\ttab\nline",
    "x" * 64 + "y" * 64,
]


@pytest.mark.parametrize("password", GOOD_PASSWORDS)
async def test_any_other_password_is_taken_exactly_as_it_is(api: Api, password: str) -> None:
    await api.user("anna", password=password)
    nobody = api.nobody()
    for almost in (password[:-1], password[:-1] + "?", "?" + password[1:]):
        assert (await nobody.post("/auth/login", login="anna", password=almost)).status_code == 401
    answer = await nobody.post("/auth/login", login="anna", password=password)
    assert answer.status_code == 200


async def test_spaces_around_a_password_count(api: Api) -> None:
    await api.user("anna", password="  spaced at both ends ")
    answer = await api.nobody().post("/auth/login", login="anna", password="spaced at both ends")
    assert answer.status_code == 401


async def test_a_new_user_has_a_private_board_with_a_column_for_each_status(api: Api) -> None:
    anna = await api.user()
    (board,) = await anna.items("/boards")
    columns = await anna.items(f"/boards/{board['id']}/columns")
    assert [column["status"] for column in columns] == ["TODO", "IN_PROGRESS", "DONE"]
    assert (board["role"], board["is_public"]) == ("CREATOR", False)
    stranger = await api.user()
    assert (await stranger.get(f"/boards/{board['id']}")).status_code == 404


async def test_a_refused_registration_leaves_nothing_behind(
    api: Api, db: asyncpg.Connection
) -> None:
    await api.user("anna")
    before = await db.fetchval("select count(*) from boards")
    await api.nobody().post("/users", **registration(email="other@example.com"))
    assert await db.fetchval("select count(*) from boards") == before
    assert await db.fetchval("select count(*) from sessions") == 1


@pytest.mark.parametrize("is_signed_in", [False, True])
async def test_a_closed_registration_takes_nobody(
    api: Api, db: asyncpg.Connection, database_url: str, *, is_signed_in: bool
) -> None:
    boris = await api.user("boris")
    async with another_api(database_url, registration="closed") as closed:
        person = moved(boris, closed) if is_signed_in else closed.nobody()
        answer = await person.post("/users", **registration())
    assert answer.status_code == 403
    assert answer.json()["type"] == "/problems/registration-closed"
    assert "set-cookie" not in answer.headers
    assert await db.fetchval("select count(*) from users where username = 'anna'") == 0


@pytest.mark.parametrize("setting", ["open", "closed"])
async def test_an_administrator_makes_an_account_and_stays_who_they_are(
    api: Api, db: asyncpg.Connection, database_url: str, setting: str
) -> None:
    admin = await promote(db, await api.user("admin"))
    async with another_api(database_url, registration=setting) as other:
        admin = moved(admin, other)
        answer = await admin.post("/users", **registration())
        assert answer.status_code == 201
        assert "set-cookie" not in answer.headers
        assert (await admin.read("/users/me"))["username"] == "admin"
    assert await db.fetchval("select count(*) from sessions") == 1
