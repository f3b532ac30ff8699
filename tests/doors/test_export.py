"""Boards as files: who may have them, when they have changed, how many at once."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import httpx
import pytest
from starlette.types import Receive, Scope, Send

from api import Api
from apps import another_api
from casts import board_with
from checks import refused
from doska.boards.access import Access
from doska.doors.export import sending
from doska.doors.export.reading import tag_now
from exporting import a_full_board, export_of, exported, rows_of, unfolded
from people import moved, token_of
from rivals_of_tellings import renamed

FORMATS = ("trello", "csv", "markdown", "ics")


async def test_csv_has_a_row_for_each_task_and_no_formula(api: Api) -> None:
    anna, boris, board = await a_full_board(api)

    got = await exported(anna, board, "csv")
    rows = rows_of(got)

    assert got.headers["content-type"] == "text/csv; charset=utf-8"
    assert got.content.count(b"\r\n") == 1 + len(rows)
    assert [row["title"] for row in rows] == ["Book; the hall, #now", "=1+1", "Shipped", "Old"]
    first = rows[0]
    assert (first["column"], first["status"], first["priority"]) == ("To do", "TODO", "HIGH")
    assert first["due_at"] == "2026-05-03"
    assert first["assignees"] == boris.me["username"]  # type: ignore[index]
    assert first["labels"] == "Bug"
    assert first["subtasks"] == "[x] =cmd|calc\n[ ] Ink"
    assert first["description"] == "Ask two\n- [ ] halls"
    assert first["key"] == f"{board['key']}-1"
    assert b",'=1+1,''=2," in got.content
    assert rows[1]["description"] == "'=2"
    assert [row["is_archived"] for row in rows] == ["false", "false", "false", "true"]
    marked = await exported(anna, board, "csv", bom=True)
    assert marked.content == b"\xef\xbb\xbf" + got.content


@pytest.mark.parametrize("sign", ["=", "+", "-", "@", "\t", "＝", "＠", "'=", "''-"])  # noqa: RUF001
async def test_no_cell_begins_like_a_formula_and_all_come_back(api: Api, sign: str) -> None:
    anna, _, board = await board_with(api, "CREATOR")
    text = f"{sign}1+1"
    await anna.task(await anna.column(board), "x", description=text)

    got = await exported(anna, board, "csv")

    assert rows_of(got)[0]["description"] == text
    assert f",'{text}," in got.content.decode()


async def test_a_calendar_has_what_is_open_and_due(api: Api) -> None:
    anna, _, board = await a_full_board(api)
    column = await anna.column(board, "More")
    tasks = (await anna.read(f"/boards/{board['id']}/snapshot"))["tasks"]
    await anna.task(column, "Ж" * 200, due_at="2026-06-01T10:30:00+02:00", priority="LOW")
    await anna.task(column, "Over", due_on="2026-06-02", status="DONE")

    lines = unfolded(await exported(anna, board, "ics"))

    assert lines[0] == "BEGIN:VCALENDAR"
    assert lines.count("BEGIN:VTODO") == 3
    first = lines[lines.index("BEGIN:VTODO") : lines.index("END:VTODO")]
    booked = next(task for task in tasks if task["title"].startswith("Book"))
    assert f"UID:{booked['id']}@doska" in first
    assert "SUMMARY:Book\\; the hall\\, #now" in first
    assert "DESCRIPTION:Ask two\\n- [ ] halls" in first
    assert {"DUE;VALUE=DATE:20260503", "PRIORITY:1", "CATEGORIES:Bug"} <= {*first}
    assert {"STATUS:NEEDS-ACTION", f"SEQUENCE:{booked['version']}"} <= {*first}
    assert f"SUMMARY:{'Ж' * 200}" in lines
    assert "DUE:20260601T083000Z" in lines
    shown = unfolded(await exported(anna, board, "ics", all=True, **{"as": "events"}))
    assert shown.count("BEGIN:VEVENT") == 4
    assert "DTSTART;VALUE=DATE:20260602" in shown


async def test_markdown_is_a_file_of_obsidians_kanban(api: Api) -> None:
    anna, _, board = await a_full_board(api)

    got = await exported(anna, board, "markdown")

    assert got.content.decode() == (
        "---\n\nkanban-plugin: board\ndoska-export: 1\n\n---\n\nWhat,\nwhere, when\n"
        "\n## To do\n\n- [ ] Book; the hall, \\#now @{2026-05-03} #Bug\n"
        "\t- [x] =cmd|calc\n\t- [ ] Ink\n\tAsk two\n\t\\- [ ] halls\n"
        "- [ ] =1+1 @{2026-05-01} @@{10:30}\n\t'=2\n"
        "\n## Empty\n\n"
        "\n## Done\n\n**Complete**\n\n- [x] Shipped\n"
        "\n***\n\n## Archive\n\n- [ ] Old\n"
        '\n%% kanban:settings\n```\n{"kanban-plugin":"board"}\n```\n%%\n'
    )


async def test_trello_has_what_its_own_export_has(api: Api) -> None:
    anna, boris, board = await a_full_board(api)

    got = (await exported(anna, board, "trello")).json()

    assert (got["name"], got["desc"], got["closed"]) == ("Launch", board["description"], False)
    assert [found["name"] for found in got["lists"]] == ["To do", "Empty", "Done"]
    cards = {card["name"]: card for card in got["cards"]}
    assert list(cards) == ["Book; the hall, #now", "=1+1", "Shipped", "Old"]
    first = cards["Book; the hall, #now"]
    assert first["due"] == "2026-05-03T23:59:59.000Z"
    assert [label["name"] for label in first["labels"]] == ["Bug"]
    assert first["labels"][0]["color"] == "red"
    assert first["idLabels"] == [got["labels"][0]["id"]]
    members = {found["id"]: found["username"] for found in got["members"]}
    assert [members[one] for one in first["idMembers"]] == [boris.me["username"]]  # type: ignore[index]
    (checklist,) = got["checklists"]
    assert (checklist["idCard"], first["idChecklists"]) == (first["id"], [checklist["id"]])
    assert [(i["name"], i["state"]) for i in checklist["checkItems"]] == [
        ("=cmd|calc", "complete"), ("Ink", "incomplete"),
    ]  # fmt: skip
    assert [found["isUpload"] for found in first["attachments"]] == [True, False]
    assert [action["data"]["text"] for action in got["actions"]] == [
        "Yes 👩‍🚀", f"@{anna.me['username']} agreed?",  # type: ignore[index]
    ]  # fmt: skip
    assert {a["data"]["card"]["id"] for a in got["actions"]} == {first["id"]}
    assert (cards["Shipped"]["dueComplete"], cards["Old"]["closed"]) == (True, True)
    assert all(len(thing["id"]) == 24 for thing in [got, *got["cards"], *got["lists"]])
    assert "example.com" not in json.dumps({**got, "cards": None})  # nobody's address


@pytest.mark.parametrize("kind", FORMATS)
async def test_an_empty_board_is_exported_and_costs_nothing_unchanged(api: Api, kind: str) -> None:
    anna = await api.user()
    board = await anna.board(columns=[])

    got = await exported(anna, board, kind)
    same = await anna.send(
        "GET", export_of(board), params={"format": kind}, headers={"if-none-match": got.headers["etag"]}
    )  # fmt: skip

    assert (same.status_code, same.content) == (304, b"")
    ending = {"trello": "json", "markdown": "md"}.get(kind, kind)
    name = f"{board['key']}-{board['id']}.{ending}"
    assert got.headers["content-disposition"] == f"attachment; filename*=UTF-8''{name}"
    assert got.headers["doska-seq"] == str(board["seq"])
    head = await anna.send("HEAD", export_of(board), params={"format": kind})
    assert head.headers["etag"] == got.headers["etag"]
    await anna.column(board)
    changed = await exported(anna, board, kind)
    assert changed.headers["etag"] != got.headers["etag"]


@pytest.mark.parametrize("kind", ["csv", "trello", "doska"])
async def test_a_new_name_is_another_file_before_the_board_is_told_of_it(
    api: Api, kind: str
) -> None:
    """Seen to fail with 304 until a job had told it."""
    anna, boris, board = await a_full_board(api)
    old = await exported(anna, board, kind)
    assert (await renamed(boris)).status_code == 200

    tag = {"if-none-match": old.headers["etag"]}
    got = [
        await anna.send("GET", export_of(board), params={"format": kind}, headers=tag)
        for _ in range(2)
    ]

    assert [answer.status_code for answer in got] == [200, 200]
    assert len({answer.headers["etag"] for answer in (old, *got)}) == 3
    await api.work_off()
    told = await exported(anna, board, kind)
    again = {"if-none-match": told.headers["etag"]}
    same = await anna.send("GET", export_of(board), params={"format": kind}, headers=again)
    assert same.status_code == 304


async def test_who_sees_less_of_a_board_has_another_file(api: Api) -> None:
    """What is aside is for who may see its history. Seen to fail: both had one tag."""
    anna, stranger = await api.user(), await api.user()
    board = await anna.board(is_public=True)
    tags = {
        (await exported(who, board, "trello")).headers["etag"] for who in (anna, stranger, anna)
    }
    assert len(tags) == 2


async def test_other_options_are_another_file(api: Api) -> None:
    anna, _, board = await board_with(api, "CREATOR")

    tags = {
        (await exported(anna, board, kind, **more)).headers["etag"]
        for kind in ("csv", "ics")
        for more in ({}, {"bom": True}, {"as": "events"}, {"all": True})
    }

    assert len(tags) == 8


async def test_who_sees_a_board_exports_it_and_nobody_else(api: Api) -> None:
    anna, olga, board = await board_with(api, "OBSERVER")
    stranger = await api.user()

    assert (await exported(olga, board, "csv")).content
    refused(await stranger.get(export_of(board), format="csv"), 404, "not-found")
    refused(await api.nobody().get(export_of(board), format="csv"), 401, "unauthenticated")
    await anna.patch(f"/boards/{board['id']}", is_public=True)
    assert (await exported(stranger, board, "csv")).content
    refused(await stranger.get(export_of(board), format="pdf"), 422, "invalid")
    refused(await stranger.get(export_of(board)), 422, "invalid")


async def test_a_person_has_two_exports_at_once(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    anna, boris, board = await board_with(api, "MEMBER")
    arrived, held, is_late = asyncio.Queue[None](), asyncio.Event(), list[bool]()
    written = sending.ExportResponse._written  # noqa: SLF001  # where to hold them

    @asynccontextmanager
    async def waiting(response: Any) -> AsyncIterator[Any]:
        if not is_late:
            arrived.put_nowait(None)
            await held.wait()
        async with written(response) as found:
            yield found

    monkeypatch.setattr(sending.ExportResponse, "_written", waiting)
    async with asyncio.TaskGroup() as group:
        running = [group.create_task(anna.get(export_of(board), format="csv")) for _ in range(2)]
        await asyncio.gather(arrived.get(), arrived.get())
        is_late.append(True)
        refused(await anna.get(export_of(board), format="csv"), 429, "too-many-exports")
        other = await boris.get(export_of(board), format="csv")
        held.set()

    assert [got.status_code for got in (*(task.result() for task in running), other)] == [200] * 3
    assert (await anna.get(export_of(board), format="csv")).status_code == 200


async def test_what_is_too_large_is_refused(api: Api, database_url: str) -> None:
    anna, _, board = await board_with(api, "CREATOR")
    column = await anna.column(board)
    for _ in range(22):
        await anna.task(column, description="x" * 50_000)

    async with another_api(database_url, export_mb_max=1) as other:
        problem = refused(
            await moved(anna, other).get(export_of(board), format="csv"), 409, "export-too-large"
        )

    assert (problem["limit"], problem["of"]) == (1, "MB of an export")


async def test_who_loses_the_right_gets_no_more_of_it(
    api: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    anna, boris, board = await board_with(api, "MEMBER")
    column = await anna.column(board)
    for _ in range(12):
        await anna.task(column, description="x" * 50_000)
    monkeypatch.setattr(sending, "JUDGED_SECONDS", 0.0)

    async def removed_meanwhile(access: Access) -> str:
        await anna.delete(f"/boards/{board['id']}/users/{boris.id}")
        return await tag_now(access)

    monkeypatch.setattr(sending, "tag_now", removed_meanwhile)

    cut: list[bool] = []

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        scope["state"] = {"abort": lambda: cut.append(True)}
        await api.app(scope, receive, send)

    headers = {"authorization": f"Bearer {token_of(boris)}"}
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app=app)) as client:
        url = f"http://localhost:8000{export_of(board)}?format=csv"
        got = await client.get(url, headers=headers)

    assert cut == [True]
    assert len(got.content) < int(got.headers["content-length"])


async def test_archived_columns_are_in_with_their_tasks(api: Api) -> None:
    anna, _, board = await a_full_board(api)
    closed = await anna.column(board, "Closed")
    await anna.task(closed, "Left behind")
    await anna.patch(f"/columns/{closed['id']}", is_archived=True)

    lists = (await exported(anna, board, "trello")).json()["lists"]
    text = (await exported(anna, board, "markdown")).content.decode()

    assert [(found["name"], found["closed"]) for found in lists] == [
        ("To do", False), ("Empty", False), ("Done", False), ("Closed", True),
    ]  # fmt: skip
    rows = rows_of(await exported(anna, board, "csv"))
    assert {row["title"]: row["column"] for row in rows}["Left behind"] == "Closed"
    assert "Closed" not in text
    assert "- [ ] Left behind" in text.partition("## Archive")[2]
