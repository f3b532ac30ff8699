"""What many do together in memory is what each does by itself."""

import json
from typing import Any

import asyncpg
import pytest
from hypothesis import given

from api import Api, Json
from batch_twins import TEMPLATES, Deed, Twins, alone, said_of, twins_of
from batches import check_log
from doska.schemas import new_id
from doska.tasks import places
from log_board import log_of
from riders import application, at_home_on, waiting
from stories import DEEDS, SETTINGS, STORY

pytestmark = pytest.mark.parametrize("lock", ["free", "locked"])


@pytest.fixture(autouse=True)
def few_keys_fit(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let keys be dealt anew by every move between two others."""
    monkeypatch.setattr(places, "KEY_CHARS_MAX", 2)


def _with_ids(operations: list[Json], board_id: str) -> list[Json]:
    """Say beforehand which id each new thing gets, where others name it."""
    ids = {f"${number}.id": new_id() for number in range(len(operations))}
    found = []
    for number, operation in enumerate(operations):
        text = json.dumps(operation)
        for name, id_ in ids.items():
            text = text.replace(f'"{name}"', f'"{id_}"')
        made: Json = json.loads(text)
        if made["op"].startswith("create_"):
            made["body"]["id"] = ids[f"${number}.id"]
            if made["op"] in ("create_column", "create_label"):
                made["body"]["board_id"] = board_id
        found.append(made)
    return found


async def _together(twins: Twins, url: str, *, is_locked: bool) -> tuple[int, list[Any]]:
    """Do all on the second board, by their endpoints, as those who wait for one turn."""
    board = {"id": twins.second.id}
    operations = _with_ids(twins.operations, twins.second.id)
    async with application(url) as other:
        anna = await at_home_on(board, twins.anna, other)
        begun = len(await log_of(twins.db, twins.second.id)) + 1
        async with waiting(board, anna, url, twins.db, is_locked=is_locked) as line:
            for operation in operations:
                await line.come(alone(anna, operation))
            answers = await line.go()
    for number, operation in enumerate(operations):
        if operation["op"].startswith("create_"):
            twins.second.names[operation["body"]["id"]] = f"new-{number}"
    return begun, [answer.json() if answer.content else None for answer in answers]


async def begin(api: Api, db: asyncpg.Connection) -> Twins:
    """Make the boards, and do on the first what lets somebody wait on the second."""
    twins = await twins_of(api, db)
    anna = await at_home_on({"id": twins.first.id}, twins.anna, api)
    assert (await anna.patch(f"/boards/{twins.first.id}", title="First")).status_code == 200
    return twins


async def check(twins: Twins, first_begun: int, url: str, *, is_locked: bool) -> None:
    """Compare what both boards answer, have and log."""
    begun, told = await _together(twins, url, is_locked=is_locked)
    for one, answer in zip(twins.answers, told, strict=True):
        assert twins.first.named(one) == twins.second.named(answer)
    await check_log(twins.db, twins.second.id)
    first = await said_of(twins.db, twins.first, first_begun)
    assert first == await said_of(twins.db, twins.second, begun)


@SETTINGS
@given(DEEDS)
async def test_it_answers_writes_and_logs_the_same(
    api: Api, db: asyncpg.Connection, database_url: str, lock: str, story: list[Deed]
) -> None:
    twins = await begin(api, db)
    begun = len(await log_of(db, twins.first.id))
    for deed in story:
        await twins.do(deed)
    await check(twins, begun, database_url, is_locked=lock == "locked")


async def test_it_does_the_same_with_every_kind_of_action(
    api: Api, db: asyncpg.Connection, database_url: str, lock: str
) -> None:
    twins = await begin(api, db)
    begun = len(await log_of(db, twins.first.id))
    for deed in STORY:
        await twins.do(deed)
    assert {operation["op"] for operation in twins.operations} == {t["op"] for t in TEMPLATES}
    await check(twins, begun, database_url, is_locked=lock == "locked")
