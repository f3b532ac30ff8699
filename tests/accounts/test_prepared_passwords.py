"""Passwords in whatever way their letters are composed, and those that others guess."""

# ruff: noqa: RUF001  # letters of several scripts are what it is about

import time
import unicodedata

import asyncpg
import pytest
from argon2 import PasswordHasher

from api import PASSWORD, Api
from checks import invalid, refused
from doska.identity.credentials import ARGON2
from sign_ins import attempt, hashing

COMPOSED = "Пароль из слов, ё и й — café"
APART = unicodedata.normalize("NFD", COMPOSED)
NEW = "another horse battery 9"
WAYS = [
    (COMPOSED, APART),
    ("한국어 암호 구절", unicodedata.normalize("NFD", "한국어 암호 구절")),
    ("a\xa0plain\u2003space\u3000is", "a plain space is"),
    ("\u212b and \u2126 long", "\xc5 and \u03a9 long"),
]


@pytest.mark.parametrize(("one", "other"), WAYS)
async def test_a_password_is_right_in_whatever_way_it_is_composed(
    api: Api, one: str, other: str
) -> None:
    """Seen to fail with passwords that were hashed as typed."""
    for kept, typed in ((one, other), (other, one)):
        anna = await api.user("anna", password=kept)
        for password in (kept, typed):
            assert (await attempt(api.nobody(), "anna", password)).status_code == 200
        change = {"current_password": typed, "new_password": NEW}
        assert (await anna.put("/users/me/password", **change)).status_code == 204
        assert (await anna.delete(f"/users/{anna.id}")).status_code == 204


@pytest.mark.parametrize("almost", [COMPOSED.upper(), COMPOSED.replace("ё", "е"), COMPOSED + " "])
async def test_other_letters_are_another_password(api: Api, almost: str) -> None:
    await api.user("anna", password=COMPOSED)
    assert (await attempt(api.nobody(), "anna", almost)).status_code == 401


async def keep_as_typed(db: asyncpg.Connection, password: str) -> None:
    """Let the only account have a password as an earlier release has kept it."""
    kept = PasswordHasher(**ARGON2).hash(password)
    await db.execute("update users set password_hash = $1", kept)


@pytest.mark.parametrize("password", [APART, "spaces\xa0of\u2003old times"])
async def test_a_password_that_was_kept_as_typed_is_right_and_then_kept_prepared(
    api: Api, db: asyncpg.Connection, password: str
) -> None:
    """Seen to fail with passwords that were tried prepared alone, and with none that was renewed."""
    await api.user("anna")
    await keep_as_typed(db, password)
    prepared = unicodedata.normalize("NFC", password.replace("\xa0", " ").replace("\u2003", " "))
    assert (await attempt(api.nobody(), "anna", prepared)).status_code == 401
    for typed in (password, prepared, password):
        assert (await attempt(api.nobody(), "anna", typed)).status_code == 200


async def test_a_password_that_was_kept_as_typed_can_be_changed(
    api: Api, db: asyncpg.Connection
) -> None:
    anna = await api.user("anna")
    await keep_as_typed(db, APART)
    change = {"current_password": APART, "new_password": NEW}
    assert (await anna.put("/users/me/password", **change)).status_code == 204


@pytest.mark.parametrize(("password", "hashes"), [(APART, 2), (COMPOSED, 1), (PASSWORD + "?", 1)])
async def test_an_unknown_login_costs_what_a_wrong_password_does(
    api: Api, db: asyncpg.Connection, password: str, hashes: int
) -> None:
    """Seen to fail with a second try for those alone who exist."""
    await api.user("anna")
    await api.user("disabled", email="disabled@example.com")
    await db.execute("update users set is_active = false where username = 'disabled'")
    for login in ("anna", "anna@example.com", "nobody", "nobody@example.com", "disabled", "ａnnа"):
        with hashing() as asked:
            refused(await attempt(api.nobody(), login, password), 401, "wrong-credentials")
        assert asked == ["verify"] * hashes, login


async def test_a_password_is_counted_when_it_is_composed(api: Api) -> None:
    """Seen to fail with a count of what was typed, and with none at all."""
    longest = "e\u0301x" * 64
    await api.user("anna", password=longest)
    assert (await attempt(api.nobody(), "anna", longest)).status_code == 200
    for beyond in (longest + "x", "x" * 129, "e\u0301" * 129, "x" * 500_000):
        invalid(await attempt(api.nobody(), "anna", beyond), "/body/password")
    body = {"username": "boris", "email": "boris@example.com", "password": "e\u0301x" * 3}
    invalid(await api.nobody().post("/users", **body), "/body/password")


async def test_a_long_password_costs_no_time_to_prepare(api: Api) -> None:
    started = time.process_time()
    invalid(await attempt(api.nobody(), "anna", "e\u0301\u0323" * 80_000), "/body/password")
    assert time.process_time() - started < 1


GUESSED = [
    "пароль123", "йцукенгшщз", "ПАРОЛЬ123", "Пароль2024!", "йцукен123", "фывапролдж", "солнышко",
    "привет12345", "любовь123", "наташа1987", "123пароль", "пользователь", "администратор", "спартак1922",
    "доскадоска".replace("доскадоска", "доска2026"), "канбан123", "ёёёёёёёё", "ｐａｓｓｗｏｒｄ", "PASSWORD\uff11\uff12\uff13",
    "ｑwertyuiop", "анна петрова", "Анна\xa0 Петрова", "ＡＮＮＡ-PETROVA", "парольпароль",
]  # fmt: skip


@pytest.mark.parametrize("password", GUESSED)
async def test_a_password_that_others_guess_is_refused_in_any_script(
    api: Api, password: str
) -> None:
    """Seen to fail with a list of Latin words alone, and with one compared as typed."""
    body = {"username": "anna-petrova", "email": "a@example.com", "name": "Анна Петрова"}
    answer = await api.nobody().post("/users", **body, password=password)
    invalid(answer, "/body/password")
    assert answer.json()["errors"][0]["code"] == "password_common"
    anna = await api.user("anna-petrova", email="a@example.com", name="Анна Петрова")
    change = {"current_password": PASSWORD, "new_password": password}
    invalid(await anna.put("/users/me/password", **change), "/body/new_password")


@pytest.mark.parametrize(
    "password",
    ["пароль из слов", "йцукен верблюд", "солнышко и луна", "привет, Марс 7", "ёжик в тумане"],
)
async def test_a_phrase_with_a_common_word_is_taken(api: Api, password: str) -> None:
    await api.user("anna", password=password)
