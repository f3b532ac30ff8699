"""What people write comes back as it is; a title is a line that can be seen."""

# ruff: noqa: RUF001  # letters of many scripts are what it is about

import sys
import unicodedata
from typing import Any

import asyncpg
import jsonschema_rs
import pytest
import regex

from api import Api, Json, Person
from checks import invalid
from doska import texts
from operations import DOCUMENT

SCHEMAS = DOCUMENT["components"]["schemas"]
TEXTS = {
    "an indented first line": "    code\n  text",
    "spaces at the end": "two spaces  \n\n \t",
    "lines of Windows": "a\r\nb\r\n",
    "lines of an old Mac": "a\rb",
    "letters and their marks": unicodedata.normalize("NFD", "Ёлка, café, 한국"),
    "composed letters": "Ёлка, café, 한국",
    "a letter that NFC folds": "\ufa19 \u2126 \u212b",
    "what cannot be seen": "\u200b\ufeff\u3164",
    "what turns the direction": "\u202eabc\u202c \u2067אב\u2069",
    "emoji of several signs": "👩\u200d💻👍🏽🏴\U000e0067\U000e007f",
    "separators": "\u2028\u2029\u0085\xa0",
    "spaces only": "  \n ",
    "backslashes and quotes": '\\u0041 "\\n" \\',
}


def path_of(thing: Json) -> str:
    return f"/{'tasks' if 'number' in thing else 'boards'}/{thing['id']}"


async def desk(api: Api) -> tuple[Person, Json, Json]:
    anna = await api.user()
    board = await anna.board()
    return anna, board, await anna.column(board)


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)
async def test_a_description_comes_back_byte_for_byte(api: Api, text: str) -> None:
    """Seen to fail with one that was trimmed, with CR LF made LF, and with letters composed."""
    anna, board, column = await desk(api)
    for thing in (await anna.task(column, description=text), await anna.board(description=text)):
        assert thing["description"] == text
        replaced = await anna.put(path_of(thing), title="B", description="other")
        assert replaced.json()["description"] == "other"
        patched = await anna.patch(path_of(thing), description=text)
        assert patched.json()["description"] == text
        assert (await anna.read(path_of(thing)))["description"] == text
        again = await anna.put(path_of(thing), title="B", description=text)
        assert again.json()["version"] == patched.json()["version"], "nothing has changed"
    body = {"column_id": column["id"], "title": "C", "description": text}
    batch = await anna.post(
        f"/boards/{board['id']}/batch", operations=[{"op": "create_task", "body": body}]
    )
    assert batch.json()["results"][0]["description"] == text


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)
async def test_a_description_comes_back_byte_for_byte_when_a_change_is_taken_back(
    api: Api, text: str
) -> None:
    anna, board, column = await desk(api)
    task = await anna.task(column, description=text)
    await anna.patch(path_of(task), description="other")
    seq = (await anna.read(f"/boards/{board['id']}"))["seq"]
    assert (await anna.post(f"/boards/{board['id']}/undo", seq=seq)).status_code == 200
    assert (await anna.read(path_of(task)))["description"] == text


async def test_a_title_is_trimmed_and_composed(api: Api) -> None:
    anna, board, column = await desk(api)
    written, kept = " \t\u3000Cafe\u0301 \ufa19  x\xa0", "Café \u795e  x"
    for thing in (
        await anna.board(written), await anna.column(board, written),
        await anna.task(column, written), await anna.subtask(await anna.task(column), written),
    ):  # fmt: skip
        assert thing["title"] == kept


