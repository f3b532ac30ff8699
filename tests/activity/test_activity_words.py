"""Activity in words: what is said of each change, numbers and names included."""

import ast
import string
from collections.abc import Mapping
from pathlib import Path

import asyncpg
import pytest
from babel.core import Locale

import doska
from activity_changes import OF_BOARDS, OF_COLUMNS, Case
from activity_scene import last_told, named_scene, told
from activity_sentences import OF_WRITES
from activity_task_changes import OF_TASKS
from api import Api, Json
from doska.activity.languages import LANGUAGES, parts, sentences
from doska.activity.words import Words
from doska.boards.happenings import LANGUAGES as DECLARED
from doska.boards.happenings import Logged, Template, happenings
from doska.boards.kinds import kinds
from log_scene import Write
from many import many_tasks
from people import administrator
from works import a_column

each_language = pytest.mark.parametrize("words", LANGUAGES.values(), ids=LANGUAGES)
SOURCES = Path(doska.__file__).parent
TELLING = (
    "boards/happenings",
    "boards/tells",
    "tasks/tells",
    "tasks/details",
    "tasks/happened",
    "tasks/label_events",
    "attachments/happened",
    "comments/happened",
    "doors/happened",
    "features",
)
DETAILS = ("tasks/details",)
NO_KEYS = {
    "batch_id",
    *Logged.__annotations__,
    *(kind.table for kind in kinds()),
    *(n for kind in kinds() for n in kind.columns),
}


def reader_after(write: Write) -> str:
    """Choose somebody who is still on the board."""
    return "vera" if write.by == "anna" and "{vera}" not in write.path else "ivan"


@pytest.mark.parametrize(("write", "said"), OF_WRITES, ids=[str(w) for w, _ in OF_WRITES])
async def test_every_kind_of_write_is_told_in_both_languages(
    api: Api, write: Write, said: tuple[str, str]
) -> None:
    scene = await named_scene(api)
    assert (await scene.do(write)).is_success
    reader = scene.people["vera" if write.by == "anna" else "anna"]
    assert await last_told(reader, scene.board) == said


CASES = [*OF_BOARDS, *OF_COLUMNS, *OF_TASKS]


@pytest.mark.parametrize("case", CASES, ids=[english for _, english, _ in CASES])
async def test_every_field_that_changes_is_told(api: Api, case: Case) -> None:
    writes, *said = case
    scene = await named_scene(api)
    for write in writes:
        assert (await scene.do(write)).is_success
    reader = scene.people[reader_after(writes[-1])]
    assert await last_told(reader, scene.board) == tuple(said)


async def test_a_board_that_was_made_is_told(api: Api) -> None:
    anna = await api.user("anna")
    board = await anna.board(columns=["To do", "Done"])
    english, russian = "anna created the board “Website”", "anna: доска «Website» создана"
    assert await last_told(anna, board["id"]) == (english, russian)


async def test_what_an_administrator_does_to_an_account_is_told(
    api: Api, db: asyncpg.Connection
) -> None:
    root, scene = await administrator(api, db), await named_scene(api)
    ivan = f"/users/{scene.names['ivan']}"
    await root.patch(ivan, name="Ivan I.")
    said = ("root changed the profile of Ivan I.", "root: изменён профиль: Ivan I.")
    assert await last_told(root, scene.board) == said
    await root.delete(ivan)
    english, russian = await last_told(root, scene.board)
    assert english == "root deleted the account of somebody on the board"
    assert russian == "root: удалена учётная запись одного из людей доски"


TASKS_WITH = {
    1: "задачей",
    2: "задачами",
    5: "задачами",
    11: "задачами",
    21: "задачей",
    22: "задачами",
}
TASKS_MOVED = {
    1: "1 задача перемещена", 2: "2 задачи перемещены", 5: "5 задач перемещено",
    11: "11 задач перемещено", 21: "21 задача перемещена", 22: "22 задачи перемещены",
}  # fmt: skip
AT_MOST = {1: "задачи", 2: "задач", 5: "задач", 11: "задач", 21: "задачи", 22: "задач"}


@pytest.mark.parametrize("count", TASKS_WITH)
async def test_numbers_of_deleted_tasks_are_told_in_the_right_form(
    api: Api, db: asyncpg.Connection, count: int
) -> None:
    anna, board, column = await a_column(api)
    await many_tasks(db, column, count)
    await anna.delete(f"/columns/{column['id']}", tasks="delete")
    english, russian = await last_told(anna, board["id"])
    assert english.endswith(f" with {count} task{'' if count == 1 else 's'}")
    assert russian.endswith(f" вместе с {count} {TASKS_WITH[count]}")


