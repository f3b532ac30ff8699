import asyncio
import json
import re
import socket
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import asyncpg
import pytest

from conftest import settings_for
from databases import a_database, a_role, contents
from doska.migration import go_back, known_migrations, migrate
from faults import wire_to
from programs import a_data_folder, example, run, serving

KEY = "K5vC9hQ2tZ8wX1nB7mL4pR6sD3fG0jYa"
AWAY = "postgres://doska:S3cretWord@127.0.0.1:1/doska"
LINE = re.compile(r"(ok|warn|wrong) +(\S.*?)  +(\S.*)")
PUBLIC = {"PUBLIC_URL": "https://kanban.example"}
OPEN_KEY, LOCAL = "a" * 32, "http://localhost:3000"

Findings = dict[str, list[tuple[str, str]]]  # by what was looked at: how it is, and in words


@pytest.fixture(scope="module")
def folder() -> Iterator[Path]:
    with a_data_folder() as place:
        assert run("migrate", folder=place).returncode == 0
        yield place


@pytest.fixture
async def migrated(server_url: str) -> AsyncIterator[str]:
    async with a_database(server_url) as url:
        await migrate(settings_for(url))
        yield url


def looked(folder: Path, **settings: str) -> Findings:
    """Ask the doctor; the exit code tells whether anything is wrong, and no secret is told."""
    ended = run("doctor", folder=folder, **{"PORT": "0", **settings})
    found: Findings = {}
    for line in ended.stdout.splitlines():
        match = LINE.fullmatch(line)
        assert match, line
        found.setdefault(match[2], []).append((match[1], match[3]))
    levels = [level for findings in found.values() for level, _ in findings]
    assert ended.returncode == ("wrong" in levels), ended
    assert ended.stderr == ""
    for secret in (KEY, OPEN_KEY, "S3cretWord", example("DOSKA_")["SECRET_KEY"]):
        assert secret not in ended.stdout
    return found


def beside(tmp_path: Path, url: str, **settings: str) -> Findings:
    """Ask the doctor about a database of its own server."""
    return looked(tmp_path / "doska", DATABASE_URL=url, SECRET_KEY=KEY, **settings)


def says(found: Findings, check: str, level: str, words: str) -> bool:
    """Tell whether there is a finding of this kind with these words."""
    return any(is_so == level and words in text for is_so, text in found.get(check, []))


def levels(found: Findings) -> set[str]:
    return {level for findings in found.values() for level, _ in findings}


def test_where_nothing_is_yet_all_is_well_and_nothing_is_made(tmp_path: Path) -> None:
    """Seen to fail when it started the database to look at it."""
    with a_data_folder() as place:
        found = looked(place)
        assert not place.exists()
    assert levels(found) == {"ok"}
    assert says(found, "data folder", "ok", "with the first start")
    assert not list(tmp_path.iterdir())


def test_a_stopped_database_is_started_for_the_look_and_ended_after_it(folder: Path) -> None:
    key = (folder / "secret_key").read_bytes()
    found = looked(folder)
    assert not (folder / "pg16" / "postmaster.pid").exists()
    assert (folder / "secret_key").read_bytes() == key
    assert says(found, "database", "ok", "started for this look")
    assert says(found, "migrations", "ok", f"up to date, {len(known_migrations())} of them")
    assert says(found, "administrator", "warn", "there is none -> doska create-admin")
    assert "wrong" not in levels(found)


def test_beside_a_running_doska_it_looks_at_that(folder: Path) -> None:
    with serving(folder) as served:
        port = str(urlsplit(served.url).port)
        flags = ["--username", "root", "--email", "root@example.com"]
        assert run("create-admin", *flags, folder=folder).returncode == 0
        found = looked(folder, PORT=port)
        assert served.process.poll() is None
    assert says(found, "port", "ok", f"a Doska answers at 127.0.0.1:{port}, and is ready")
    assert says(found, "database", "ok", "another Doska runs it")
    assert says(found, "administrator", "ok", "there are 1")
    assert levels(found) == {"ok"}


def test_a_port_of_another_program_is_wrong(folder: Path) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        other.settimeout(0.1)
        found = looked(folder, PORT=str(other.getsockname()[1]))
    assert says(found, "port", "wrong", "another program has it -> stop it, or DOSKA_PORT")


