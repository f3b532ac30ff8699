"""What the declarations alone give to the toy kinds: run by ``test_toy_kinds``, in a process apart."""

import asyncio
from dataclasses import dataclass

import asyncpg
import pytest

from api import Api, Json, Person
from checks import refused
from log_board import log_of, replayed, stored
from past import path_of, seen

WITHOUT_WEIGHT = """
    update events e set changes = (
        select jsonb_agg(c || jsonb_build_object(
            'before', case when c -> 'before' <> 'null' then (c -> 'before') - 'weight' else 'null' end,
            'after', case when c -> 'after' <> 'null' then (c -> 'after') - 'weight' else 'null' end))
        from jsonb_array_elements(e.changes) c)
    where board_id = $1 and changes @? '$[*] ? (@.table == "stickers")'"""


@dataclass
class Scene:
    """Anna's board; ivan and mia are MEMBERs."""

    anna: Person
    ivan: Person
    mia: Person
    board: Json
    column: Json
    task: Json

    async def last(self) -> int:
        return int((await self.anna.read(f"/boards/{self.board['id']}"))["seq"])

    async def undo(self, person: Person, seq: int | None = None) -> int:
        path = f"/boards/{self.board['id']}/undo"
        return (await person.post(path, seq=seq or await self.last())).status_code

    async def note(self, person: Person, body: str = "As I said") -> Json:
        answer = await person.post("/notes", task_id=self.task["id"], body=body)
        assert answer.status_code == 201
        made: Json = answer.json()
        return made

    async def sticker(self, title: str = "Urgent") -> Json:
        answer = await self.anna.post("/stickers", task_id=self.task["id"], title=title)
        assert answer.status_code == 201
        made: Json = answer.json()
        return made

    async def shown(self) -> Json:
        return await self.anna.read(f"/tasks/{self.task['id']}")


@pytest.fixture
async def scene(api: Api) -> Scene:
    anna, ivan, mia = [await api.user(name) for name in ("anna", "ivan", "mia")]
    board = await anna.board()
    for person in (ivan, mia):
        await anna.invite(board, person)
    column = await anna.column(board)
    return Scene(anna, ivan, mia, board, column, await anna.task(column))


async def test_pieces_are_seen_wherever_a_task_is(scene: Scene) -> None:
    """Seen to fail with a piece missing from the snapshot, and from the memory of undo."""
    anna, task = scene.anna, scene.task
    await scene.sticker()
    await scene.sticker("Nice")
    await scene.note(scene.ivan)
    wanted = {"sticker_titles": ["Urgent", "Nice"], "note_count": 1}
    snapshot = (await anna.read(path_of(scene.board)))["tasks"][0]
    listed = (await anna.items(f"/columns/{scene.column['id']}/tasks"))[0]
    found = (await anna.items("/tasks"))[0]
    changed = (await anna.patch(f"/tasks/{task['id']}", title="Paint")).json()
    operation = {"op": "update_task", "task_id": task["id"], "body": {"title": "Draw"}}
    answer = await anna.post(f"/boards/{scene.board['id']}/batch", operations=[operation])
    for shown in (
        await scene.shown(),
        snapshot,
        listed,
        found,
        changed,
        answer.json()["results"][0],
    ):
        assert {name: shown[name] for name in wanted} == wanted
    await anna.delete(f"/tasks/{task['id']}")
    path = f"/boards/{scene.board['id']}/undo"
    told = (await anna.post(path, seq=await scene.last())).json()["payload"]
    assert {name: told["tasks"][0][name] for name in wanted} == wanted
    assert [len(told[kind]) for kind in ("stickers", "notes")] == [2, 1]


async def test_what_changes_beside_a_task_is_told_of_it(scene: Scene) -> None:
    """A note leaves the version as it is, and undo tells the count. Seen to fail without."""
    version = (await scene.shown())["version"]
    await scene.note(scene.anna)
    assert (await scene.shown())["version"] == version
    path = f"/boards/{scene.board['id']}/undo"
    told = (await scene.anna.post(path, seq=await scene.last())).json()["payload"]
    assert told["tasks"] == [{"id": scene.task["id"], "note_count": 0}]
    assert told["notes"][0]["is_deleted"] is True
    await scene.sticker()
    assert (await scene.shown())["version"] == version + 1


