"""What is known of used ids: whose they are, whoever has made them, before and after."""

from collections.abc import AsyncIterator

import asyncpg
import pytest

from api import Api
from apps import another_api
from batches import op, send
from checks import refused
from conftest import settings_for
from databases import a_database
from doska.postgres.migration import go_back, known_migrations, migrate
from people import promote
from used_ids import NAMED, Things, create, lose, things

BEFORE = 5  # the last migration that knows of no used ids
# Who had a place is noted when a board goes, for its archive: no id that anybody can ask for.
REGISTER = "select id::text, kind, board_id::text from used_ids where kind <> 'person'"
LIVING = """
    select id, 'board' as kind, id as board_id from boards
    union all select id, 'column', board_id from columns
    union all select id, 'task', board_id from tasks
    union all select k.id, 'subtask', t.board_id from subtasks k join tasks t on t.id = k.task_id"""


async def test_ids_stay_when_the_board_goes_with_an_account(
    api: Api, db: asyncpg.Connection
) -> None:
    anna, boris = await api.user(), await api.user()
    made, theirs = await things(anna), await things(boris)
    assert (await anna.delete(f"/users/{anna.id}")).status_code == 204
    for kind in NAMED:
        refused(await create(boris, theirs, kind, made[kind]["id"]), 409, "already-exists")
    assert await _of_board(db, made) == (anna.id, anna.id)


async def test_a_board_that_is_gone_is_remembered_with_its_owner_and_who_deleted_it(
    api: Api, db: asyncpg.Connection
) -> None:
    """For who may have it back. Seen to fail when only its ids were kept."""
    anna, root = await api.user(), await promote(db, await api.user())
    made = await things(anna)
    assert await _of_board(db, made) == (None, None)
    await root.delete(f"/boards/{made['board']['id']}")
    assert await _of_board(db, made) == (anna.id, root.id)


async def _of_board(db: asyncpg.Connection, made: Things) -> tuple[str | None, str | None]:
    sql = "select owner_id::text, deleted_by::text from used_ids where id = $1"
    return tuple(await db.fetchrow(sql, made["board"]["id"]))


@pytest.mark.parametrize("way", ["deleted", "undone", "gone with the board"])
@pytest.mark.parametrize("kind", NAMED)
async def test_what_an_older_release_has_made_beside_us_is_known_when_it_goes(
    api: Api, db: asyncpg.Connection, kind: str, way: str
) -> None:
    """It knows no register. Seen to fail when ids were written only of what is made."""
    anna, boris = await api.user(), await api.user()
    made, theirs = await things(anna), await things(boris)
    if kind == "board" and way == "undone":
        return
    await db.execute("delete from used_ids where id = $1", made[kind]["id"])
    await lose(anna, made, kind, way)
    refused(await create(boris, theirs, kind, made[kind]["id"]), 409, "already-exists")


async def test_everything_that_there_is_has_its_id(api: Api, db: asyncpg.Connection) -> None:
    """Of each kind, and with the board that it is on."""
    anna = await api.user()
    made = await things(anna)
    await anna.board(columns=["To do", "Done"])
    column = op("create_column", {"title": "A"})
    task = op("create_task", {"column_id": "$0.id", "title": "A"})
    await send(
        anna,
        made["board"]["id"],
        column,
        task,
        op("create_subtask", {"task_id": "$1.id", "title": "A"}),
    )
    found = await db.fetch(f"{LIVING} except {REGISTER.replace('::text', '')}")
    assert not found
    assert await db.fetchval(f"select count(*) from ({LIVING}) x") == 4 + 4 + 3 + 3


@pytest.fixture
async def empty(server_url: str) -> AsyncIterator[str]:
    async with a_database(server_url) as url:
        await migrate(settings_for(url))
        yield url


async def test_what_older_releases_have_used_is_filled_in(empty: str) -> None:
    """What there is, and what the logs tell of that has gone, with its board.

    Seen to fail for each kind that was left out, and with ids of what was only changed.
    """
    settings = settings_for(empty)
    async with another_api(empty) as api:
        anna = await api.user()
        for kind in NAMED[1:]:
            for way in ("deleted", "undone", "gone in a batch"):
                await lose(anna, await things(anna), kind, way)
        gone = await things(anna)
        token = await anna.post(
            "/auth/tokens", name="A", scope="read", board_ids=[gone["board"]["id"]]
        )
        assert token.status_code == 201
        await anna.delete(f"/boards/{gone['board']['id']}")
    connection = await asyncpg.connect(empty)
    of_gone = {gone[kind]["id"] for kind in NAMED[1:]}  # what was on it, nothing tells any more
    before = {tuple(row) for row in await connection.fetch(REGISTER) if row["id"] not in of_gone}
    await go_back(settings, BEFORE)
    assert await migrate(settings) == list(known_migrations()[BEFORE + 1 :])
    after = {tuple(row) for row in await connection.fetch(REGISTER)}
    await connection.close()
    assert after == before
    assert len(after) > 9 * len(NAMED)
