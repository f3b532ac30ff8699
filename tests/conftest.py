"""One PostgreSQL a run, one database a worker, every row deleted after each test."""

import io
import json
import os
import re
import secrets
import shutil
import signal
import tempfile
from collections.abc import AsyncIterator, Iterator
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import asyncpg
import httpx
import pytest
from fastapi import FastAPI
from pydantic import SecretStr

from api import Api, Json
from doska.identity import credentials
from doska.main import create_app
from doska.postgres import embedded
from doska.postgres.migration import migrate
from doska.settings import Settings
from doska.tasks import places
from measured import Measured
from write_coverage import WriteCoverage

credentials.ARGON2.update(memory_cost=8, time_cost=1)  # the cheapest there is

# A container's /tmp is small: whoever tests the room for files says how much there has to be.
os.environ.setdefault("DOSKA_FILES_FREE_GB_MIN", "0")

FAST = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "autovacuum": "off"}

MANY = 1_000_000  # all people of a run have one address

FILES = Path(tempfile.gettempdir()) / f"doska-files-{os.getpid()}"  # made by the first file

SCHEMA = Path(__file__).parents[1] / "schema.sql"
TABLES = ", ".join(
    table for table in re.findall(r"CREATE (?:UNLOGGED )?TABLE public\.(\w+)", SCHEMA.read_text())
    if table != "aerich"
)  # fmt: skip
DELETE_ALL = "".join(
    [
        "set session_replication_role = replica;",
        *(f"delete from {table};" for table in TABLES.split(", ")),
        "reset session_replication_role",
    ]
)
# Nothing vacuums here: what is deleted is still read over, by every test that follows.
SIZE = f"select sum(pg_total_relation_size(t::regclass)) from unnest('{{{TABLES}}}'::text[]) t"
TRUNCATE_FROM_BYTES = 16 * 2**20
TRUNCATE_ALL = f"truncate {TABLES}"


def settings_for(url: str, **more: Any) -> Settings:
    return Settings(
        _env_file=None,
        database_url=SecretStr(url),
        secret_key=SecretStr("a key for tests that is long enough, really"),
        **{
            "log_level": "error",
            "sign_in_attempts_a_minute": MANY,
            "requests_a_minute": 0,
            "files_dir": FILES,
            "background": False,  # Api.work_off does it when it is time
            **more,
        },
    )


def with_database(url: str, name: str) -> str:
    return urlunsplit(urlsplit(url)._replace(path=f"/{name}"))


@cache
def _documentation() -> str:
    """Describe the application once a process: it takes a second."""
    return json.dumps(create_app(settings_for("postgres://localhost/none")).openapi())


def documentation() -> Json:
    """Give the OpenAPI document, for which there need be no database."""
    document: Json = json.loads(_documentation())
    return document


def pytest_configure(config: pytest.Config) -> None:
    if signal.getsignal(signal.SIGHUP) is signal.SIG_IGN:  # under nohup, and so for all servers
        signal.signal(signal.SIGHUP, signal.SIG_DFL)
    config.pluginmanager.register(WriteCoverage(documentation))
    config.pluginmanager.register(Measured())


@pytest.fixture(scope="session")
def server_url() -> Iterator[str]:
    if url := os.environ.get("DOSKA_TEST_DATABASE_URL"):
        yield url
        return
    folder = Path(tempfile.mkdtemp(prefix="doska-tests-", dir="/tmp"))  # TMPDIR may be closed
    folder.chmod(0o755)
    with embedded.start(folder, options=FAST) as server:
        yield server.url
    shutil.rmtree(folder)


@pytest.fixture(scope="session")
async def database_url(server_url: str) -> AsyncIterator[str]:
    name = f"doska_test_{os.getpid()}_{secrets.token_hex(3)}"
    admin = await asyncpg.connect(server_url)
    await admin.execute(
        f"create database {name} template template0 encoding 'UTF8' locale 'C.UTF-8'"
    )
    url = with_database(server_url, name)
    await migrate(settings_for(url))
    yield url
    await admin.execute(f"drop database {name} with (force)")
    await admin.close()


@pytest.fixture(scope="session")
async def app(database_url: str) -> AsyncIterator[FastAPI]:
    app = create_app(settings_for(database_url))
    async with app.router.lifespan_context(app):
        yield app


@pytest.fixture(scope="session")
async def cleaner(database_url: str) -> AsyncIterator[asyncpg.Connection]:
    connection = await asyncpg.connect(database_url)
    yield connection
    await connection.close()


@pytest.fixture
async def api(app: FastAPI, cleaner: asyncpg.Connection) -> AsyncIterator[Api]:
    yield Api(app, cleaner)
    await emptied(cleaner)


async def emptied(connection: asyncpg.Connection) -> None:
    """Delete every row: the quick way where there are few, the clean way where tables have grown."""
    has_grown = await connection.fetchval(SIZE) > TRUNCATE_FROM_BYTES
    await connection.execute(TRUNCATE_ALL if has_grown else DELETE_ALL)


@pytest.fixture
async def db(database_url: str) -> AsyncIterator[asyncpg.Connection]:
    connection = await asyncpg.connect(database_url)
    await connection.execute("set timezone = 'UTC'")
    yield connection
    await connection.close()


@pytest.fixture
async def logged(
    api: Api,  # noqa: ARG001  # empties the tables afterwards
    database_url: str,
) -> AsyncIterator[tuple[Api, io.BytesIO]]:
    """An application whose log can be read."""
    from logs import logging  # noqa: PLC0415  # which needs this module

    async with logging(database_url) as found:
        yield found


@pytest.fixture
async def stranger_client(app: FastAPI) -> AsyncIterator[httpx.AsyncClient]:
    transport = httpx.ASGITransport(app=app)
    async with httpx.AsyncClient(transport=transport, base_url="http://localhost:8000") as client:
        yield client


@pytest.fixture
def few_keys_fit(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let keys be dealt anew after a few moves already."""
    monkeypatch.setattr(places, "KEY_CHARS_MAX", 3)
