"""Files on their way in: what is too much, too slow, too late or broken off leaves nothing."""

import asyncio
import resource
import signal
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

import asyncpg
import httpx
import pytest

from api import PASSWORD, Api, Json
from apps import another_api
from attaching import PNG, attached, content_at, post_file, stored
from checks import refused
from doska.http import body_limit
from doska.schemas import new_id
from log_rival import rival_on
from people import COOKIE, moved
from programs import a_data_folder, serving
from stream_server import port_of
from works import a_task, at

MB = 1 << 20
ONE_MB = {"attachment_mb_max": 1, "attachments_per_board_mb_max": 2}


async def in_pieces(count: int, piece: bytes = bytes(64 << 10)) -> AsyncIterator[bytes]:
    for _ in range(count):
        await asyncio.sleep(0)
        yield piece


async def until(true: Callable[[], bool]) -> None:
    """Wait for something to become true."""
    async with asyncio.timeout(60):
        while not true():  # noqa: ASYNC110  # the file system tells nobody
            await asyncio.sleep(0.01)


async def rows(db: asyncpg.Connection) -> int:
    return int(await db.fetchval("select count(*) from blobs"))


@pytest.mark.parametrize("is_chunked", [True, False])
async def test_a_file_beyond_the_limit_is_refused_and_none_of_it_left(
    api: Api, db: asyncpg.Connection, database_url: str, *, is_chunked: bool
) -> None:
    """Seen to fail where only a Content-Length was compared."""
    anna, _, task = await a_task(api)
    before = stored(api)
    async with another_api(database_url, **ONE_MB) as other:
        person = moved(anna, other)
        exact = await post_file(person, task, bytes(MB))
        content = in_pieces(17) if is_chunked else bytes(MB + 1)
        refused(await post_file(person, task, content), 413, "too-large", limit=MB)
    assert exact.status_code == 201
    assert len(stored(api)) == len(before) + 1
    assert await rows(db) == 1


async def test_a_file_in_pieces_is_taken_like_any_other(api: Api) -> None:
    anna, _, task = await a_task(api)

    made = await attached(anna, task, in_pieces(20))

    assert made["size"] == 20 * (64 << 10)
    assert (await anna.get(content_at(made))).content == bytes(made["size"])


async def test_an_empty_file_is_a_file(api: Api) -> None:
    anna, _, task = await a_task(api)

    made = await attached(anna, task, b"", "empty.txt")

    assert (made["size"], (await anna.client.get(content_at(made))).content) == (0, b"")