async def titled(api: Api) -> dict[str, tuple[Person, str, Json, str, int]]:
    """Give all that has a title or a name: who writes it, where, with what, as what, how long."""
    anna, board, column = await desk(api)
    task = await anna.task(column)
    subtask = await anna.subtask(task)
    until = {"scope": "read"}
    batch = f"/boards/{board['id']}/batch"
    return {
        "a board": (anna, "POST /boards", {}, "title", 200),
        "a board's patch": (anna, f"PATCH /boards/{board['id']}", {}, "title", 200),
        "a board's put": (anna, f"PUT /boards/{board['id']}", {}, "title", 200),
        "a board's first columns": (anna, "POST /boards", {"title": "A"}, "columns", 200),
        "a column": (anna, "POST /columns", {"board_id": board["id"]}, "title", 200),
        "a column's patch": (anna, f"PATCH /columns/{column['id']}", {}, "title", 200),
        "a column's put": (anna, f"PUT /columns/{column['id']}", {}, "title", 200),
        "a task": (anna, "POST /tasks", {"column_id": column["id"]}, "title", 500),
        "a task's patch": (anna, f"PATCH /tasks/{task['id']}", {}, "title", 500),
        "a task's put": (anna, f"PUT /tasks/{task['id']}", {}, "title", 500),
        "a task of a batch": (anna, f"POST {batch}", {"column_id": column["id"]}, "batch", 500),
        "a subtask": (anna, "POST /subtasks", {"task_id": task["id"]}, "title", 500),
        "a subtask's patch": (anna, f"PATCH /subtasks/{subtask['id']}", {}, "title", 500),
        "a subtask's put": (anna, f"PUT /subtasks/{subtask['id']}", {}, "title", 500),
        "a person": (anna, f"PATCH /users/{anna.id}", {}, "name", 200),
        "a token": (anna, "POST /auth/tokens", until, "name", 200),
    }


PLACES = (
    "a board", "a board's patch", "a board's put", "a board's first columns", "a column",
    "a column's patch", "a column's put", "a task", "a task's patch", "a task's put",
    "a task of a batch", "a subtask", "a subtask's patch", "a subtask's put", "a person", "a token",
)  # fmt: skip


class Place:
    """Where somebody writes a title."""

    def __init__(self, person: Person, where: str, body: Json, name: str, chars_max: int) -> None:
        self.person, self.body, self.name, self.chars_max = person, body, name, chars_max
        self.method, self.path = where.split(" ")

    async def write(self, title: str) -> Any:
        body, self.pointer = {**self.body, self.name: title}, f"/body/{self.name}"
        if self.name == "columns":
            body, self.pointer = {**self.body, "columns": [title]}, "/body/columns/0"
        if self.name == "batch":
            inner = {**self.body, "title": title}
            body = {"operations": [{"op": "create_task", "body": inner}]}
            self.pointer = "/body/operations/0/body/title"
        return await self.person.send(self.method, self.path, json=body)


@pytest.mark.parametrize("what", PLACES)
@pytest.mark.parametrize("letter", ["x", "Ё", "😀", "e\u0301", "\u1100\u1161\u11a8"])
async def test_a_title_is_counted_in_code_points_after_it_is_composed(
    api: Api, what: str, letter: str
) -> None:
    """Seen to fail with a title of tasks that could have 200, and with one counted as typed."""
    place = Place(*(await titled(api))[what])
    assert (await place.write(f" {letter * place.chars_max} ")).is_success
    invalid(await place.write(letter * (place.chars_max + 1)), place.pointer)


UNSEEN = (
    "", " ", "\u200b", "\u200b \u200d", "\u3164", "\u2800\u2800", "\u115f\u1160", "\uffa0", "\ufeff",
    "\u00ad", "\u200e\u200f", "\u2060", "\u034f", "\ufe0f", "\U000e0020\U000e007f", "\U000e0100",
    "\U0001d159", "\u180e", "\xa0\u3000", "\u061c",
)  # fmt: skip
TURNING = tuple(
    f"in{mark}voice" for mark in "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
)


@pytest.mark.parametrize("what", PLACES)
async def test_a_title_can_be_seen_and_turns_nothing(api: Api, what: str) -> None:
    """Seen to fail with a title of U+200B, U+3164 or U+2800 alone, and with U+202E in one."""
    place = Place(*(await titled(api))[what])
    for title in (*UNSEEN, *TURNING, "a\nb", "a\u2028b", "a\x00"):
        invalid(await place.write(title), place.pointer)