async def test_a_doska_that_is_not_ready_is_wrong(migrated: str, tmp_path: Path) -> None:
    with running(tmp_path, migrated) as served:
        connection = await asyncpg.connect(migrated)
        await connection.execute("delete from aerich where version = $1", known_migrations()[-1])
        await connection.close()
        found = beside(tmp_path, migrated, PORT=str(urlsplit(served.url).port))
    assert says(found, "port", "wrong", "it is not ready. The database is older than this program")


def running(tmp_path: Path, url: str) -> Any:
    return serving(tmp_path / "doska", DATABASE_URL=url, SECRET_KEY=KEY)


@pytest.mark.parametrize(
    ("settings", "check", "level", "words"),
    [
        ({"PORT": "web"}, "settings", "wrong", "DOSKA_PORT: Input should be a valid integer"),
        ({"ALLOWED_ORIGINS": "*"}, "settings", "wrong", "DOSKA_ALLOWED_ORIGINS must name each"),
        ({"PUBLIC_URL": "http://kanban.example"}, "settings", "wrong", "must be https"),
        ({"DATABASE_URL": AWAY}, "settings", "wrong", "DOSKA_SECRET_KEY is missing"),
        (
            {"PORTT": "80"},
            "settings",
            "warn",
            "DOSKA_PORTT is the name of no setting -> DOSKA_PORT",
        ),
        ({"SECRET_KEY": "S3cretWord"}, "settings", "wrong", "at least 32 bytes"),
        ({"SECRET_KEY": OPEN_KEY}, "secrets", "warn", "repeats itself"),
        ({"SECRET_KEY": KEY}, "secrets", "ok", "one of your own"),
        ({}, "secrets", "ok", "in the data folder"),
        ({"SECRET_KEY": example("DOSKA_")["SECRET_KEY"]}, "secrets", "warn", "the example's"),
        ({"HOST": "0.0.0.0"}, "public address", "warn", "other machines in by plain http"),  # noqa: S104
        ({"ENVIRONMENT": "production"}, "public address", "warn", "only this machine reaches"),
        (PUBLIC, "public address", "ok", "__Host-doska_session"),
        ({"PUBLIC_URL": "https://a.example/x"}, "public address", "warn", "has a path"),
        ({**PUBLIC, "ALLOWED_ORIGINS": LOCAL}, "origins", "warn", f"{LOCAL} is plain http"),
        ({"ALLOWED_ORIGINS": LOCAL}, "origins", "ok", LOCAL),
        ({"HOST": "203.0.113.7", "PORT": "8000"}, "port", "wrong", "is no address of this machine"),
        ({"DATABASE_URL": AWAY, "SECRET_KEY": KEY}, "database", "wrong", "cannot be used: [Errno"),
        ({"DATABASE_URL": "S3cretWord", "SECRET_KEY": KEY}, "settings", "wrong", "must be like"),
        ({"DATA_DIR": "/dev/null/doska"}, "data folder", "wrong", "DOSKA_DATA_DIR names another"),
        ({"DATA_DIR": "/dev/null"}, "data folder", "wrong", "is no folder"),
        ({"PG_BIN": "/nowhere"}, "data folder", "wrong", "No PostgreSQL 16 in DOSKA_PG_BIN"),
    ],
)
def test_what_the_settings_lead_to_is_told(
    folder: Path, settings: dict[str, str], check: str, level: str, words: str
) -> None:
    assert says(looked(folder, **settings), check, level, words)


