import asyncio
import shutil
import subprocess
import sys
import typing
import zipfile
from collections.abc import AsyncIterator
from pathlib import Path
from types import NoneType

import asyncpg
import pytest
from aerich import Command
from tortoise.context import TortoiseContext

from api import Api
from conftest import settings_for
from databases import a_database
from doska import setup
from doska.attachments.rows import AttachmentRow
from doska.boards.kinds import kinds
from doska.boards.rows import BoardRow, BoardUserRow, ColumnRow
from doska.boards.statements import COUNTERS
from doska.comments.rows import CommentRow, ReactionRow
from doska.demo.making import make_demo
from doska.postgres.database import MODELS, tortoise_config
from doska.postgres.migration import APP, LOCK, known_migrations, migrate, migrations_folder
from doska.server import Unusable, bring_up_to_date
from doska.tasks.rows import LabelRow, SubtaskRow, TaskAssigneeRow, TaskLabelRow, TaskRow
from schema_dump import dump

ROOT = Path(__file__).parents[2]
SCHEMA = ROOT / "schema.sql"
WITHOUT_MODEL = {
    "events",
    "followers",
    "idempotency_keys",
    "jobs",
    "known_followers",
    "login_failures",
    "request_quotas",
    "tellings",
    "touched_rows",
    "trimmed_logs",
    "used_ids",
    "password_links",
    "invitations",
    "former_people",
    "import_refs",
    "comment_sizes",
}  # keys of two columns, or of another table, which Tortoise cannot tell; or asked for by SQL alone
ROWS: dict[str, type] = {
    "boards": BoardRow,
    "board_users": BoardUserRow,
    "columns": ColumnRow,
    "tasks": TaskRow,
    "task_assignees": TaskAssigneeRow,
    "subtasks": SubtaskRow,
    "labels": LabelRow,
    "task_labels": TaskLabelRow,
    "attachments": AttachmentRow,
    "comments": CommentRow,
    "comment_reactions": ReactionRow,
}
PYTHON_TYPES: dict[str, type] = {
    "uuid": str, "text": str, "timestamp with time zone": str, "date": str,
}  # fmt: skip
PYTHON_TYPES |= {"boolean": bool, "integer": int, "bigint": int, "jsonb": list}
Columns = dict[str, tuple[str, bool]]  # name: type, whether it can be null

FOREIGN_KEYS = """
    select k.conname as name, k.conrelid::regclass::text as on,
        (select array_agg(a.attname::text) from pg_attribute a
         where a.attrelid = k.conrelid and a.attnum = any(k.conkey)) as columns,
        (select a.attname::text from pg_attribute a join pg_attribute id
            on id.attrelid = k.confrelid and id.attname = 'id'
         where a.attrelid = k.conrelid and a.attnum = k.conkey[array_position(k.confkey, id.attnum)])
            as naming_id
    from pg_constraint k where k.contype = 'f'"""
REFUSED_LOCKS = """
    select count(*) from pg_stat_activity where datname = current_database()
    and state = 'idle' and query like '%pg_try_advisory_lock%'"""
INDEXES = """
    select array(select a.attname::text from unnest(i.indkey) with ordinality u(number, place)
        join pg_attribute a on a.attrelid = i.indrelid and a.attnum = u.number order by u.place)
    from pg_index i where i.indrelid = $1::regclass and i.indpred is null"""


@pytest.fixture
async def empty(server_url: str) -> AsyncIterator[str]:
    async with a_database(server_url) as url:
        yield url


@pytest.fixture
async def tables(db: asyncpg.Connection) -> dict[str, Columns]:
    """Read every table's columns from the database."""
    found: dict[str, Columns] = {}
    for row in await db.fetch(
        "select table_name, column_name, is_nullable = 'YES' as can_be_null,"
        " case data_type when 'ARRAY' then udt_name::regtype::text else data_type end as data_type"
        " from information_schema.columns where table_schema = 'public'"
    ):
        column = (row["data_type"], row["can_be_null"])
        found.setdefault(row["table_name"], {})[row["column_name"]] = column
    return found


@pytest.fixture
async def models(db: asyncpg.Connection) -> dict[str, Columns]:
    """Read every table's columns from the models; PostgreSQL says what their types are called."""
    async with TortoiseContext() as context:
        await context.init(MODELS)
        assert context.apps
        described = [model.describe() for model in context.apps[APP].values()]
    found: dict[str, Columns] = {}
    for model in described:
        columns = found.setdefault(model["table"], {})
        for field in (model["pk_field"], *model["data_fields"]):
            types = field["db_field_types"]
            name = await db.fetchval("select $1::regtype::text", types.get("postgres", types[""]))
            columns[field["db_column"]] = (name, field["nullable"])
    return found


def test_the_file_is_what_the_migrations_make(database_url: str) -> None:
    assert dump(database_url) == SCHEMA.read_text(), "make schema writes it anew"


