"""Scenes are made through HTTP once a worker, and put back as rows for the tests that follow."""

import time
from collections.abc import Awaitable, Callable
from copy import deepcopy
from dataclasses import dataclass, fields, is_dataclass, replace
from itertools import count
from pathlib import Path
from typing import Any, TypeVar

import asyncpg
import httpx

from api import Api, Contract, Person, current_test
from doska.files.disk import Disk
from matrix_world import tables_of

SECONDS_KEPT = 300  # whoever signed in has just done so
Made = TypeVar("Made")


@dataclass
class Kept:
    """A scene, its rows in temporary tables, and what it needs beside them."""

    value: Any
    script: str
    files: set[Path]
    seen: set[tuple[str, int]]
    until: float

    def is_over(self) -> bool:
        return time.monotonic() > self.until or not all(file.exists() for file in self.files)


KEPT: dict[str, Kept] = {}
NUMBERS = count()


async def made_once(api: Api, name: str, make: Callable[[], Awaitable[Made]]) -> Made:
    """Give what ``make`` makes, with rows of its own: a name stands for one way to make it.

    It is made anew where no connection keeps rows, a file of it is gone, or it is there already.
    """
    keeper, kept = api.keeper, KEPT.get(name)
    if keeper is None:
        return await make()
    if kept is None or kept.is_over():
        return await _made(api, keeper, name, make)
    try:
        await keeper.execute(kept.script)
    except asyncpg.UniqueViolationError:
        return await make()
    Contract.seen.update((*seen, current_test()) for seen in kept.seen)
    put_back: Made = _given_to(api, kept.value)
    return put_back


async def _made(
    api: Api, keeper: asyncpg.Connection, name: str, make: Callable[[], Awaitable[Made]]
) -> Made:
    """Make it, and keep a copy."""
    files, seen = _files(api), set(Contract.seen)
    since = await keeper.fetchval("select pg_current_xact_id()::text::bigint")
    made = await make()
    KEPT[name] = Kept(
        _given_to(api, made),
        await _kept_rows(keeper, since),
        _files(api) - files,
        {(operation, status) for operation, status, _ in Contract.seen - seen},
        time.monotonic() + SECONDS_KEPT,
    )
    return made


async def _kept_rows(keeper: asyncpg.Connection, since: int) -> str:
    """Copy the rows that were written since a transaction; give the script that puts them back."""
    copies = {}
    for table in await tables_of(keeper):
        copy = f"kept_{next(NUMBERS)}"
        where = f"where xmin::text::bigint >= {since}"
        await keeper.execute(f"create temp table {copy} as select * from {table} {where}")
        if await keeper.fetchval(f"select exists(select from {copy})"):
            copies[table] = copy
    inserted = "".join(f"insert into {table} table {copy};" for table, copy in copies.items())
    return f"set local session_replication_role = replica; {inserted}"


def _files(api: Api) -> set[Path]:
    store = api.app.state.store
    assert isinstance(store, Disk)
    return {path for path in store.folder.rglob("*") if path.is_file()}


def _given_to(api: Api, value: Any) -> Any:
    """Copy a scene, with people who use this application."""
    if isinstance(value, Person):
        twin = Person(api, deepcopy(value.me))
        twin.client.cookies = httpx.Cookies(value.client.cookies)
        return twin
    if isinstance(value, dict):
        return {key: _given_to(api, item) for key, item in value.items()}
    if is_dataclass(value) and not isinstance(value, type):
        return replace(
            value,
            **{field.name: _given_to(api, getattr(value, field.name)) for field in fields(value)},
        )
    return value
