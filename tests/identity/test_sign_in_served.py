"""The limits of signing in, in a Doska that is served as anybody would."""

from collections.abc import Iterator
from pathlib import Path

import asyncpg
import httpx
import pytest

from programs import Served, a_data_folder, serving
from sign_ins import ELSEWHERE, WRONG

LOGIN = {"login": "anna", "password": WRONG}


@pytest.fixture(scope="module")
def folder() -> Iterator[Path]:
    with a_data_folder() as place:
        yield place


async def tried(server: Served, *sources: str) -> list[httpx.Response]:
    """Try a password from each of the sources that the header claims."""
    async with server.client() as client:
        return [
            await client.post("/auth/login", json=LOGIN, headers={"x-forwarded-for": source})
            for source in sources
        ]


async def test_the_server_believes_no_header_either(folder: Path) -> None:
    """Uvicorn, left to itself, believes whoever is on this machine.

    Seen to fail with its ``proxy_headers`` on.
    """
    with serving(folder, SIGN_IN_ATTEMPTS_A_MINUTE="3") as server:
        answers = await tried(server, *(f"192.0.2.{number}" for number in range(4)))
    assert [answer.status_code for answer in answers] == [401, 401, 401, 429]


async def test_what_failed_is_remembered_over_a_restart_of_everything(folder: Path) -> None:
    """PostgreSQL's too, which keeps no log of this table."""
    with serving(folder) as server:
        await tried(server, ELSEWHERE)
        connection = await asyncpg.connect(server.database_url)
        await connection.execute("update login_failures set failures = 100, last_at = now()")
        await connection.close()
    with serving(folder) as server:
        (answer,) = await tried(server, ELSEWHERE)
    assert answer.status_code == 429
    assert int(answer.headers["retry-after"]) > 600