async def test_the_file_makes_the_tables_that_it_shows(empty: str) -> None:
    connection = await asyncpg.connect(empty)
    await connection.execute(SCHEMA.read_text())
    await connection.close()

    assert dump(empty) == SCHEMA.read_text()


def test_the_models_tell_every_column_as_it_is(
    tables: dict[str, Columns], models: dict[str, Columns]
) -> None:
    assert models == {name: tables[name] for name in tables.keys() - WITHOUT_MODEL}


def test_the_log_knows_every_column_of_what_it_writes(tables: dict[str, Columns]) -> None:
    for name, row in ROWS.items():
        counters = COUNTERS if name == "boards" else ()
        stored = {
            column: (PYTHON_TYPES[kind], can_be_null)
            for column, (kind, can_be_null) in tables[name].items()
            if column not in counters
        }
        assert {c: _python_type(hint) for c, hint in typing.get_type_hints(row).items()} == stored


def test_the_log_writes_these_tables_and_no_others() -> None:
    assert {name: tuple(row.__annotations__) for name, row in ROWS.items()} == {
        kind.table: kind.columns for kind in kinds()
    }


async def test_every_foreign_key_finds_its_rows_by_an_index(db: asyncpg.Connection) -> None:
    """Where a key names the other table's id, that column alone finds them."""
    keys = await db.fetch(FOREIGN_KEYS)
    assert len(keys) >= 12
    for key in keys:
        wanted = {key["naming_id"]} if key["naming_id"] else set(key["columns"])
        indexes = [row[0] for row in await db.fetch(INDEXES, key["on"])]
        assert wanted in [set(index[: len(wanted)]) for index in indexes], key["name"]


async def test_a_filled_database_goes_down_and_comes_up_the_same(empty: str) -> None:
    settings = settings_for(empty)
    assert await migrate(settings) == _migrations()
    await setup.with_database(settings, lambda s: make_demo(s, "horse battery staple 9", print))

    assert await _down(empty) == _migrations()[::-1]
    assert "public.tasks" not in dump(empty)
    assert await migrate(settings) == _migrations()
    assert dump(empty) == SCHEMA.read_text()


async def test_migrating_again_changes_nothing(database_url: str) -> None:
    assert await migrate(settings_for(database_url)) == []


async def test_two_that_migrate_at_once_migrate_once(empty: str) -> None:
    """A rival holds the lock until both ask for it. Seen to fail without the lock."""
    rival = await asyncpg.connect(empty)
    await rival.execute(f"select pg_advisory_lock({LOCK})")
    both = [asyncio.create_task(migrate(settings_for(empty))) for _ in range(2)]
    async with asyncio.timeout(60):
        while await rival.fetchval(REFUSED_LOCKS) < 2:
            assert not any(task.done() for task in both)

    assert await rival.fetchval("select to_regclass('users')") is None
    await rival.close()
    assert sorted(await asyncio.gather(*both)) == [[], _migrations()]


async def test_migrating_beside_a_served_application_leaves_it_alone(api: Api, empty: str) -> None:
    """Seen to fail while aerich used the Tortoise that the application uses."""
    assert await migrate(settings_for(empty)) == _migrations()
    assert (await api.nobody().read("/health/ready"))["status"] == "ok"


async def test_the_models_ask_for_no_further_migration(tmp_path: Path) -> None:
    shutil.copytree(migrations_folder(), tmp_path, dirs_exist_ok=True)
    async with TortoiseContext():
        command = Command(MODELS, app=APP, location=str(tmp_path))
        await command.init(offline=True)
        assert await command.migrate(no_input=True, offline=True) == ""


@pytest.mark.parametrize("kind", ["encoding 'UTF8' locale 'C'", "encoding 'SQL_ASCII' locale 'C'"])
async def test_a_database_that_does_not_know_cyrillic_is_refused(
    server_url: str, kind: str
) -> None:
    async with a_database(server_url, kind) as url:
        with pytest.raises(Unusable) as refused:
            await asyncio.to_thread(bring_up_to_date, settings_for(url))

    (line,) = str(refused.value).splitlines()
    assert "UTF-8 locale" in line


def test_the_wheel_carries_the_migrations(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)

    (wheel,) = tmp_path.glob("*.whl")
    packed = zipfile.ZipFile(wheel).namelist()
    assert {f"doska/migrations/models/{name}" for name in _migrations()} <= set(packed)


def _migrations() -> list[str]:
    return list(known_migrations())


def _python_type(hint: typing.Any) -> tuple[type, bool]:
    """Give the type of a value in JSON, and whether it can be null."""
    if typing.get_origin(hint) is list:
        return list, False
    kinds = typing.get_args(hint) or (hint,)
    (kind,) = (kind for kind in kinds if kind is not NoneType)
    return next(base for base in (bool, int, str) if issubclass(kind, base)), NoneType in kinds


async def _down(url: str) -> list[str]:
    """Take back every migration."""
    async with TortoiseContext():
        command = Command(tortoise_config(settings_for(url)), APP, str(migrations_folder()))
        await command.init()
        return list(await command.downgrade(version=0, delete=False))
