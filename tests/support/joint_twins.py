"""Two boards: on one things are done one by one, on the other by those who wait together."""

import json
from typing import Any

import asyncpg
import httpx

from api import Api, Json
from batch_twins import Deed, Twins, alone, said_of, twins_of
from batches import check_log
from doska.schemas import new_id
from log_board import log_of
from riders import application, at_home_on, waiting


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


async def _together(
    twins: Twins, url: str, at_once: int, *, is_locked: bool
) -> tuple[int, list[Any]]:
    """Do all on the second board, by their endpoints, as those who wait for one turn each time."""
    board = {"id": twins.second.id}
    operations = _with_ids(twins.operations, twins.second.id)
    async with application(url) as other:
        anna = await at_home_on(board, twins.anna, other)
        begun = len(await log_of(twins.db, twins.second.id)) + 1
        answers: list[httpx.Response] = []
        for number in range(0, len(operations), at_once):
            title = title_of(number // at_once)
            how = waiting(board, anna, url, twins.db, is_locked=is_locked, title=title)
            async with how as line:
                for operation in operations[number : number + at_once]:
                    await line.come(alone(anna, operation))
                answers += await line.go()
        if operations and len(operations) % at_once == 0:
            await anna.patch(f"/boards/{board['id']}", title=title_of(len(operations) // at_once))
    for number, operation in enumerate(operations):
        if operation["op"].startswith("create_"):
            twins.second.names[operation["body"]["id"]] = f"new-{number}"
    return begun, [answer.json() if answer.content else None for answer in answers]


def title_of(turn: int) -> str:
    """Give the title that the board gets by whoever has the turn before some wait together."""
    return f"Turn {turn}"


async def begin(api: Api, db: asyncpg.Connection, filling: int = 0) -> Twins:
    """Make the boards, and do on the first what lets somebody wait on the second."""
    twins = await twins_of(api, db, filling)
    anna = await at_home_on({"id": twins.first.id}, twins.anna, api)
    assert (await anna.patch(f"/boards/{twins.first.id}", title=title_of(0))).status_code == 200
    return twins


async def do(twins: Twins, story: list[Deed], at_once: int) -> None:
    """Do all on the first board, with what begins each turn on the second."""
    for deed in story:
        count = len(twins.operations)
        await twins.do(deed)
        if len(twins.operations) % at_once == 0 and len(twins.operations) > count:
            title = title_of(len(twins.operations) // at_once)
            await twins.anna.patch(f"/boards/{twins.first.id}", title=title)


async def check(
    twins: Twins, first_begun: int, url: str, *, is_locked: bool, at_once: int = 100
) -> None:
    """Compare what both boards answer, have and log."""
    begun, told = await _together(twins, url, at_once, is_locked=is_locked)
    for one, answer in zip(twins.answers, told, strict=True):
        assert twins.first.named(one) == twins.second.named(answer)
    await check_log(twins.db, twins.second.id)
    first = await said_of(twins.db, twins.first, first_begun)
    assert first == await said_of(twins.db, twins.second, begun)
