"""The database: whether it is reachable, suitable for Doska, and matches this release."""

import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import asyncpg

from doska.doctor.background import Background, judge_background, read_background
from doska.doctor.findings import Finding, ok, warn, wrong
from doska.doctor.growth import Growth, judge_growth, read_growth
from doska.doctor.standbys import Standbys, judge_standbys, read_standbys
from doska.postgres.hosts import connect
from doska.postgres.migration import APPLIED, NO_TABLES, newer, older
from doska.settings import Settings

VERSION_MIN = 16
CLOCK_SECONDS_MAX, CLOCK_SECONDS_LITTLE = 60, 2
MAKE = "createdb --template template0 --encoding UTF8 --locale C.UTF-8 doska"
FACTS = """
select current_setting('server_version') as version_text, clock_timestamp() as now,
    d.datcollversion is distinct from pg_database_collation_actual_version(d.oid)
        as has_other_collation,
    current_setting('TimeZone') as time_zone,
    current_setting('fsync')::bool and current_setting('full_page_writes')::bool as is_durable,
    current_setting('synchronous_commit') <> 'off' as is_commit_awaited,
    pg_is_in_recovery() or current_setting('default_transaction_read_only')::bool as is_read_only,
    least(current_setting('max_connections')::int
            - current_setting('superuser_reserved_connections')::int
            - current_setting('reserved_connections')::int,
        nullif(d.datconnlimit, -1), nullif(r.rolconnlimit, -1)) as connections,
    r.rolname as role, r.rolsuper as is_superuser, current_schema()::text as schema,
    coalesce(has_schema_privilege(current_schema()::text, 'CREATE'), false) as can_create,
    to_regclass('aerich') is not null as is_migrated,
    array(select c.relname::text from pg_class c where c.relkind in ('r', 'p')
        and c.relnamespace = current_schema()::text::regnamespace) as tables,
    array(select c.relname::text from pg_class c where c.relkind in ('r', 'p')
        and c.relnamespace = current_schema()::text::regnamespace
        and not (has_table_privilege(c.oid, 'select') and has_table_privilege(c.oid, 'insert')
            and has_table_privilege(c.oid, 'update') and has_table_privilege(c.oid, 'delete')))
        as closed_tables
from pg_database d, pg_roles r where d.datname = current_database() and r.rolname = current_user
"""
LETTERS = """
select pg_encoding_to_char(encoding) as encoding, datcollate || ', ' || datctype as locale,
    lower('ЖЁ') = 'жё' as knows_letters
from pg_database where datname = current_database()"""
ENCODING = (
    "select pg_encoding_to_char(encoding) from pg_database where datname = current_database()"
)
# An older account already had their name when names began to be compared by RFC 8265.
NAMELESS = """
select username || ' (' || id || ')' as account from users
where username_key is null and username_key_of = username order by created_at, id limit 20"""
ADMINISTRATORS = "select count(*) from users where is_admin and is_active"


@dataclass(frozen=True)
class Facts:
    """What a database reports about itself."""

    row: Any  # of FACTS
    applied: list[str]
    administrators: int
    background: Background
    growth: Growth | None
    standbys: Standbys
    nameless: list[str]  # accounts whose username refers to another account
    clock_seconds: float  # how far its clock is ahead of ours


async def examine(settings: Settings, url: str) -> list[Finding]:
    """Query a database about itself; in a read-only transaction."""
    connection = await connect(
        url,
        timeout=settings.acquire_timeout_seconds,
        command_timeout=settings.statement_timeout_seconds,
        server_settings={"application_name": "doska doctor"},
    )
    try:
        async with connection.transaction(readonly=True):
            return await _examine(connection, settings)
    finally:
        await connection.close(timeout=settings.acquire_timeout_seconds)


async def _examine(connection: asyncpg.Connection, settings: Settings) -> list[Finding]:
    version = connection.get_server_version()
    if version.major < VERSION_MIN:
        text = f"it is PostgreSQL {version.major}.{version.minor}"
        return [wrong("database", text, f"Doska needs {VERSION_MIN} or newer: pg_upgrade")]
    letters = await _letters(connection)
    facts = await _facts(connection)
    return [letters, *judge(facts, settings)]


async def _letters(connection: asyncpg.Connection) -> Finding:
    """Check whether names are compared correctly; in characters that every encoding has."""
    encoding = await connection.fetchval(ENCODING)
    if encoding == "UTF8":
        row = await connection.fetchrow(LETTERS)
        if row["knows_letters"]:
            return ok("letters", f"UTF8, {row['locale']}")
        text = f"its locale ({row['locale']}) does not handle the letters of all scripts"
        return wrong("letters", text, f"move to a database created with: {MAKE}")
    return wrong(
        "letters", f"its encoding is {encoding}", f"move to a database created with: {MAKE}"
    )


