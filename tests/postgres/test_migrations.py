"""Forward and back with a filled database, and several that start at once."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import ExitStack
from pathlib import Path
from tempfile import mkdtemp

import asyncpg
import pytest

from api import Api, Json
from apps import another_api
from conftest import MANY, settings_for
from databases import a_database, contents
from doska.boards.trimming import trim
from doska.postgres.migration import LOCK, go_back, known_migrations, migrate
from followed import noting, work_off, worker
from operations import OPERATIONS, Scene, request, scene
from people import moved
from programs import Served, complaint, run, serving
from schema_dump import dump

KEY = "a key of one's own, 32 bytes or more"
SCHEMA = Path(__file__).parents[2] / "schema.sql"
NUMBERS = [int(name.partition("_")[0]) for name in known_migrations()]
EARLIER = NUMBERS[-2::-1]  # what one loses, the next does not know
LAST = known_migrations()[-1]
TOKENS = 3  # the number of the migration that brought access tokens
KINDS = {"label": 30, "comment": 32, "attachment": 33}  # since which migration there are such
NEWER = "insert into aerich (version, app, content) values ('99_later.py', 'models', '{}')"
REFUSED_LOCKS = """
    select count(*) from pg_stat_activity where datname = current_database()
    and state = 'idle' and query like '%pg_try_advisory_lock%'"""

Rows = dict[str, list[Json]]


@pytest.fixture
async def empty(server_url: str) -> AsyncIterator[str]:
    async with a_database(server_url) as url:
        yield url


@pytest.fixture
async def migrated(empty: str) -> str:
    await migrate(settings_for(empty))
    return empty


async def fill(api: Api) -> Scene:
    """Do everything that can be done but deleting; gives a scene that was left alone."""
    for operation in OPERATIONS:
        if operation.method in ("post", "put", "patch"):
            wanted = request(await scene(api, "full"), operation)
            accepts = [p["name"] for p in operation.parameters("header")]
            key = {"idempotency-key": "once"} if "Idempotency-Key" in accepts else None
            assert (await wanted.send(headers=key)).is_success, operation
    await api.nobody().post("/auth/login", login="nobody", password="wrong")
    left = await scene(api, "left")
    await left.owner.delete(f"/boards/{left.ids['board_id']}/users/{left.member.id}")
    assert await trim(left.ids["board_id"], days=0)  # who created it is known without its log
    kept = await scene(api, "kept")
    renaming = kept.owner.client.patch(f"/users/{kept.owner.id}", json={"name": "Newly named"})
    assert (await renaming).is_success  # which boards wait to be told
    return kept


def kept_by(number: int, rows: Rows) -> Rows:
    """Leave out access tokens, which an older release would take for sign-ins that may do all.

    And the ids of labels and comments, which it has not.
    """
    sessions = [row for row in rows["sessions"] if number >= TOKENS or not row["token_hash"]]
    used = [row for row in rows["used_ids"] if number >= KINDS.get(row["kind"], 0)]
    return {**rows, "sessions": sessions, "used_ids": used}


def without_what_is_new(snapshot: Json) -> Json:
    """Leave out what goes with the first release that knows nothing of it."""
    gone = {"label_ids", "comment_count", "attachment_count"}
    tasks = [{k: v for k, v in task.items() if k not in gone} for task in snapshot["tasks"]]
    return {**snapshot, "labels": [], "tasks": tasks}


def seen_by(release: Rows, rows: Rows) -> dict[str, list[str]]:
    """Leave of rows what another release knows of them; in an order that does not depend on it."""
    columns = {name: found[0].keys() if found else () for name, found in release.items()}
    return {
        name: sorted(str([row.get(column) for column in known]) for row in rows[name])
        for name, known in columns.items()
    }


async def test_going_back_and_forth_loses_nothing_that_both_releases_know(migrated: str) -> None:
    """Back to each earlier migration. Seen to fail when one, taken back, emptied its table."""
    settings = settings_for(migrated)
    async with another_api(migrated, requests_a_minute=MANY) as api:
        kept = await fill(api)
        await work_off(worker(migrated, test=noting("test")))  # which begins to follow
        path = f"/boards/{kept.ids['board_id']}/snapshot"
        board = await kept.owner.read(path)
        before = await contents(migrated)
        assert [name for name, rows in before.items() if not rows] == [], "not filled"
        for number in EARLIER:
            later = known_migrations()[NUMBERS.index(number) + 1 :]
            assert await go_back(settings, number) == list(reversed(later))
            earlier = await contents(migrated)
            assert seen_by(earlier, kept_by(number, before)) == seen_by(earlier, earlier)
            assert await migrate(settings) == list(later)
            assert seen_by(earlier, await contents(migrated)) == seen_by(earlier, earlier)
            assert dump(migrated) == SCHEMA.read_text()
    async with another_api(migrated) as api:
        assert without_what_is_new(await moved(kept.owner, api).read(path)) == without_what_is_new(
            board
        )


def test_the_command_goes_back_and_forth(migrated: str, tmp_path: Path) -> None:
    folder, here = tmp_path / "doska", {"DATABASE_URL": migrated, "SECRET_KEY": KEY}
    to = str(NUMBERS[-2])
    assert run("migrate", "--to", to, folder=folder, **here).stdout == f"Rolled back {LAST}.\n"
    assert run("migrate", "--to", to, folder=folder, **here).stdout == "Nothing to roll back.\n"
    assert run("migrate", folder=folder, **here).stdout == f"Ran {LAST}.\n"


async def test_what_a_newer_release_has_made_is_not_taken_back(
    migrated: str, tmp_path: Path
) -> None:
    """This program does not know how. Seen to fail when it tried."""
    connection = await asyncpg.connect(migrated)
    await connection.execute(NEWER)
    await connection.close()
    here = {"DATABASE_URL": migrated, "SECRET_KEY": KEY}
    told = complaint("migrate", "--to", "0", folder=tmp_path / "doska", **here)
    assert told.startswith("The database is newer than this program: it has 99_later.py.")


@pytest.mark.parametrize("workers", ["1", "2"])
async def test_two_copies_that_start_at_once_migrate_once_and_both_serve(
    empty: str, tmp_path: Path, workers: str
) -> None:
    """A rival holds the lock until both ask for it. Seen to fail without the lock."""
    rival = await asyncpg.connect(empty)
    await rival.execute(f"select pg_advisory_lock({LOCK})")
    with ExitStack() as stack:
        places = [Path(mkdtemp(dir=tmp_path)) for _ in range(2)]
        both = [asyncio.create_task(started(stack, place, empty, workers)) for place in places]
        async with asyncio.timeout(20):
            while await rival.fetchval(REFUSED_LOCKS) < 2:
                assert not any(copy.done() for copy in both)
                await asyncio.sleep(0)
        assert await rival.fetchval("select to_regclass('users')") is None
        await rival.execute(f"select pg_advisory_unlock({LOCK})")
        for copy in await asyncio.gather(*both):
            async with copy.client() as client:
                assert (await client.get("/health/ready")).status_code == 200
            assert not [line for line in copy.log if "Traceback" in line]
    ran = await rival.fetch("select version from aerich order by id")
    assert [row["version"] for row in ran] == list(known_migrations())
    await rival.close()


async def started(stack: ExitStack, place: Path, url: str, workers: str) -> Served:
    """Start a copy of Doska on a database."""
    settings = {"DATABASE_URL": url, "SECRET_KEY": KEY, "POOL_MAX": "2"}
    copy = serving(place / "doska", "--workers", workers, **settings)
    return await asyncio.to_thread(stack.enter_context, copy)