def test_a_file_of_settings_that_others_can_read_is_told(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text(f"DOSKA_SECRET_KEY={KEY}\nDOSKA_ALOWED_ORIGINS=x\n")
    for mode, is_told in ((0o644, True), (0o600, False)):
        (tmp_path / ".env").chmod(mode)
        found = looked(tmp_path / "doska")
        assert says(found, "settings", "warn", ".env can be read by every user") is is_told
        assert says(found, "settings", "warn", "DOSKA_ALLOWED_ORIGINS is meant?")


@pytest.mark.parametrize(("mode", "level"), [(0o644, "wrong"), (0o600, "ok")])
def test_a_kept_key_that_others_can_read_is_wrong(folder: Path, mode: int, level: str) -> None:
    (folder / "secret_key").chmod(mode)
    assert says(looked(folder), "secrets", level, "")


async def test_a_database_as_it_should_be_is_told_so(migrated: str, tmp_path: Path) -> None:
    found = beside(tmp_path, migrated)
    for check, words in (
        ("letters", "UTF8"), ("clock", "agrees"), ("migrations", "up to date"),
        ("connections", "up to 9"), ("database", "PostgreSQL 16"),
    ):  # fmt: skip
        assert says(found, check, "ok", words), check


async def test_migrations_that_are_pending_are_told_and_not_run(
    server_url: str, tmp_path: Path
) -> None:
    """Seen to fail when it looked at the database as other commands do."""
    async with a_database(server_url) as url:
        found = beside(tmp_path, url)
        assert says(found, "migrations", "warn", "no tables yet")
        assert await contents(url) == {}
        later = beside(tmp_path, url, MIGRATE_ON_START="false")
        assert says(later, "migrations", "wrong", "-> doska migrate")


async def test_a_database_of_another_release_is_told(migrated: str, tmp_path: Path) -> None:
    await go_back(settings_for(migrated), len(known_migrations()) - 2)
    found = beside(tmp_path, migrated)
    assert says(found, "migrations", "warn", f"it lacks {known_migrations()[-1]}")

    connection = await asyncpg.connect(migrated)
    await connection.execute(
        "insert into aerich (version, app, content) values ('99_later.py', 'models', '{}')"
    )
    await connection.close()
    found = beside(tmp_path, migrated)
    assert says(found, "migrations", "wrong", "newer than this program: it has 99_later.py")


@pytest.mark.parametrize(
    ("change", "settings", "check", "level", "words"),
    [
        ("create table theirs ()", {}, "migrations", "wrong", "another program"),
        ("alter database {name} set default_transaction_read_only = on", {}, "database", "wrong",
         "can only be read"),
        ("alter database {name} connection limit 8", {}, "connections", "wrong", "has 8 for all"),
        ("select 1", {"WORKERS": "64"}, "connections", "wrong", "opens up to 576"),
    ],
)  # fmt: skip
async def test_what_is_wrong_with_a_database_is_told(
    server_url: str,
    tmp_path: Path,
    change: str,
    settings: dict[str, str],
    check: str,
    level: str,
    words: str,
) -> None:
    async with a_database(server_url) as url:
        connection = await asyncpg.connect(url)
        name = await connection.fetchval("select current_database()")
        await connection.execute(change.format(name=name))
        await connection.close()
        assert says(beside(tmp_path, url, **settings), check, level, words)


@pytest.mark.parametrize("kind", ["encoding 'UTF8' locale 'C'", "encoding 'LATIN1' locale 'C'"])
async def test_a_database_that_does_not_know_all_letters_is_wrong(
    server_url: str, tmp_path: Path, kind: str
) -> None:
    async with a_database(server_url, kind) as url:
        assert says(beside(tmp_path, url), "letters", "wrong", "-> move to a database made by")


@pytest.mark.parametrize(
    ("rights", "level", "words"),
    [
        ("select 1", "wrong", "may not read and write aerich"),
        ("grant all on all tables in schema public to {role}", "warn", "may not create tables"),
        ("grant all on schema public to {role}; grant all on all tables in schema public to {role}",
         "ok", "may do what Doska asks for"),
    ],
)  # fmt: skip
async def test_what_a_role_lacks_is_told(
    migrated: str, tmp_path: Path, rights: str, level: str, words: str
) -> None:
    async with a_role(migrated, rights) as url:
        found = beside(tmp_path, url)
    assert says(found, "rights", level, words)


async def test_a_database_that_hangs_is_told_in_time(migrated: str, tmp_path: Path) -> None:
    async with wire_to(migrated) as wire:
        wire.is_hung = True
        found = await asyncio.to_thread(beside, tmp_path, wire.url)
    assert says(found, "database", "wrong", "it does not answer")


def test_programs_are_told_the_same_as_json(folder: Path) -> None:
    ended = run("doctor", "--json", folder=folder, PORT="0", PORTT="80")
    told = json.loads(ended.stdout)
    assert (ended.returncode, told["is_well"]) == (0, True)
    assert {"level": "warn", "check": "settings", "mend": "DOSKA_PORT is meant?"}.items() <= next(
        finding.items() for finding in told["findings"] if "PORTT" in finding["text"]
    )
    wrong = run("doctor", "--json", folder=folder, PORT="web")
    assert (wrong.returncode, json.loads(wrong.stdout)["is_well"]) == (1, False)