async def test_a_task_is_seen_as_it_was_with_what_leaves_its_version_alone(scene: Scene) -> None:
    """Seen to fail with events that touch the task alone."""
    before, at = await scene.shown(), await scene.last()
    note = await scene.note(scene.anna)
    after, then = await scene.shown(), await scene.last()
    await scene.anna.delete(f"/notes/{note['id']}")
    path = f"/tasks/{scene.task['id']}"
    assert await scene.anna.read(path, at=at) == before
    assert await scene.anna.read(path, at=then) == after


async def test_rows_from_before_a_column_come_back_with_its_fresh_value(
    scene: Scene, db: asyncpg.Connection
) -> None:
    """Seen to fail without ``fresh``: 23502 for undo, and a null in what was."""
    sticker, at = await scene.sticker(), await scene.last()
    before = await scene.anna.read(path_of(scene.board))
    assert (await scene.anna.delete(f"/stickers/{sticker['id']}")).status_code == 204
    await db.execute(WITHOUT_WEIGHT, scene.board["id"])
    assert await seen(scene.anna, scene.board, at) == before
    assert await scene.undo(scene.anna) == 200
    rows = await stored(db, scene.board["id"])
    assert rows["stickers", sticker["id"]]["weight"] == 7
    last = {"seq": 0, "type": "", "changes": (await log_of(db, scene.board["id"]))[-1]["changes"]}
    changed = [c for c in last["changes"] if c["table"] == "stickers"]
    assert (
        replayed([{**last, "changes": changed}])["stickers", sticker["id"]]
        == rows["stickers", sticker["id"]]
    )


async def test_only_its_owner_changes_a_note_and_others_take_it_away_by_right(scene: Scene) -> None:
    """Seen to fail without the log's own question."""
    note = await scene.note(scene.ivan)
    path = f"/notes/{note['id']}"
    for person in (scene.anna, scene.mia):
        refused(await person.patch(path, body="Else"), 403, "not-allowed")
    refused(await scene.mia.delete(path), 403, "not-allowed")
    operation = {"op": "delete_note", "note_id": note["id"]}
    batch = f"/boards/{scene.board['id']}/batch"
    refused(await scene.mia.post(batch, operations=[operation]), 403, "not-allowed", operation=0)
    assert (await scene.ivan.patch(path, body="Else")).status_code == 200
    assert (await scene.anna.delete(path)).status_code == 204


async def test_undo_asks_whose_it_is(scene: Scene) -> None:
    """Or it would be a way to edit what others wrote. Seen to fail without ``check_owners``."""
    anna, ivan, mia = scene.anna, scene.ivan, scene.mia
    note = await scene.note(ivan)
    made = await scene.last()
    assert [await scene.undo(person, made) for person in (mia,)] == [403]
    await ivan.patch(f"/notes/{note['id']}", body="Else")
    assert [await scene.undo(person) for person in (mia, anna, ivan)] == [403, 403, 200]
    await ivan.delete(f"/notes/{note['id']}")
    assert [await scene.undo(person) for person in (mia, anna, ivan)] == [403, 403, 200]
    await anna.delete(f"/notes/{note['id']}")
    assert [await scene.undo(person) for person in (mia, ivan, anna)] == [403, 403, 200]
    assert await scene.undo(anna, made) in (200, 409)


async def test_with_its_task_everything_comes_back(scene: Scene) -> None:
    """Whoever may bring back the task. Seen to fail with notes judged by themselves."""
    note, sticker = await scene.note(scene.ivan), await scene.sticker()
    before = await scene.anna.read(path_of(scene.board))
    await scene.anna.delete(f"/tasks/{scene.task['id']}")
    assert await scene.undo(scene.mia) == 200
    after = await scene.anna.read(path_of(scene.board))
    pieces = ("sticker_titles", "note_count")
    assert [[t[p] for p in pieces] for t in after["tasks"]] == [
        [t[p] for p in pieces] for t in before["tasks"]
    ]
    assert (await scene.ivan.patch(f"/notes/{note['id']}", body="Back")).status_code == 200
    assert (await scene.mia.delete(f"/stickers/{sticker['id']}")).status_code == 204


