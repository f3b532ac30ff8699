"""Databases beside the one of the run."""

import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import asyncpg

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