async def test_a_body_that_comes_too_slowly_is_refused(
    api: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Seen to fail without a look at the speed: it had ten minutes."""

    async def dripping() -> AsyncIterator[bytes]:
        while True:
            await asyncio.sleep(0.02)
            yield b"x"

    monkeypatch.setattr(body_limit, "SLOW_SECONDS", 0.2)
    anna, _, task = await a_task(api)
    before = stored(api)
    async with asyncio.timeout(30):
        refused(await post_file(anna, task, dripping()), 408, "too-slow")
    assert stored(api) == before


async def test_a_body_that_never_ends_is_refused(api: Api, database_url: str) -> None:
    async def endless() -> AsyncIterator[bytes]:
        while True:
            await asyncio.sleep(0)
            yield bytes(1000)

    anna, _, task = await a_task(api)
    before = stored(api)
    async with another_api(database_url, **ONE_MB) as other:
        refused(await post_file(moved(anna, other), task, endless()), 413, "too-large")
    assert stored(api) == before


async def test_a_body_that_takes_too_long_is_refused(api: Api, database_url: str) -> None:
    async def stuck() -> AsyncIterator[bytes]:
        yield bytes(1000)
        await asyncio.Event().wait()

    anna, _, task = await a_task(api)
    before = stored(api)
    async with another_api(database_url, upload_seconds_max=0.2) as other, asyncio.timeout(30):
        refused(await post_file(moved(anna, other), task, stuck()), 408, "too-slow", limit=0.2)
    assert stored(api) == before


async def test_a_client_that_is_gone_half_way_leaves_nothing(
    api: Api, db: asyncpg.Connection
) -> None:
    """Seen to fail when what was received until then was stored."""
    anna, _, task = await a_task(api)
    before = stored(api)
    async with port_of(api) as address:
        where = urlsplit(address)
        _, writer = await asyncio.open_connection(where.hostname, where.port)
        head = [
            f"POST {at(task)}/attachments?name=a.bin HTTP/1.1",
            f"host: {where.netloc}",
            f"cookie: {COOKIE}={anna.client.cookies[COOKIE]}",
            f"content-length: {MB}",
        ]
        writer.write("\r\n".join(head).encode() + b"\r\n\r\n" + bytes(MB // 2))
        await writer.drain()
        await until(lambda: stored(api) != before)  # it has begun
        writer.close()
        async with asyncio.timeout(30):
            await until(lambda: stored(api) == before)
    assert await rows(db) == 0


async def test_two_files_do_not_share_the_last_megabyte(
    api: Api, db: asyncpg.Connection, database_url: str
) -> None:
    """Seen to fail when the room was judged before the lock only."""
    anna, board, task = await a_task(api)
    async with another_api(database_url, **ONE_MB) as other:
        person = moved(anna, other)
        assert (await post_file(person, task, bytes(MB))).status_code == 201
        before = stored(api)
        async with rival_on(board["id"], database_url, db) as rival:
            both = [
                asyncio.ensure_future(post_file(person, task, bytes(MB // 2 + 1))) for _ in "ab"
            ]
            await until(lambda: len(stored(api)) == len(before) + 2)
            await rival.do("commit")
        answers = sorted(await asyncio.gather(*both), key=lambda answer: answer.status_code)
    assert answers[0].status_code == 201
    refused(answers[1], 409, "limit-reached", limit=2, of="MB of files of a board")
    assert len(stored(api)) == len(before) + 1


async def test_deleted_files_count_until_they_are_gone(api: Api, database_url: str) -> None:
    anna, _, task = await a_task(api)
    async with another_api(database_url, **ONE_MB) as other:
        person = moved(anna, other)
        for _ in "ab":
            made = (await post_file(person, task, bytes(MB))).json()
            await person.delete(f"/attachments/{made['id']}")
        refused(await post_file(person, task, b"x"), 409, "limit-reached", limit=2)


@pytest.mark.parametrize(
    ("settings", "of"),
    [
        ({"attachments_per_task_max": 1}, "attachments of a task"),
        ({"files_gb_max": 1, "attachments_per_board_mb_max": 9999}, None),
        ({"files_per_user_gb_max": 1, "attachments_per_board_mb_max": 9999}, None),
    ],
)
async def test_there_are_so_many_and_no_more(
    api: Api, db: asyncpg.Connection, database_url: str, settings: Json, of: str | None
) -> None:
    anna, _, task = await a_task(api)
    async with another_api(database_url, **settings) as other:
        person = moved(anna, other)
        await attached(person, task)
        if of is None:
            await db.execute("update blobs set size = 1::bigint << 30")
            of = "GB of files of " + ("this server" if "files_gb_max" in settings else "a person")
        before = stored(api)
        refused(await post_file(person, task), 409, "limit-reached", limit=1, of=of)
        assert stored(api) == before
        if of == "attachments of a task":
            link = await person.post(f"{at(task)}/links", url="https://example.com")
            refused(link, 409, "limit-reached", limit=1, of=of)


async def test_so_many_arrive_at_once_and_no_more(api: Api, database_url: str) -> None:
    """Seen to fail when a place was not given back."""
    go_on = asyncio.Event()

    async def waiting() -> AsyncIterator[bytes]:
        yield PNG
        await go_on.wait()

    anna, board, task = await a_task(api)
    ben = await api.user()
    await anna.invite(board, ben)
    few = {"uploads_in_flight_max": 2, "uploads_per_user_max": 1}
    async with another_api(database_url, **few) as other:
        person, friend = moved(anna, other), moved(ben, other)
        before = len(stored(api))
        first = asyncio.ensure_future(post_file(person, task, waiting()))
        await until(lambda: len(stored(api)) == before + 1)
        refused(await post_file(person, task), 429, "too-many-uploads", limit=1)
        second = asyncio.ensure_future(post_file(friend, task, waiting()))
        await until(lambda: len(stored(api)) == before + 2)
        cleo = moved(await api.user(), other)
        await moved(anna, other).invite(board, cleo)
        refused(await post_file(cleo, task), 503, "uploads-busy")
        go_on.set()
        assert [(await sent).status_code for sent in (first, second)] == [201, 201]
        assert (await post_file(person, task)).status_code == 201


async def test_without_free_space_nothing_is_read(api: Api, database_url: str) -> None:
    anna, _, task = await a_task(api)
    async with another_api(database_url, files_free_gb_min=1e9) as other:
        refused(await post_file(moved(anna, other), task), 507, "insufficient-storage")


@contextmanager
def files_of_at_most(count: int) -> Iterator[None]:
    """Let this process write no longer files: the system refuses as it does on a full disk."""
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    ignored = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (count, limits[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
        signal.signal(signal.SIGXFSZ, ignored)


async def test_a_full_disk_refuses_files_and_nothing_else(api: Api, db: asyncpg.Connection) -> None:
    """Seen to fail with a 500, and with half a file left."""
    anna, _, task = await a_task(api)
    before = stored(api)
    with files_of_at_most(100_000):
        answer = await post_file(anna, task, bytes(MB))
        assert (await anna.patch(at(task), title="Sing")).status_code == 200
    refused(answer, 503, "not-stored")
    assert stored(api) == before
    assert await rows(db) == 0
    await attached(anna, task, bytes(MB))


async def test_who_loses_the_right_meanwhile_attaches_nothing(
    api: Api, db: asyncpg.Connection
) -> None:
    """Seen to fail when the right was judged before the body only."""
    go_on = asyncio.Event()

    async def waiting() -> AsyncIterator[bytes]:
        yield PNG
        await go_on.wait()

    anna, board, task = await a_task(api)
    ben = await api.user()
    await anna.invite(board, ben)
    before = stored(api)
    sent = asyncio.ensure_future(post_file(ben, task, waiting()))
    await until(lambda: stored(api) != before)
    await anna.delete(f"/boards/{board['id']}/users/{ben.id}")
    go_on.set()
    refused(await sent, 404, "not-found")
    assert stored(api) == before
    assert await rows(db) == 0


async def test_no_connection_is_held_while_a_file_arrives(api: Api, database_url: str) -> None:
    """Seen to fail when the board was opened first."""
    go_on = asyncio.Event()

    async def waiting() -> AsyncIterator[bytes]:
        yield PNG
        await go_on.wait()

    anna, _, task = await a_task(api)
    async with another_api(database_url, pool_min=1, pool_max=1) as other:
        person, before = moved(anna, other), stored(api)
        sent = asyncio.ensure_future(post_file(person, task, waiting()))
        await until(lambda: stored(api) != before)
        assert (await person.patch(at(task), title="Sing")).status_code == 200
        go_on.set()
        assert (await sent).status_code == 201


async def test_a_repeated_upload_does_nothing_new(api: Api, db: asyncpg.Connection) -> None:
    """Seen to fail without the file's hash in what identifies the request."""
    anna, _, task = await a_task(api)
    key = {"idempotency_key": new_id()}

    first = await post_file(anna, task, **key)
    files = stored(api)
    again = await post_file(anna, task, **key)

    assert (again.status_code, again.json()) == (201, first.json())
    assert again.headers["idempotency-replayed"] == "true"
    refused(await post_file(anna, task, PNG + b"!", **key), 422, "key-reused")
    refused(await post_file(anna, task, name="other.png", **key), 422, "key-reused")
    assert stored(api) == files
    assert await rows(db) == 1


async def test_a_repeat_is_answered_though_the_first_has_filled_the_task(
    api: Api, database_url: str
) -> None:
    anna, _, task = await a_task(api)
    key = {"idempotency_key": new_id()}
    async with another_api(database_url, attachments_per_task_max=1) as other:
        person = moved(anna, other)
        first = await post_file(person, task, **key)
        again = await post_file(person, task, **key)
        assert (again.status_code, again.json()) == (201, first.json())


async def test_a_dry_run_reads_nothing(api: Api, db: asyncpg.Connection) -> None:
    anna, _, task = await a_task(api)
    before = stored(api)
    dry = {"prefer": "dry-run"}

    answer = await post_file(anna, task, **dry)

    assert answer.json()["events"][0]["type"] == "attachment.added"
    assert answer.json()["events"][0]["payload"]["attachment"]["size"] == len(PNG)
    assert answer.json()["counts"]["attachments"]["created"] == 1
    refused(await post_file(anna, task, in_pieces(1), **dry), 422, "invalid")
    assert stored(api) == before
    assert await rows(db) == 0


async def _with_task(client: httpx.AsyncClient) -> tuple[str, str]:
    """Sign somebody in; gives the ids of a board and of a task on it."""
    body = {"username": "anna", "email": "anna@example.com", "password": PASSWORD}
    (await client.post("/users", json=body)).raise_for_status()
    board = (await client.post("/boards", json={"title": "Web", "columns": ["To do"]})).json()
    columns = (await client.get(f"/boards/{board['id']}/columns")).json()["items"]
    made = {"column_id": columns[0]["id"], "title": "Draw"}
    return board["id"], (await client.post("/tasks", json=made)).json()["id"]


async def test_a_process_killed_after_the_file_is_stored_leaves_no_row() -> None:
    """The file stays until the sweeper finds it; never a row without a file."""
    with a_data_folder() as folder, serving(folder) as served:
        store = folder / "files" / "stored"
        async with served.client() as client:
            board_id, task_id = await _with_task(client)
            url = served.database_url
            watcher = await asyncpg.connect(url)
            async with rival_on(board_id, url, watcher) as rival:
                path = f"/tasks/{task_id}/attachments"
                sending = client.post(path, params={"name": "a.png"}, content=PNG)
                sent = asyncio.ensure_future(sending)
                await rival.is_waited_for()
                assert [file.read_bytes() for file in store.rglob("*") if file.is_file()] == [PNG]
                served.process.send_signal(signal.SIGKILL)
                with pytest.raises(httpx.TransportError):
                    await sent
            assert await rows(watcher) == 0
            assert await watcher.fetchval("select count(*) from attachments") == 0
            await watcher.close()