async def test_its_author_is_forgotten_with_the_account(scene: Scene) -> None:
    """When it comes back later. Seen to fail with a foreign key that names nobody."""
    await scene.note(scene.ivan)
    await scene.anna.delete(f"/tasks/{scene.task['id']}")
    seq = await scene.last()
    await scene.ivan.delete(f"/users/{scene.ivan.id}")
    assert await scene.undo(scene.anna, seq) == 200
    assert (await scene.shown())["note_count"] == 1


async def test_no_more_come_back_than_there_may_be(scene: Scene) -> None:
    """Seen to fail without a look at the kind's limit."""
    first = await scene.sticker()
    await scene.anna.delete(f"/stickers/{first['id']}")
    seq = await scene.last()
    for number in range(20):
        await scene.sticker(f"S{number}")
    path = f"/boards/{scene.board['id']}/undo"
    answer = await scene.anna.post(path, seq=seq)
    refused(answer, 409, "limit-reached", limit=20, of="stickers of a task")


async def test_what_is_in_the_way_is_named(scene: Scene) -> None:
    """Seen to fail with a kind that undo does not know as hanging on another."""
    made = await scene.anna.task(scene.column, "Sing")
    seq = await scene.last()
    answer = await scene.anna.post("/stickers", task_id=made["id"], title="Urgent")
    path = f"/boards/{scene.board['id']}/undo"
    problem = refused(await scene.anna.post(path, seq=seq), 409, "built-upon")
    assert [(c["kind"], c["id"]) for c in problem["conflicts"]] == [
        ("sticker", answer.json()["id"])
    ]


async def test_it_is_told_in_both_languages_and_briefly(scene: Scene) -> None:
    """Seen to fail without the words of one."""
    await scene.sticker()
    await scene.note(scene.ivan, "A long note that nobody reads to its end")
    path = f"/boards/{scene.board['id']}/activity"
    texts = []
    for language in ("en", "ru"):
        answer = await scene.anna.send("GET", path, headers={"accept-language": language})
        found = answer.json()["items"][:2]
        texts.append([item["text"] for item in found])
        assert [item["task"]["title"] for item in found] == ["Draw", "Draw"]
    assert texts == [
        ["ivan noted “A long note that nob” on “Draw”", "anna put the sticker “Urgent” on “Draw”"],
        [
            "ivan: заметка «A long note that nob» к задаче «Draw»",
            "anna: на задаче «Draw» появилась наклейка «Urgent»",
        ],
    ]


async def test_it_is_counted_before_a_board_is_deleted(
    scene: Scene, db: asyncpg.Connection
) -> None:
    """And its ids are used for ever. Seen to fail with a kind left out of either."""
    sticker = await scene.sticker()
    note = await scene.note(scene.ivan)
    path = f"/boards/{scene.board['id']}"
    dry = await scene.anna.send("DELETE", path, headers={"prefer": "dry-run"})
    counts = {kind: found["deleted"] for kind, found in dry.json()["counts"].items()}
    assert (counts["stickers"], counts["notes"]) == (1, 1)
    assert (await scene.anna.delete(path)).status_code == 204
    used = "select kind from used_ids where id = any($1::uuid[]) order by kind"
    kinds = [row[0] for row in await db.fetch(used, [sticker["id"], note["id"]])]
    assert kinds == ["note", "sticker"]
    left = "select count(*) from stickers where board_id = $1"
    assert await db.fetchval(left, scene.board["id"]) == 0


async def test_two_put_stickers_on_one_task_at_once(scene: Scene) -> None:
    await asyncio.gather(*(scene.sticker(title) for title in "ABC"))
    assert sorted((await scene.shown())["sticker_titles"]) == ["A", "B", "C"]