@pytest.mark.parametrize("count", TASKS_MOVED)
async def test_numbers_of_moved_tasks_are_told_in_the_right_form(
    api: Api, db: asyncpg.Connection, count: int
) -> None:
    anna, board, column = await a_column(api)
    other = await anna.column(board, "Next")
    await many_tasks(db, column, count)
    await anna.delete(f"/columns/{column['id']}", tasks="move", to=other["id"])
    english, russian = await last_told(anna, board["id"])
    assert english.endswith(f"; its {count} task{'' if count == 1 else 's'} moved to “Next”")
    assert russian.endswith(f", {TASKS_MOVED[count]} в «Next»")


@pytest.mark.parametrize("count", AT_MOST)
async def test_limits_are_told_in_the_right_form(api: Api, count: int) -> None:
    anna, board, column = await a_column(api)
    await anna.patch(f"/columns/{column['id']}", task_limit=count)
    english, russian = await last_told(anna, board["id"])
    assert english.endswith(
        f"limited the column “To do” to {count} task{'' if count == 1 else 's'}"
    )
    assert russian.endswith(f"в колонке «To do» теперь не более {count} {AT_MOST[count]}")


@pytest.mark.parametrize("title", ["<b>“x”</b>", "{0} {title} {actor.name}", "%s %(x)s", "«a» \\1"])
async def test_names_are_told_as_they_are(api: Api, title: str) -> None:
    anna = await api.user(name=title)
    board = await anna.board()
    task = await anna.task(await anna.column(board, title), title)
    await anna.patch(f"/tasks/{task['id']}", title="Draw")
    renamed, created, *_ = await told(anna, board["id"])
    assert renamed == f"{title} renamed “{title}” to “Draw”"
    assert created == f"{title} created “{title}” in “{title}”"


async def test_an_event_of_a_type_without_words_is_told_plainly(
    api: Api, db: asyncpg.Connection
) -> None:
    anna = await api.user("anna")
    board = await anna.board()
    await db.execute("update events set type = 'board.sung' where board_id = $1", board["id"])
    said = ("anna changed something", "anna: внесено изменение")
    assert await last_told(anna, board["id"]) == said


def test_every_type_of_event_has_words(api: Api) -> None:
    """Seen to fail when the words for one type were taken out."""
    event = api.app.openapi()["components"]["schemas"]["Event"]
    assert {h.type for h in happenings()} == event["discriminator"]["mapping"].keys()
    assert tuple(LANGUAGES) == DECLARED


def texts_of(module: str) -> set[str]:
    tree = ast.parse((SOURCES / f"{module}.py").read_text())
    constants = (node.value for node in ast.walk(tree) if isinstance(node, ast.Constant))
    return {text for text in constants if isinstance(text, str)}


def keys_of(modules: tuple[str, ...]) -> set[str]:
    """List the keys of sentences in the code: what looks like one and is no name of a row's."""
    texts = {text for module in modules for text in texts_of(module)}
    looks = {text for text in texts if text.replace("_", "").isalpha() and "_" in text}
    return looks - NO_KEYS - {"added_role"}


@each_language
def test_a_language_has_a_sentence_for_every_key(words: Words) -> None:
    """Seen to fail for a key that was missing in one language, and for one that nothing says."""
    alone, said = sentences(words.language).keys(), keys_of(TELLING)
    assert alone | parts(words.language).keys() == said
    assert alone == said - {"board_inherited"}  # which is never said alone
    assert parts(words.language).keys() >= keys_of(DETAILS)


def fields_of(template: Template) -> set[str]:
    forms = [template] if isinstance(template, str) else list(template.values())
    return {name for form in forms for _, name, _, _ in string.Formatter().parse(form) if name}


def fields_by_key(templates: Mapping[str, Template]) -> dict[str, set[str]]:
    return {key: fields_of(template) for key, template in templates.items()}


@each_language
def test_all_languages_say_the_same(words: Words) -> None:
    """Seen to fail for a key that was missing in one language, and for a value left out."""
    english = LANGUAGES["en"]
    for said in (sentences, parts):
        assert fields_by_key(said(words.language)) == fields_by_key(said("en"))
    assert {kind: set(of) for kind, of in words.terms.items()} == {
        kind: set(of) for kind, of in english.terms.items()
    }


@each_language
def test_a_sentence_has_all_plural_forms_of_its_language(words: Words) -> None:
    """Seen to fail when Russian lacked its form for few."""
    needed = {str(Locale(words.language).plural_form(number)) for number in range(200)}
    for templates in (sentences(words.language), parts(words.language)):
        for key, template in templates.items():
            if "count" in fields_of(template):
                assert isinstance(template, dict), key
                assert set(template) == needed, key


@each_language
def test_terms_are_those_of_the_api(api: Api, words: Words) -> None:
    schemas: Json = api.app.openapi()["components"]["schemas"]
    for kind, schema in (("status", "Status"), ("priority", "Priority"), ("role", "Role")):
        assert set(words.terms[kind]) == set(schemas[schema]["enum"])
