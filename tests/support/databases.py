"""Databases beside the one of the run."""

import json
import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from urllib.parse import urlsplit, urlunsplit

import asyncpg

from api import Json
from conftest import with_database

UTF8 = "encoding 'UTF8' locale 'C.UTF-8'"


@asynccontextmanager
async def a_database(server_url: str, kind: str = UTF8) -> AsyncIterator[str]:
    """Make an empty database, and drop it in the end; gives its address."""
    name = f"doska_schema_{secrets.token_hex(6)}"
    admin = await asyncpg.connect(server_url)
    await admin.execute(f"create database {name} template template0 {kind}")
    try:
        yield with_database(server_url, name)
    finally:
        await admin.execute(f"drop database {name} with (force)")
        await admin.close()


@asynccontextmanager
async def a_role(url: str, rights: str = "") -> AsyncIterator[str]:
    """Make a role that may sign in and no more, and drop it in the end; gives its address.

    ``rights`` is SQL that grants some to {role}.
    """
    role, password = f"doska_role_{secrets.token_hex(6)}", secrets.token_hex(12)
    admin = await asyncpg.connect(url)
    await admin.execute(f"create role {role} login password '{password}'")
    try:
        if rights:
            await admin.execute(rights.format(role=role))
        parts = urlsplit(url)
        host = parts.netloc.rpartition("@")[2]
        yield urlunsplit(parts._replace(netloc=f"{role}:{password}@{host}"))
    finally:
        await admin.execute(f"drop owned by {role}; drop role {role}")
        await admin.close()


async def contents(url: str) -> dict[str, list[Json]]:
    """Read every row of every table of Doska's."""
    connection = await asyncpg.connect(url)
    await connection.set_type_codec(
        "jsonb", encoder=json.dumps, decoder=json.loads, schema="pg_catalog"
    )
    tables = await connection.fetch(
        "select relname from pg_class where relkind = 'r' and relname <> 'aerich'"
        " and relnamespace = 'public'::regnamespace order by relname"
    )
    found = {name: await connection.fetch(f"select to_jsonb(t) from {name} t order by 1")
             for (name,) in tables}  # fmt: skip
    await connection.close()
    return {name: [row[0] for row in rows] for name, rows in found.items()}
