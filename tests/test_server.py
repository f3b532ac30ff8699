import asyncio
import errno
import json
import os
import secrets
import signal
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from urllib.parse import urlsplit

import asyncpg
import httpx
import pytest

from api import PASSWORD, Json
from conftest import settings_for
from doska.server import Unusable, bring_up_to_date
from programs import Served, a_data_folder, complaint, example, run, serving, until

KEY = "a key of one's own, 32 bytes or more"
PATIENT = {"LOCK_TIMEOUT_SECONDS": "20", "STATEMENT_TIMEOUT_SECONDS": "20"}
WAITING = "select count(*) from pg_locks where not granted"
NEW_TITLE = {"title": "Then"}
CONNECTIONS = "select count(*) from pg_stat_activity where application_name = 'doska'"


@pytest.fixture(scope="module")
def folder() -> Iterator[Path]:
    """Give a data folder whose database is made, which is what takes long."""
    with a_data_folder() as place:
        assert run("migrate", folder=place).returncode == 0
        rules = place / "pg16" / "pg_hba.conf"
        rules.write_text(f"local all locked scram-sha-256\n{rules.read_text()}")
        yield place


@pytest.fixture(scope="module")
async def served(folder: Path) -> AsyncIterator[Served]:
    """Give a running server; its database knows a role that needs a password."""
    with serving(folder) as server:
        async with connected(server) as connection:
            await connection.execute(
                "create role locked login password 'another'; create role guest login"
            )
        yield server


@asynccontextmanager
async def connected(server: Served) -> AsyncIterator[asyncpg.Connection]:
    connection = await asyncpg.connect(server.database_url)
    try:
        yield connection
    finally:
        await connection.close()


async def ready(client: httpx.AsyncClient) -> None:
    assert (await client.get("/health/ready")).status_code == 200


async def registered(client: httpx.AsyncClient) -> Json:
    username = f"anna-{secrets.token_hex(4)}"
    body = {"username": username, "email": f"{username}@example.com", "password": PASSWORD}
    response = await client.post("/users", json=body)
    assert response.status_code == 201, response.text
    return dict(response.json())


def is_running(folder: Path) -> bool:
    """Tell whether PostgreSQL runs; it takes the file away as the last thing it does."""
    return (folder / "pg16" / "postmaster.pid").exists()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
async def test_a_signal_ends_both_processes_once_what_is_in_flight_is_done(
    folder: Path, number: signal.Signals
) -> None:
    """Seen to fail when the signal also cut what was in flight."""
    with serving(folder, **PATIENT) as server:
        async with server.client() as client:
            await registered(client)
            board = (await client.post("/boards", json={"title": "Now"})).json()["id"]
            async with connected(server) as rival, rival.transaction():
                await rival.execute("select from boards where id = $1 for update", board)
                renaming = asyncio.create_task(client.patch(f"/boards/{board}", json=NEW_TITLE))
                while not await rival.fetchval(WAITING):
                    assert not renaming.done()
                server.send(number)
                until(lambda: not server.is_listening())
                assert not (await asyncio.wait({renaming}, timeout=0.3))[0]
            assert (await renaming).json()["title"] == "Then"
        assert server.ends() == 0
        assert not is_running(folder)


async def test_after_a_kill_the_next_start_finds_everything(folder: Path) -> None:
    """The database and the key that signs: who was signed in still is."""
    with serving(folder) as server:
        async with server.client() as client:
            anna, cookies = await registered(client), client.cookies
        server.send(signal.SIGKILL)
        server.ends()
        assert is_running(folder)

    with serving(folder) as server:
        async with server.client() as client:
            client.cookies = cookies
            assert (await client.get("/users/me")).json() == anna


async def test_several_processes_serve_and_end_together(folder: Path) -> None:
    with serving(folder, "--workers", "2", POOL_MAX="2") as server:
        async with connected(server) as watcher:
            while await watcher.fetchval(CONNECTIONS) < 4:  # each process has two of its own
                async with server.client() as client:  # whose connections go to either
                    await asyncio.gather(*(ready(client) for _ in range(20)))
        server.send(signal.SIGTERM)
        assert server.ends() == 0
        assert not is_running(folder)
        assert "Traceback" not in "".join(server.log)


async def test_processes_whose_parent_was_killed_end_and_leave_the_port(folder: Path) -> None:
    """Seen to fail without anything that notices: they served on for ever."""
    with serving(folder, "--workers", "2") as server:
        async with server.client() as client:
            await ready(client)
        os.kill(server.process.pid, signal.SIGKILL)
        server.ends()
        try:
            until(lambda: not server.is_listening())
        finally:
            with suppress(ProcessLookupError):
                server.send(signal.SIGKILL)


async def test_a_burst_at_the_start_opens_one_pool(folder: Path) -> None:
    """Seen to fail while each of the first requests opened a pool of its own."""
    with serving(folder, POOL_MAX="3") as server:
        async with server.client() as client, connected(server) as watcher:
            await asyncio.gather(*(ready(client) for _ in range(40)))
            assert await watcher.fetchval(CONNECTIONS) <= 3


