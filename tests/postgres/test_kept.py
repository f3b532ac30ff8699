"""The embedded PostgreSQL ends by itself: it is started again, or Doska ends and says why."""

import os
import signal
import subprocess
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import httpx
import pytest

from clusters import OPTIONS, answers, is_running, killed_owner
from doska.postgres import embedded
from doska.postgres.embedded import keeper
from people import COOKIE
from programs import Served, a_data_folder, run, serving, until
from served import retitle
from stream_client import opened_with, until_dropped
from stream_scene import next_title

SAID = "doska: The embedded PostgreSQL had ended, and was started again."


@pytest.fixture(scope="module")
def folder() -> Iterator[Path]:
    """Give a data folder whose database is made, which is what takes long."""
    with a_data_folder() as place:
        assert run("migrate", folder=place).returncode == 0
        yield place


def kill(folder: Path) -> int:
    """Kill the server of a data folder; gives its pid."""
    pid = int((folder / "pg16" / "postmaster.pid").read_text().split()[0])
    os.kill(pid, signal.SIGKILL)
    return pid


def came_again(served: Served, times: int = 1) -> bool:
    return served.log.count(SAID) >= times


async def titled(client: httpx.AsyncClient, board: str, title: str) -> None:
    """Write, as soon as that is possible again."""
    answer = await client.patch(f"/boards/{board}", json={"title": title})
    for _ in range(200):
        if answer.status_code != 503:
            break
        answer = await client.patch(f"/boards/{board}", json={"title": title})
    assert answer.status_code == 200, answer.text


@pytest.mark.parametrize("workers", ["1", "2"])
async def test_a_database_that_is_killed_comes_again_and_all_goes_on(
    folder: Path, workers: str
) -> None:
    """Also live streams. Seen to fail when nobody looked after it: 503 for ever."""
    with serving(folder, "--workers", workers) as served:
        async with served.client() as client:
            board = await board_of(client, workers)
            cookie = f"{COOKIE}={client.cookies[COOKIE]}"
            async with until_dropped(opened_with(served.url, board, cookie=cookie)) as watch:
                await retitle(client, board, "Before")
                assert await next_title(watch) == "Before"
                for times in (1, 2):
                    kill(folder)
                    until(partial(came_again, served, times))
                    await titled(client, board, f"After {times}")
                    assert await next_title(watch) == f"After {times}"
        served.process.terminate()
        assert served.ends() == 0
    assert not is_running(folder)


async def board_of(client: httpx.AsyncClient, name: str) -> str:
    """Sign somebody in whom this folder does not know yet."""
    body = {
        "username": f"anna{name}",
        "email": f"{name}@example.com",
        "password": "a horse battery",
    }
    (await client.post("/users", json=body)).raise_for_status()
    return str((await client.post("/boards", json={"title": "Web"})).json()["id"])


@pytest.mark.parametrize("workers", ["1", "2"])
def test_where_it_cannot_come_again_doska_ends_and_says_why(folder: Path, workers: str) -> None:
    settings = folder / "pg16" / "postgresql.auto.conf"
    kept = settings.read_text()
    try:
        with serving(folder, "--workers", workers) as served:
            settings.write_text("shared_buffers = 'many'\n")
            kill(folder)
            assert served.ends() == 1
            (line,) = [line for line in served.log if line.startswith("doska: ")]
    finally:
        settings.write_text(kept)
    assert line.startswith("doska: The embedded PostgreSQL has ended, and not come again: ")
    assert "postgresql.auto.conf" in line


def test_one_that_ends_again_and_again_is_given_up(folder: Path) -> None:
    """Seen to fail when it was started without end."""
    with serving(folder) as served:
        for times in range(1, keeper.RESTARTS_MAX + 1):
            kill(folder)
            until(partial(came_again, served, times))
        kill(folder)
        assert served.ends() == 1
        assert "it keeps ending; see " in served.log[-1]


def test_one_that_was_taken_over_is_kept_too(folder: Path) -> None:
    pid, host = killed_owner(folder)
    told: list[str] = []
    with embedded.start(folder, options=OPTIONS) as server:
        assert server.pid == pid
        server.keep(told.append, told.append)
        kill(folder)
        until(lambda: bool(told))
        assert told == [SAID.removeprefix("doska: ")]
        assert answers(host)
    assert not is_running(folder)


@pytest.mark.parametrize("looks", [True, False])
def test_told_to_stop_meanwhile_nothing_is_left(folder: Path, *, looks: bool) -> None:
    """Seen to fail when what was started just then was not ended."""
    told: list[str] = []
    server = embedded.start(folder, options=OPTIONS)
    server.keep(told.append, told.append)
    kill(folder)
    if looks:
        until(lambda: not answers(server.host))
    server.stop()
    assert not servers_of(folder)
    assert not Path(server.host).exists()


def servers_of(folder: Path) -> list[str]:
    """List the processes that serve a folder."""
    found = subprocess.run(
        ["/bin/ps", "-ww", "-e", "-o", "args="], capture_output=True, text=True, check=True
    )
    return [line for line in found.stdout.splitlines() if f"postgres -D {folder / 'pg16'} " in line]
