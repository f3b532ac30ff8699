"""Files that are odd and still hold together, and files that do not: nothing breaks later."""

import json
from typing import Any

import pytest

import doska.doors.process as reading_process
from api import Api, Json, Person
from apps import another_api
from archives import lines_of, listed_anew, not_restored, opened, packed, restored, rows_in
from exporting import a_full_board, exported
from importing import all_items, done, imported
from people import moved


def a_board(*cards: Json, **more: Any) -> bytes:
    """Write a board of Trello with one list."""
    lists = [{"id": "L1", "name": "Next", "pos": 0.5}]
    whole = [{"idList": "L1", "pos": n, "name": "x", **card} for n, card in enumerate(cards)]
    return json.dumps(
        {"id": "B1", "name": "Plans", "lists": lists, "cards": whole, **more}
    ).encode()


def comment(card_id: str, text: str) -> Json:
    data = {"text": text, "card": {"id": card_id}}
    return {"type": "commentCard", "id": f"of {card_id}", "data": data}


async def board_of(person: Person, file: bytes) -> str:
    return str((await done(person, file))["boards"][0]["board_id"])


@pytest.mark.parametrize("text", ["plain", "\N{BELL}"])  # escaped, it is parsed otherwise
async def test_whatever_an_import_kept_aside_comes_back_with_its_archive(
    api: Api, text: str
) -> None:
    anna = await api.user("anna")
    numbers = [0.5, -0.25, 1e16, 1.5e300, 65535.125, 2**70, -0.0, 1e-9]
    place = {"latitude": 51.25, "longitude": 1e-7}
    card = {"id": "a", "pos": 16384.5, "coordinates": place, "more": numbers, "text": text}
    file = a_board(card, more=0.125)
    board = {"id": await board_of(anna, file)}
    content = (await exported(anna, board, "doska")).content
    await anna.delete(f"/boards/{board['id']}")

    assert await restored(anna, content) == board["id"]
    assert (await exported(anna, board, "doska")).content == content


async def test_a_number_that_leaves_no_room_for_the_next_is_dealt_anew(api: Api) -> None:
    anna = await api.user("anna")
    board_id = await board_of(anna, a_board({"id": "a", "idShort": 2**31 - 1}))
    (task,) = await all_items(anna, "/tasks", board_id=board_id)
    assert task["number"] == 1
    assert (await anna.post("/tasks", title="next", column_id=task["column_id"])).status_code == 201


TEXT = "one\n\\N\n\\.\n\ttwo\\"
SIGNS = ['"', "\\", '\\"', "\\\\", '{"id":1,"id":2}', '":"', '","', "[" * 99, "}" * 99, ':", "']


async def test_signs_within_texts_are_neither_keys_nor_depth(api: Api, database_url: str) -> None:
    """Planted: depth and keys are counted within texts; a doubled key goes through."""
    anna = await api.user("anna")
    cards = [{"id": str(n), "name": f"{s} x", "desc": TEXT, "odd": s} for n, s in enumerate(SIGNS)]
    file = a_board(*cards, {"id": "tab", "desc": "\t"})
    doubled = file.replace(b'"id": "3"', b'"id": "3", "id": "3"')
    deep = file.replace(b'"pos": 3', b'"pos": ' + b"[" * 8 + b"]" * 8)
    async with another_api(database_url, import_depth_max=10) as other:
        mine = moved(anna, other)
        board_id = await board_of(mine, file)
        ended = [await imported(mine, given) for given in (doubled, deep)]
    tasks = await all_items(anna, "/tasks", board_id=board_id)
    assert {task["title"] for task in tasks} == {*(f"{sign} x" for sign in SIGNS), "x"}
    assert {task["description"] for task in tasks} == {TEXT, "\t"}
    extras = [(await anna.read(f"/tasks/{task['id']}/extra"))["extra"] for task in tasks]
    assert {extra["trello"].get("odd") for extra in extras} == {*SIGNS, None}
    types = [found["problem"]["type"] for found in ended]
    assert types == ["/problems/broken-file", "/problems/too-deep"]


def nested(depth: int) -> Json:
    found: Json = {}
    for _ in range(depth):
        found = {"a": found}
    return found


UNBEARABLE: list[tuple[str, Json, str]] = [
    ("board.json", {"task_number": 2**31 - 1}, "archive-inconsistent"),
    ("board.json", {"seq": 2**63 - 1}, "archive-inconsistent"),
    ("board.json", {"seq": True}, "archive-inconsistent"),
    ("board.json", {"version": 2**31 - 1}, "archive-inconsistent"),
    ("tasks.jsonl", {"version": 2**31 - 1}, "archive-inconsistent"),
    ("tasks.jsonl", {"title": "half \ud83d"}, "archive-inconsistent"),
    ("tasks.jsonl", {"extra": {"\0": 1}}, "archive-inconsistent"),
    ("tasks.jsonl", {"extra": nested(210)}, "too-deep"),
]  # fmt: skip