async def _facts(connection: asyncpg.Connection) -> Facts:
    before = time.time()
    row = await connection.fetchrow(FACTS)
    ahead = row["now"].timestamp() - (before + time.time()) / 2
    applied: list[str] = []
    nameless: list[str] = []
    administrators = 0
    if row["is_migrated"] and "aerich" not in row["closed_tables"]:
        applied = [found["version"] for found in await connection.fetch(APPLIED)]
    if "users" in row["tables"] and "users" not in row["closed_tables"]:
        administrators = await connection.fetchval(ADMINISTRATORS)
        if not older(applied):
            nameless = [found["account"] for found in await connection.fetch(NAMELESS)]
    readable = set(row["tables"]) - set(row["closed_tables"])
    background = await read_background(connection, readable)
    growth = await read_growth(connection, readable)
    standbys = await read_standbys(connection)
    return Facts(row, applied, administrators, background, growth, standbys, nameless, ahead)


def judge(facts: Facts, settings: Settings) -> Iterator[Finding]:
    """Report what the facts mean."""
    yield from _server(facts.row)
    yield _clock(facts)
    yield _rights(facts.row, settings)
    yield _connections(facts.row, settings)
    yield _migrations(facts, settings)
    yield from judge_background(facts.background)
    yield from judge_growth(facts.growth, settings)
    yield from judge_standbys(facts.standbys)
    if facts.nameless:
        text = (
            f"an older account uses the name of {', '.join(facts.nameless)}: they sign in by e-mail"
        )
        yield warn("usernames", text, "they can choose another: PATCH /users/{id}")
    if facts.administrators:
        yield ok("administrator", f"there are {facts.administrators}")
    elif facts.applied:
        yield warn("administrator", "there is none", "doska create-admin")


def _server(row: Any) -> Iterator[Finding]:
    if row["is_read_only"]:
        yield wrong("database", "it is read-only", "set DOSKA_DATABASE_URL to the primary")
    else:
        yield ok("database", f"PostgreSQL {row['version_text']}, time zone {row['time_zone']}")
    if row["has_other_collation"]:
        text = "the system's collation has changed since the database was created: indexes may be wrong"
        yield warn("letters", text, "reindex database; alter database … refresh collation version")
    if not row["is_durable"]:
        fix = "set fsync and full_page_writes on"
        yield wrong("durability", "a crash of the machine may corrupt the database", fix)
    elif not row["is_commit_awaited"]:
        fix = "set synchronous_commit on"
        yield warn("durability", "a crash of the machine may lose the last writes", fix)


def _clock(facts: Facts) -> Finding:
    away = abs(facts.clock_seconds)
    text = (
        f"the database's clock is {away:.1f} s {'ahead' if facts.clock_seconds > 0 else 'behind'}"
    )
    if away > CLOCK_SECONDS_LITTLE:
        judged = wrong if away > CLOCK_SECONDS_MAX else warn
        return judged("clock", text, "synchronize both clocks (NTP): sessions expire by them")
    return ok("clock", "the database's agrees with this machine's")


def _rights(row: Any, settings: Settings) -> Finding:
    role = row["role"]
    if closed := row["closed_tables"]:
        text = f"{role} may not read and write {', '.join(sorted(closed))}"
        return wrong(
            "rights", text, f"as their owner: grant all on all tables in schema … to {role}"
        )
    if row["schema"] is None:
        return wrong(
            "rights", f"{role} may not use any schema", f"grant all on schema public to {role}"
        )
    if not row["can_create"]:
        text = f"{role} may not create tables in {row['schema']}"
        fix = f"grant create on schema {row['schema']} to {role}"
        if not row["is_migrated"]:
            return wrong("rights", text, fix)
        if settings.migrate_on_start:
            return warn("rights", f"{text}, as migrations must", fix)
    if row["is_superuser"] and settings.database_url is not None:
        fix = "create role doska login password …; alter database … owner to doska"
        return warn("rights", f"{role} is a superuser, which Doska does not need", fix)
    return ok("rights", f"{role} may do everything Doska needs")


def _connections(row: Any, settings: Settings) -> Finding:
    wanted = settings.workers * (settings.pool_max + 1)  # a pool and a listener each
    text = f"this Doska opens up to {wanted}, the server has {row['connections']} in all"
    if wanted > row["connections"]:
        fix = "lower DOSKA_POOL_MAX or DOSKA_WORKERS, or raise max_connections"
        return wrong("connections", text, fix)
    return ok("connections", text)


def _migrations(facts: Facts, settings: Settings) -> Finding:
    if complaint := newer(facts.applied):
        return wrong("migrations", complaint, "see decision 21 on rolling back")
    if not facts.applied and facts.row["tables"]:
        text = "the schema contains tables of another program"
        return wrong("migrations", text, "give Doska its own database")
    if complaint := older(facts.applied) if facts.applied else NO_TABLES:
        if settings.migrate_on_start:
            return warn("migrations", complaint, "nothing to do: they run at the next start")
        return wrong("migrations", complaint, "doska migrate")
    return ok("migrations", f"up to date, {len(facts.applied)} of them")
