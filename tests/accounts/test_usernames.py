"""Names that mean one account, in whatever way they are typed; and what may become one."""

# ruff: noqa: RUF001  # letters of many scripts are what it is about

import unicodedata
from typing import Any

import asyncpg
import jsonschema_rs
import pytest

from api import PASSWORD, Api
from checks import invalid, refused
from operations import DOCUMENT
from sign_ins import ATTACKER, at, attempt, counted, fail

SCHEMAS = DOCUMENT["components"]["schemas"]

# What is registered, and what means the same.
SAME = [
    ("anna", "ANNA"),
    ("anna", "ａｎｎａ"),
    ("Νίκος", "ΝΊΚΟΣ"),
    ("νικος", "νικοσ"),
    ("νικος.α", "ΝΙΚΟΣ.Α"),
    ("straße", "STRASSE"),
    ("straße", "STRAẞE"),
    ("Жанна-ё", "жАННА-Ё"),
    ("Николай", "Николаи\u0306"),
    ("İlker", "i\u0307lker"),
    ("Սևակ", "ՍԵՒԱԿ"),
    ("น้ำ", "น\u0e49\u0e4d\u0e32"),
    ("ﬁona", "Fiona"),
    ("東京", "\u6771\u4eac"),
    ("カナ", "ｶﾅ"),
]


def new(username: str, **fields: Any) -> dict[str, Any]:
    return {"username": username, "email": "second@example.com", "password": PASSWORD, **fields}


@pytest.mark.parametrize(("taken", "again"), SAME)
async def test_a_name_is_taken_in_whatever_way_it_is_typed(
    api: Api, db: asyncpg.Connection, taken: str, again: str
) -> None:
    """Seen to fail with names that were compared by SQL's lower()."""
    for first, second in ((taken, again), (again, taken)):
        anna = await api.user(first, email="first@example.com")
        other = await api.user("other", email="other@example.com")
        refused(await api.nobody().post("/users", **new(second)), 409, "already-exists")
        refused(await other.patch(f"/users/{other.id}", username=second), 409, "already-exists")
        assert (await anna.patch(f"/users/{anna.id}", username=second)).status_code == 200
        for person in (anna, other):
            assert (await person.delete(f"/users/{person.id}")).status_code == 204
        await db.execute("delete from login_failures")


@pytest.mark.parametrize(("name", "typed"), SAME)
async def test_who_types_a_name_in_another_way_signs_in(api: Api, name: str, typed: str) -> None:
    """Seen to fail with names that were compared by SQL's lower()."""
    await api.user(name, email="anna@example.com")
    for login in (name, typed, f" {typed} ", "ANNA@Example.com", "ａｎｎａ＠example.com"):
        answer = await attempt(api.nobody(), login, PASSWORD)
        assert answer.status_code == 200, login
        assert answer.json()["username"] == unicodedata.normalize("NFC", name)


@pytest.mark.parametrize(("name", "typed"), [*SAME, ("annie", "ＡnnＩe"), ("anni̇e", "annİe")])
async def test_a_name_has_one_counter_in_whatever_way_it_is_typed(
    api: Api, db: asyncpg.Connection, name: str, typed: str
) -> None:
    """Seen to fail with digests of what case folding alone makes of a name."""
    for login in (name, typed, typed.upper() if typed.isascii() else name):
        await fail(at(api, ATTACKER), login=login)
    assert await counted(db) == {ATTACKER: [3, 3]}


async def test_what_finds_no_account_counts_for_none(api: Api, db: asyncpg.Connection) -> None:
    """``İ`` is no ``i``, whatever a database's locale makes of it: no counter beside one's own."""
    await api.user("annie")
    for login in ("annİe", "annıe", "аnnie"):
        assert (await attempt(at(api, ATTACKER), login, PASSWORD)).status_code == 401
    assert await counted(db) == {ATTACKER: [3, 1, 1, 1]}


KEPT_APART = [("anna", "аппа"), ("ılker", "ilker"), ("пётр", "петр"), ("café", "cafe")]


@pytest.mark.parametrize(("one", "other"), KEPT_APART)
async def test_other_letters_are_other_names(api: Api, one: str, other: str) -> None:
    await api.user(one, email="one@example.com")
    await api.user(other, email="other@example.com")


