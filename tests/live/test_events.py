"""The log of a board as pages of events."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import asyncpg
import pytest

import doska
from api import Api, Json, Person
from checks import invalid, refused
from log_scene import WRITES, Write, scene_of

KIND = re.compile(
    r"(?:board|person|column|label|attachment|task|subtask|comment|reaction|user|change)\.[a-z_]+"
)
LATER = "update events set at = at - interval '61 minutes' where board_id = $1"
TRIMMED = "delete from events where board_id = $1 and seq <= $2"
READING = {"live", "activity"}
AUDITED = {"board.hidden", "board.published"}  # kinds of lines in the server's log
IN_FILES = {"board.json", "board.jsonl", "comment.comments"}  # names in exports of others
OURS_TO_SAY = {"board.deleted"}  # told by the stream alone: the log goes with the board


def path_of(board: Json) -> str:
    return f"/boards/{board['id']}/events"


def seqs(page: Json) -> list[int]:
    return [event["seq"] for event in page["items"]]


async def board_with(anna: Person, columns: int) -> Json:
    board = await anna.board()
    for _ in range(columns):
        await anna.column(board)
    return board


async def board_made_public(anna: Person) -> Json:
    """Make a board of five events: the third made it public."""
    board = await board_with(anna, 1)
    await anna.patch(f"/boards/{board['id']}", is_public=True)
    await anna.column(board)
    await anna.patch(f"/boards/{board['id']}", title="Shop")
    return board


def texts_of_the_program() -> Iterator[str]:
    """Give every text that stands in the code, but in that which only reads events."""
    for path in Path(doska.__file__).parent.rglob("*.py"):
        for node in (
            ast.walk(ast.parse(path.read_text())) if path.parent.name not in READING else ()
        ):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                yield node.value


@pytest.mark.parametrize("write", WRITES, ids=str)
async def test_every_kind_of_write_is_read_as_the_event_it_recorded(api: Api, write: Write) -> None:
    """The client checks each event against its schema; seen to fail for a wrong payload schema."""
    scene = await scene_of(api)
    assert (await scene.do(write)).is_success
    reader = scene.people["vera" if write.by == "anna" else "anna"]
    event = (await reader.items(f"/boards/{scene.board}/events", limit=200))[-1]
    assert event["type"] == write.kind
    assert event["board_id"] == scene.board
    actor = None if write.kind == "user.deleted" else scene.people[write.by].id
    assert (event["actor"] and event["actor"]["id"]) == actor
    assert "changes" not in event


def test_every_type_that_is_recorded_has_a_schema(api: Api) -> None:
    """Seen to fail for a type without one, and for a schema whose type nothing records."""
    texts = {text for text in texts_of_the_program() if KIND.fullmatch(text)}
    recorded = texts - OURS_TO_SAY - AUDITED - IN_FILES
    schemas = api.app.openapi()["components"]["schemas"]
    assert set(schemas["Event"]["discriminator"]["mapping"]) == recorded
    mapping = set(schemas["StreamMessage"]["discriminator"]["mapping"])
    assert mapping == recorded | OURS_TO_SAY | {"ready", "reset"}
    assert {write.kind for write in WRITES} == recorded - {
        "board.created",
        "board.imported",
        "change.undone",
    }


async def test_pages_follow_each_other_to_the_end_of_the_log(api: Api) -> None:
    anna = await api.user()
    board = await board_with(anna, 6)
    found, link = [], f"{path_of(board)}?limit=3"
    while link:
        answer = await anna.get(link)
        page = answer.json()
        found += seqs(page)
        link = answer.headers.get("link", "").partition(">")[0].removeprefix("<")
        after = page["next_cursor"] and f"{path_of(board)}?limit=3&after={page['next_cursor']}"
        assert link == (after or "")
    assert found == list(range(1, 8))


async def test_a_page_has_at_most_200_events(api: Api) -> None:
    anna = await api.user()
    board = await anna.board()
    for number in range(205):
        await anna.patch(f"/boards/{board['id']}", title=f"Board {number}")
    page = await anna.read(path_of(board), limit=1000)
    assert seqs(page) == list(range(1, 201))
    assert page["next_cursor"] == page["items"][-1]["position"]
    rest = await anna.read(path_of(board), after=page["next_cursor"])
    assert (seqs(rest), rest["next_cursor"]) == (list(range(201, 207)), None)


async def test_a_position_that_is_no_number_of_an_event_is_refused(api: Api) -> None:
    anna = await api.user()
    board = await anna.board()
    for after in (
        "",
        "-1",
        "x",
        "1" * 20,
        "1.",
        ".5",
        "1.A",
        "1.5.6",
        "1.5\n",
        "¹",
        "1." + 21 * "5",
    ):
        invalid(await anna.get(path_of(board), after=after), "/query/after")
        invalid(await anna.get(path_of(board), lastEventId=after), "/query/lastEventId")
    for limit in ("0", "x"):
        invalid(await anna.get(path_of(board), limit=limit), "/query/limit")
    header = await anna.send("GET", path_of(board), headers={"last-event-id": "x"})
    invalid(header, "/header/last-event-id")


async def test_a_log_that_does_not_go_on_from_there_is_gone(
    api: Api, db: asyncpg.Connection
) -> None:
    """A trimmed one, and one of another time: of a backup that was restored."""
    anna = await api.user()
    board = await board_with(anna, 4)
    await db.execute(TRIMMED, board["id"], 3)
    for after in (6, 2**63 - 1, 2**63):
        refused(await anna.get(path_of(board), after=after), 410, "gone", seq=5)
    for after in (0, 2):
        answer = await anna.get(path_of(board), after=after)
        refused(answer, 410, "no-longer-kept", seq=5, oldest=3)
    assert seqs(await anna.read(path_of(board), after=3)) == [4, 5]
    assert seqs(await anna.read(path_of(board), after=5)) == []
    await db.execute(TRIMMED, board["id"], 5)
    refused(await anna.get(path_of(board), after=4), 410, "no-longer-kept", seq=5, oldest=5)
    assert seqs(await anna.read(path_of(board), after=5)) == []


async def test_what_happened_before_a_board_was_public_is_not_for_everybody(api: Api) -> None:
    """Seen to fail without a floor, and when the event that made it public was not looked for."""
    anna, passer_by = await api.user(), await api.user()
    board = await board_made_public(anna)
    for after in (0, 1, 2):
        refused(await passer_by.get(path_of(board), after=after), 410, "gone", seq=5)
    assert seqs(await passer_by.read(path_of(board), after=3)) == [4, 5]
    assert seqs(await anna.read(path_of(board))) == [1, 2, 3, 4, 5]


async def test_whoever_passes_by_reads_the_last_hour_only(api: Api, db: asyncpg.Connection) -> None:
    """Seen to fail when old events made no floor."""
    anna, vera, passer_by = await api.user(), await api.user(), await api.user()
    board = await board_made_public(anna)
    await db.execute(LATER, board["id"])
    await anna.invite(board, vera, "OBSERVER")
    refused(await passer_by.get(path_of(board), after=4), 410, "gone", seq=6)
    assert seqs(await passer_by.read(path_of(board), after=5)) == [6]
    assert seqs(await vera.read(path_of(board))) == [1, 2, 3, 4, 5, 6]


async def test_a_board_that_was_always_public_is_read_from_the_start(api: Api) -> None:
    anna, passer_by = await api.user(), await api.user()
    board = await anna.board(is_public=True)
    await anna.column(board)
    assert seqs(await passer_by.read(path_of(board))) == [1, 2]
    await anna.patch(f"/boards/{board['id']}", is_public=False)
    refused(await passer_by.get(path_of(board)), 404, "not-found")


async def test_an_administrator_reads_all(api: Api, db: asyncpg.Connection) -> None:
    anna, boss = await api.user(), await api.user()
    board = await board_made_public(anna)
    await db.execute("update users set is_admin = true where id = $1", boss.id)
    assert seqs(await boss.read(path_of(board))) == [1, 2, 3, 4, 5]


async def test_the_actor_is_shown_as_now_and_is_nobody_once_the_account_is_gone(api: Api) -> None:
    anna, ivan = await api.user(), await api.user()
    board = await board_with(anna, 0)
    await anna.invite(board, ivan, "MODERATOR")
    await ivan.column(board)
    await ivan.patch(f"/users/{ivan.id}", name="Ivan the Great")
    event = (await anna.items(path_of(board), after=2))[0]
    assert event["actor"]["name"] == "Ivan the Great"
    await ivan.delete(f"/users/{ivan.id}")
    assert (await anna.items(path_of(board), after=2))[0]["actor"] is None