async def test_an_archive_with_what_cannot_be_lived_with_is_refused(api: Api) -> None:
    anna, _, board = await a_full_board(api)
    members = opened((await exported(anna, board, "doska")).content)
    for member, values, kind in UNBEARABLE:
        first, *rows = rows_in(members, member)
        escaped = [f"{json.dumps(row)}\n".encode() for row in ({**first, **values}, *rows)]
        forged = {**members, member: b"".join(escaped)}
        manifest = json.loads(members["manifest.json"])
        if values.keys() & {"seq", "task_number"}:  # in a log of which nothing is kept
            manifest["seq"] = values.get("seq", manifest["seq"])
            manifest["first_seq"], forged["events.jsonl"] = manifest["seq"] + 1, b""
        forged["manifest.json"] = lines_of([manifest])
        await not_restored(anna, packed(listed_anew(forged)), kind)
    assert len(await anna.items("/boards")) == 2


async def test_more_people_than_can_be_told_of_is_a_refusal(
    api: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading_process, "LINE_BYTES_MAX", 2000)
    anna = await api.user("anna")
    for people in (20, 1):
        members = [{"id": f"m{n}", "fullName": "K" * 2000} for n in range(people)]
        found = await imported(anna, a_board(members=members))
        assert found["problem"]["type"] == "/problems/import-too-heavy"


async def test_an_encoding_that_is_none_is_refused(api: Api) -> None:
    anna = await api.user("anna")
    for name in ("undefined", "idna", "hex", "nothing"):
        found = await imported(anna, b"title\n\xff\n", encoding=name)
        assert found["problem"]["type"] == "/problems/broken-file", name


async def test_limits_count_what_is_there_already(api: Api, database_url: str) -> None:
    anna = await api.user("anna")
    few = {"subtasks_per_task_max": 3, "comments_per_board_mb_max": 1}
    items = [{"id": f"i{n}", "name": f"i{n}", "state": "incomplete"} for n in range(3)]
    lists = [{"id": "c", "idCard": "a", "name": "List", "checkItems": items[:2]}]
    async with another_api(database_url, **few) as other:
        mine = moved(anna, other)
        board_id = await board_of(mine, a_board({"id": "a"}, checklists=lists))
        (task,) = await all_items(mine, "/tasks", board_id=board_id)
        await mine.post("/subtasks", task_id=task["id"], title="mine")
        lists[0]["checkItems"] = items
        for _ in range(2):  # the third is aside, and stays there
            report = await done(mine, a_board({"id": "a"}, checklists=lists))
            assert [w["code"] for w in report["warnings"]] == ["beyond-limit"]
        steps = await all_items(mine, f"/tasks/{task['id']}/subtasks")
        assert [step["title"] for step in steps] == ["i0", "i1", "mine"]

        cards = [{"id": f"t{n}"} for n in range(60)]
        actions = [comment(f"t{n}", "x" * 19_000) for n in range(60)]
        await done(mine, a_board(*cards[:30], actions=actions[:30]))
        found = await imported(mine, a_board(*cards, actions=actions), dry_run="true")
        assert found["problem"]["type"] == "/problems/limit-reached"
        assert [limit["of"] for limit in found["problem"]["limits"]] == [
            "bytes of a board's comments"
        ]


async def test_what_is_only_aside_and_has_changed_is_another_archive(api: Api) -> None:
    anna = await api.user("anna")
    board = {"id": await board_of(anna, a_board({"id": "a", "votes": 1}))}
    path = f"/boards/{board['id']}"
    tag = (await exported(anna, board, "doska")).headers["etag"]
    before = await anna.read(f"{path}/snapshot")
    for seq in (2, 2):  # the same file again is nothing new
        await done(anna, a_board({"id": "a", "votes": 2}))
        assert (await anna.read(path))["seq"] == seq
    headers = {"if-none-match": tag}
    newer = await anna.send("GET", f"{path}/export?format=doska", headers=headers)
    assert newer.status_code == 200
    after = await anna.read(f"{path}/snapshot")
    assert after["tasks"] == before["tasks"]
    assert await anna.read(f"{path}/snapshot", at=2) == after
    assert (await anna.items(f"{path}/activity"))[0]["text"]
    undone = await anna.post(f"{path}/undo", seq=2)
    assert undone.status_code == 409, undone.text
    await anna.delete(path)
    assert await restored(anna, newer.content) == board["id"]


async def test_a_new_card_of_a_list_that_was_deleted_here_is_not_lost(api: Api) -> None:
    anna = await api.user("anna")
    board_id = await board_of(anna, a_board({"id": "a"}))
    (task,) = await all_items(anna, "/tasks", board_id=board_id)
    await anna.delete(f"/tasks/{task['id']}")
    await anna.delete(f"/columns/{task['column_id']}")
    await done(anna, a_board({"id": "a"}))  # what was deleted here stays so
    assert await all_items(anna, f"/boards/{board_id}/columns") == []

    for _ in range(2):
        await done(anna, a_board({"id": "a"}, {"id": "b", "name": "new"}))
        columns = await all_items(anna, f"/boards/{board_id}/columns")
        tasks = await all_items(anna, "/tasks", board_id=board_id)
        assert [column["title"] for column in columns] == ["(no list)"]
        assert [task["title"] for task in tasks] == ["new"]