SEEN = (
    "👩\u200d💻", "❤\ufe0f", "می\u200cخواهم", "שלום\u200f!", "ශ්\u200dරී", "☐", "板", "!", "Ａ", "\u0301",
    "\ue000", "\U0001fae9", "soft\u00adhyphen", "#️⃣",
)  # fmt: skip


@pytest.mark.parametrize("what", PLACES)
async def test_signs_that_join_or_are_not_known_yet_have_their_place_in_a_title(
    api: Api, db: asyncpg.Connection, what: str
) -> None:
    place = Place(*(await titled(api))[what])
    for title in SEEN:
        await db.execute("update users set profile_changes = 0")  # of which an hour has ten
        assert (await place.write(title)).is_success, ascii(title)


TITLES = (
    ("BoardNew", "title"), ("BoardPatch", "title"), ("ColumnNew", "title"), ("TaskNew", "title"),
    ("TaskPatch", "title"), ("SubtaskIn", "title"), ("UserNew", "name"), ("TokenNew", "name"),
)  # fmt: skip


@pytest.mark.parametrize(("schema", "name"), TITLES)
def test_the_document_says_the_same_of_titles(schema: str, name: str) -> None:
    """But for signs beyond U+FFFF, which not every client could read in a pattern."""
    whole = {**SCHEMAS[schema]["properties"][name], "components": DOCUMENT["components"]}
    validator = jsonschema_rs.validator_for(whole)
    (pattern,) = [d["pattern"] for d in (whole, *whole.get("anyOf", ())) if "pattern" in d]
    for title in (*UNSEEN, *TURNING, "a\nb", "a\u2028b", "a\x00", *SEEN):
        is_beyond = title and all(sign > "\uffff" for sign in title)
        assert validator.is_valid(title) is (title in SEEN or bool(is_beyond)), ascii(title)
    assert max(pattern) < "\x7f", "a reader without JavaScript's flag u takes it as well"


def test_what_unicode_calls_ignorable_does_not_count_as_seen() -> None:
    """Of 4,174 code points, and some that are drawn as nothing beside them."""
    all_signs = "".join(map(chr, range(sys.maxunicode + 1)))
    for sign in regex.findall(r"\p{Default_Ignorable_Code_Point}", all_signs):
        with pytest.raises(ValueError, match=r"visible|direction"):
            texts.title(sign)


async def test_a_description_has_a_limit_in_code_points(api: Api) -> None:
    anna, _, column = await desk(api)
    task = await anna.task(column, description="😀" * 50_000)
    assert (await anna.read(path_of(task)))["description"] == "😀" * 50_000
    for text in ("x" * 50_001, "e\u0301" * 25_001, " " * 50_001, "\r\n" * 25_001):
        invalid(await anna.patch(path_of(task), description=text), "/body/description")


async def test_the_address_of_a_picture_stays_as_it_is(api: Api) -> None:
    """Seen to fail with one that was composed: another file on another server."""
    address = "https://pictures.example/e\u0301.png"
    assert (await api.user(avatar_url=address)).me["avatar_url"] == address  # type: ignore[index]


@pytest.mark.parametrize("written", ["NFC", "NFD"])
@pytest.mark.parametrize("sought", ["NFC", "NFD"])
async def test_a_description_is_found_however_its_letters_are_composed(
    api: Api, written: Any, sought: Any
) -> None:
    anna, _, column = await desk(api)
    text = unicodedata.normalize(written, "Берёзовая кофейня: café\r\n")
    task = await anna.task(column, description=text)
    for word in ("кофейня", "Берёзовая", "café", "cafe"):
        found = await anna.items("/tasks", q=unicodedata.normalize(sought, word))
        assert [one["id"] for one in found] == [task["id"]], word