ONE_SCRIPT = [
    "anna", "anna.petrova_2-x", "Жанна2", "Νίκος", "Սևակ", "דוד1", "محمد", "محمد۱", "शर्मा", "हिन्दी",
    "தமிழ்", "অনিক", "বাংলা", "မောင်", "น้ำ", "ไทย", "ລາວ", "ខ្មែរ", "ქეთი", "አበበ", "김철수", "田中たろう",
    "ヒロシ", "田中tanaka", "李明li", "ㄅㄆ李", "김minsu", "ਸਿੰਘ", "ગુજરાતી", "తెలుగు", "ಕನ್ನಡ", "മലയാളം",
    "සිංහල", "བོད་ཡིག".replace("་", ""), "ⵎⵓⵃⴰ", "éva", "e\u0301va", "ﬁona", "a.b.c", ".anna", "anna.",
]  # fmt: skip


@pytest.mark.parametrize("name", ONE_SCRIPT)
async def test_a_name_may_be_in_any_script_with_its_marks(api: Api, name: str) -> None:
    """Seen to fail with Python's ``\\w``, which knows no marks."""
    person = await api.user(name, email="anna@example.com")
    assert person.me
    assert person.me["username"] == unicodedata.normalize("NFC", name)
    assert is_said("UserNew", name)
    assert (await attempt(api.nobody(), name, PASSWORD)).status_code == 200


MIXED = [
    "аnna", "аннa", "Ωmega", "anna\u0663", "τanya", "ひらがなХ", "ㄅカナ", "김ひ", "दeva", "anna二ж",
    "а\u0301nna", "1דוד", "דוד-",
]  # fmt: skip
NO_NAMES = ["..", "a..b", "a..", "--", "__", "._", "\u0301anna", "ㅤㅤ", "ᅟᅠ", "anna\u034f"]
NO_SIGNS = [
    "an na", "anna!", "an\u200bna", "an\u200dna", "an\u202ena", "anna\ufeff", "a@b", "a/b", "an\u00b7na",
    "an’na", "\u00adanna", "an\U000e0041na", "“anna”", "a、b", "★★", "an\u2800",
]  # fmt: skip


@pytest.mark.parametrize("name", [*MIXED, *NO_NAMES, *NO_SIGNS])
async def test_a_name_that_is_taken_for_another_or_for_none_is_refused(
    api: Api, db: asyncpg.Connection, name: str
) -> None:
    """Seen to fail with names of any letters, and with two dots."""
    answer = await api.nobody().post("/users", **new(name))
    invalid(answer, "/body/username")
    anna = await api.user("boris")
    invalid(await anna.patch(f"/users/{anna.id}", username=name), "/body/username")
    body = {"username": name, "email": "boris@example.com"}
    invalid(await anna.put(f"/users/{anna.id}", **body), "/body/username")
    assert await db.fetchval("select count(*) from users") == 1


@pytest.mark.parametrize("name", ["аnna", "..", "a..b", "--", "дimа", "1דוד"])
async def test_a_name_of_before_stays(api: Api, db: asyncpg.Connection, name: str) -> None:
    """Seen to fail with a rule that was asked of every name."""
    anna = await api.user("anna")
    await db.execute(
        "update users set username = $1, username_key = $1, username_key_of = $1", name
    )
    assert (await attempt(api.nobody(), name, PASSWORD)).status_code == 200
    kept = {"username": name, "email": "anna@example.com"}
    answer = await anna.put(f"/users/{anna.id}", **kept, name="New")
    assert (answer.status_code, answer.json()["username"]) == (200, name)
    assert (await anna.patch(f"/users/{anna.id}", username=name, name="X")).status_code == 200
    assert is_said("UserIn", name)
    assert is_said("UserPatch", name)


def is_said(schema: str, name: str) -> bool:
    """Tell whether the document takes a username."""
    described = {**SCHEMAS[schema]["properties"]["username"], "components": DOCUMENT["components"]}
    return bool(jsonschema_rs.validator_for(described).is_valid(name))


@pytest.mark.parametrize("name", ["..", "a..b", "a..", "an na", "anna!", "a@b", "a/b", "★★", "“a”"])
def test_the_document_says_what_of_that_a_pattern_can_say(name: str) -> None:
    assert not is_said("UserNew", name)
