"""A board's activity: what was taken back is told in the words that told of it."""

import asyncpg
import pytest

from activity_scene import last_told, named_scene, path_of, told
from activity_sentences import OF_WRITES
from api import Api, Json, Person
from log_scene import Write
from people import administrator
from works import a_task

UNDOABLE = [
    (write, said) for write, said in OF_WRITES if write.is_undoable and not write.is_ones_own
]


async def undo(person: Person, board_id: str, seq: int | None = None) -> Json:
    """Take a change back, the last one if none is named."""
    path = f"/boards/{board_id}"
    last = (await person.read(path))["seq"]
    response = await person.post(f"{path}/undo", seq=seq or last)
    assert response.status_code == 200, response.text
    event: Json = response.json()
    return event


@pytest.mark.parametrize(("write", "said"), UNDOABLE, ids=[str(w) for w, _ in UNDOABLE])
async def test_what_somebody_else_did_is_told_with_who_did_it(
    api: Api, db: asyncpg.Connection, write: Write, said: tuple[str, str]
) -> None:
    """Seen to fail when the names in what was taken back were not looked for."""
    root, scene = await administrator(api, db), await named_scene(api)
    assert (await scene.do(write)).is_success
    await undo(root, scene.board)
    english, russian = said
    action = russian.removeprefix(f"{write.by}: ")
    wanted = (f"root took back: {english}", f"root: отменено: {action} ({write.by})")
    assert await last_told(root, scene.board) == wanted


async def test_what_one_did_oneself_is_told_without_oneself(api: Api) -> None:
    """Seen to fail when whose change it was made no difference."""
    anna = await api.user("anna")
    board = await anna.board()
    await anna.column(board)
    await undo(anna, board["id"])
    assert await last_told(anna, board["id"]) == (
        "anna took back: created the column “To do”",
        "anna: отменено: колонка «To do» создана",
    )


async def test_what_was_taken_back_is_of_this_board(api: Api) -> None:
    """Seen to fail when the events of all boards were looked at."""
    anna, boris = await api.user("anna"), await api.user("boris")
    board = await anna.board()
    await boris.column(await boris.board(), "Secret")
    await anna.column(board, "Open")
    await undo(anna, board["id"])
    assert await told(anna, board["id"]) == [
        "anna took back: created the column “Open”",
        "anna created the column “Open”",
        "anna created the board “Website”",
    ]


async def test_an_undo_that_is_taken_back_is_told(api: Api) -> None:
    anna = await api.user("anna")
    board = await anna.board()
    await anna.column(board)
    for _ in range(2):
        await undo(anna, board["id"])
    english, russian = "anna took back an earlier undo", "anna: отменена одна из прежних отмен"
    assert await last_told(anna, board["id"]) == (english, russian)


async def test_what_the_log_has_no_more_is_told_as_a_change(
    api: Api, db: asyncpg.Connection
) -> None:
    anna = await api.user("anna")
    board = await anna.board()
    await anna.column(board)
    event = await undo(anna, board["id"])
    await db.execute(
        "delete from events where board_id = $1 and seq < $2", board["id"], event["seq"]
    )
    said = ("anna took back a change", "anna: отменено одно из изменений")
    assert await last_told(anna, board["id"]) == said


async def test_what_brings_a_task_back_is_activity_of_the_task(api: Api) -> None:
    """With its column, and by itself.

    Seen to fail when undoing many tasks was not looked for, and with the column's title of today.
    """
    anna, board, task = await a_task(api)
    other = await anna.task({"id": task["column_id"]}, "Other")
    await anna.patch(f"/columns/{task['column_id']}", title="Next")
    await anna.delete(f"/columns/{task['column_id']}", tasks="delete")
    await undo(anna, board["id"])
    await anna.delete(f"/tasks/{task['id']}")
    await undo(anna, board["id"])
    items = await anna.items(path_of(board), task_id=task["id"])
    kinds = ["change.undone", "task.deleted", "change.undone", "column.deleted", "task.created"]
    assert [item["type"] for item in items] == kinds
    assert items[0]["task"] == {"id": task["id"], "key": task["key"], "title": "Draw"}
    assert items[-1]["text"].endswith(" created “Draw” in “To do”")
    assert len(await told(anna, board["id"], task_id=other["id"])) == 3


async def test_a_column_that_an_undo_took_away_is_called_what_it_was_called(api: Api) -> None:
    """Seen to fail when undone changes of columns were not looked for."""
    anna, board, task = await a_task(api)
    await anna.delete(f"/tasks/{task['id']}")
    await undo(anna, board["id"], seq=2)
    _, _, created, *_ = await told(anna, board["id"])
    assert created.endswith(" created “Draw” in “To do”")
