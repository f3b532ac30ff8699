"""An import into a board on which others write all the time: at last it is planned while they wait."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import asyncpg
from test_imports import TWO, titles

from api import Api, Json
from importing import done, imported

# Whenever the plan is ready somebody is faster, unless the board is locked; if it is locked when it
# is planned for, what was made from the file is another board by then.
FASTER = """
create function be_faster() returns trigger language plpgsql as $$ begin
    if new.status = 'writing' then
        with told as (
            update boards b set seq = seq + 1 from (select id from boards where id = '{board}'
                for no key update skip locked) free
            where b.id = free.id returning b.id, b.seq)
        insert into events (board_id, seq, type, payload, changes, at)
        select id, seq, 'board.updated', '{{}}', '[]', clock_timestamp() from told;
    elsif not exists (
            select from boards where id = '{board}' for no key update skip locked) then
        update import_refs set board_id = '{other}' where board_id = '{board}';
    end if;
    return new;
end $$;
create trigger be_faster after update on imports for each row
    when (new.status in ('planning', 'writing')) execute function be_faster()"""
GONE = "drop trigger be_faster on imports; drop function be_faster"
EVENTS = "select count(*) from events where board_id = $1 and type = 'board.updated'"


@asynccontextmanager
async def others_are_faster(
    db: asyncpg.Connection, board_id: str, other_id: str
) -> AsyncIterator[None]:
    await db.execute(FASTER.format(board=board_id, other=other_id))
    try:
        yield
    finally:
        await db.execute(GONE)


async def test_who_writes_all_the_time_waits_for_an_import_that_has_tried_some_times(
    api: Api, db: asyncpg.Connection
) -> None:
    """Seen to fail with 500, when it was only ever planned without the lock."""
    anna = await api.user("anna")
    board: Json = await anna.board(columns=[])
    async with others_are_faster(db, board["id"], board["id"]):
        report = await done(anna, TWO, into=board["id"])
    assert [made["board_id"] for made in report["boards"]] == [board["id"]]
    assert await titles(anna, board["id"]) == ["first", "second"]
    assert await db.fetchval(EVENTS, board["id"]) > 1


async def test_an_import_that_is_for_another_board_each_time_is_refused(
    api: Api, db: asyncpg.Connection
) -> None:
    """What is locked is not what it would write: try again. Nothing is written."""
    anna = await api.user("anna")
    report = await done(anna, TWO)
    other: Json = await anna.board(columns=[])
    board_id = report["boards"][0]["board_id"]
    async with others_are_faster(db, board_id, other["id"]):
        found = await imported(anna, TWO)
    assert (found["status"], found["problem"]["type"]) == ("failed", "/problems/unavailable")
    assert (await anna.read(f"/boards/{other['id']}/snapshot"))["columns"] == []