def test_an_application_that_does_not_start_is_no_success(folder: Path) -> None:
    broken = "import doska.main as m, doska.cli; m.Passwords = None; doska.cli.main()"
    ended = run("serve", "--port", "0", folder=folder, command=[sys.executable, "-c", broken])
    assert ended.returncode != 0
    assert "TypeError" in ended.stderr
    assert not is_running(folder)


def test_the_greeting_tells_addresses_and_data_folder(served: Served) -> None:
    assert served.greeting == [
        f"Doska is on {served.url}",
        f"its API: {served.url}/docs",
        f"data in: {served.folder}",
        "Ctrl-C stops it.",
    ]


async def test_each_request_is_one_line_of_json_without_secrets(served: Served) -> None:
    async with served.client() as client:
        anna = await registered(client)
        response = await client.get(f"/boards/{anna['id']}", params={"q": "hidden"})
        number = response.headers["x-request-id"]
        until(lambda: any(number in line for line in served.log))

    lines = [json.loads(line) for line in served.log]
    (line,) = [line for line in lines if line["request_id"] == number]
    assert line["route"] == "/boards/{board_id}"
    assert (line["user"], line["status"], line["method"]) == (anna["id"], 422, "GET")
    assert line["ms"] > 0
    for secret in (PASSWORD, "hidden", client.cookies["doska_session"]):
        assert secret not in "".join(served.log)


def test_a_port_in_use_is_told_in_one_line(served: Served) -> None:
    port = str(urlsplit(served.url).port)
    told = complaint("serve", "--port", port, folder=served.folder)
    assert told == f"127.0.0.1:{port} cannot be used: {os.strerror(errno.EADDRINUSE)}"


def test_a_host_that_is_not_ours_is_told_in_one_line(folder: Path) -> None:
    told = complaint("serve", "--port", "0", "--host", "203.0.113.7", folder=folder)
    assert told == f"203.0.113.7:0 cannot be used: {os.strerror(errno.EADDRNOTAVAIL)}"


def test_a_data_folder_in_use_is_told_in_one_line(served: Served) -> None:
    told = complaint("serve", "--port", "0", folder=served.folder)
    pid = served.process.pid
    assert told == f"Another doska is running on this data folder (pid {pid}): {served.folder}"


def test_a_file_as_data_folder_is_told_in_one_line(folder: Path) -> None:
    file = folder.with_name("file")
    file.touch()
    told = complaint("serve", "--port", "0", folder=file)
    assert told.startswith(f"The data folder {file} cannot be used: ")


@pytest.mark.parametrize(
    ("address", "reason"),
    [
        ("postgres://doska:secret@nowhere.invalid/doska", ""),
        ("postgres://doska:secret@127.0.0.1:1/doska", "[Errno"),
        ("postgres://doska:secret@/doska?host=/tmp/nowhere", "[Errno 2]"),
        ("postgres://doska@/nowhere?host={host}", 'database "nowhere" does not exist'),
        ("postgres://locked:secret@/doska?host={host}", "password authentication failed for user"),
        ("postgres://nobody@/doska?host={host}", 'role "nobody" does not exist'),
        ("postgres://doska@/template1?host={host}&wrong=1", "unrecognized configuration parameter"),
        ("postgres://guest@/template1?host={host}", "permission denied for schema public"),
    ],
)
async def test_a_database_that_cannot_be_used_is_told_in_one_line(
    served: Served, address: str, reason: str
) -> None:
    host = served.database_url.rpartition("host=")[2].partition("&")[0]
    settings = settings_for(address.format(host=host))

    with pytest.raises(Unusable) as refused:
        await asyncio.to_thread(bring_up_to_date, settings)

    (told,) = str(refused.value).splitlines()
    assert told.startswith(f"DOSKA_DATABASE_URL cannot be used: {reason}")
    assert "secret" not in told


def test_a_database_that_does_not_answer_ends_the_start(folder: Path) -> None:
    url = "postgres://doska:secret@127.0.0.1:1/doska"
    told = complaint("serve", "--port", "0", folder=folder, DATABASE_URL=url, SECRET_KEY=KEY)
    assert told.startswith("DOSKA_DATABASE_URL cannot be used: [Errno")


@pytest.mark.parametrize(
    ("settings", "told"),
    [
        ({"ALLOWED_ORIGINS": "*"}, "DOSKA_ALLOWED_ORIGINS must name each origin"),
        ({**example("DOSKA_"), "ENVIRONMENT": "production"}, "DOSKA_SECRET_KEY is the example's"),
    ],
)
def test_wrong_settings_end_the_start(folder: Path, settings: dict[str, str], told: str) -> None:
    """Which are wrong is the subject of test_settings."""
    assert complaint("serve", folder=folder, **settings).startswith(told)
