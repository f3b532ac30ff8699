"""What the documentation says of backups, done as it says."""

import os
import re
import secrets
import shutil
import subprocess
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from urllib.parse import urlsplit

import asyncpg
import pytest

from apps import another_api
from attaching import PNG, content_at
from conftest import FILES, settings_for, with_database
from databases import a_database, contents
from doska.postgres import embedded
from doska.postgres.migration import migrate
from operations import scene
from people import moved

RUNNING = Path(__file__).parents[2] / "docs" / "running.md"
PART = re.compile(r"## Back up and restore.*?```sh\n(.*?)```", re.DOTALL)


@pytest.fixture
async def restored(server_url: str) -> AsyncIterator[str]:
    """Name the database to be made; as nobody else does who tests on this server."""
    name = f"restored_{secrets.token_hex(6)}"
    admin = await asyncpg.connect(server_url)
    yield with_database(server_url, name)
    await admin.execute(f"drop database if exists {name} with (force)")
    await admin.close()


def do_as_it_says(url: str, restored: str, place: Path) -> str:
    match = PART.search(RUNNING.read_text())
    assert match
    path = f"{embedded.find_binaries()}:{Path(sys.executable).parent}:{os.environ['PATH']}"
    given = {"DOSKA_DATABASE_URL": url, "RESTORED_URL": restored, "DOSKA_PORT": "0", "PATH": path}
    name = urlsplit(restored).path[1:]
    given["DOSKA_SECRET_KEY"] = "K5vC9hQ2tZ8wX1nB7mL4pR6sD3fG0jYa"
    done = subprocess.run(
        ["/bin/sh", "-ec", match[1].replace("database restored", f"database {name}")],
        env={**os.environ, **given},
        cwd=place,
        capture_output=True,
        text=True,
        check=False,
    )
    assert not done.stderr, done
    return done.stdout


async def test_a_database_that_was_backed_up_is_restored_with_everything(
    server_url: str, restored: str, tmp_path: Path
) -> None:
    """With its files. Seen to fail with a dump of the tables without their rows."""
    async with a_database(server_url) as url:
        await migrate(settings_for(url))
        async with another_api(url) as api:
            kept = await scene(api, "kept")
            path = f"/boards/{kept.ids['board_id']}/snapshot"
            board = await kept.owner.read(path)
            told = do_as_it_says(url, restored, tmp_path)
        assert re.search(r"^ok +migrations", told, re.MULTILINE)
        assert await contents(restored) == await contents(url)
    files = shutil.copytree(FILES, tmp_path / "files")
    async with another_api(restored, files_dir=files) as api:
        owner = moved(kept.owner, api)
        assert await owner.read(path) == board
        file = {"id": kept.ids["file_id"]}
        assert (await owner.get(content_at(file))).content == PNG
