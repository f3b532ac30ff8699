"""An import that is carried out: read and planned in a process apart, then written."""

import asyncio
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any, TypeAlias

import asyncpg
from pydantic_core import to_json

from doska.boards.access import BOARD, Access
from doska.boards.actions import SIGNED_IN, must_be_free
from doska.boards.limits import Limits
from doska.boards.policy import Right
from doska.doors.archive.running import Restoring
from doska.doors.archive.signing import key_of
from doska.doors.models import ImportStatus
from doska.doors.planning import Planned, plan
from doska.doors.process import Child, reading_process
from doska.doors.room import check_files
from doska.doors.writing import Moved, be_patient, lock, write
from doska.errors import InternalError, Unavailable
from doska.files.store import Missing, Store
from doska.http.answers import NONE
from doska.identity.access import Caller, Fetch, ShownToken
from doska.identity.actions import lock_user
from doska.postgres.database import Connection, fetch_row, json_of, transaction
from doska.settings import Settings

REPLANNED_MAX = 3  # while others write

Again: TypeAlias = Callable[[], Awaitable[Planned]]

_STEP = """
    update imports set status = $2, done = $3, total = $4
    where id = $1 and finished_at is null returning 1"""
FINISH = """
    update imports set status = $2, report = coalesce($3, report), problem = $4, done = $5,
        finished_at = clock_timestamp(), taken_until = null,
        file_id = case when is_dry_run and $2 = 'done' then file_id end
    where id = $1 and finished_at is null returning file_id::text"""


class Cancelled(Exception):  # by its maker
    """Nobody wants it any more."""


class Run:
    """One import, being carried out."""

    def __init__(
        self, store: Store, settings: Settings, limits: Limits, taken: asyncpg.Record
    ) -> None:
        self._store, self._settings, self._limits = store, settings, limits
        self._taken, self._id = taken, taken["id"]
        self._options = json_of(taken["options"])
        token = taken["token_hash"]
        shown = ShownToken(token, is_changing=True, proven=lambda: None) if token else None
        self.caller = Caller(taken["user_id"], taken["session_id"], token=shown)
        self._access = Access(self.caller, Right.EDIT_BOARD, BOARD, "", NONE, limits)

    async def run(self) -> None:
        """Read, plan, write."""
        with tempfile.TemporaryDirectory(prefix="doska-import-") as name:
            folder = Path(name)
            path = await self._fetched(folder)
            async with reading_process(folder, self._taken["file_bytes"]) as child:
                read = await child.ask(
                    "read", path=str(path), format=self._taken["format"],
                    options=self._options["reading"], bounds=self._bounds(),
                    key=key_of(self._settings).hex(),
                )  # fmt: skip
                if "facts" in read:
                    await self._restore(child, read, folder)
                else:
                    await self._plan_and_write(child, read, folder)
        if not self._taken["is_dry_run"]:
            await self._store.remove(self._taken["file_id"])

    async def _fetched(self, folder: Path) -> Path:
        """Bring the file onto this machine."""
        path = folder / "file"
        try:
            with path.open("wb") as file:
                async for piece in self._store.read(
                    self._taken["file_id"], 0, self._taken["file_bytes"]
                ):
                    await asyncio.to_thread(file.write, piece)
        except Missing:
            raise InternalError("The file is gone.") from None
        return path

    def _bounds(self) -> dict[str, int]:
        s = self._settings
        return {
            "unpacked_bytes": s.import_unpacked_mb_max << 20,
            "times_packed": s.import_times_packed_max,
            "entries": s.import_entries_max,
            "depth": s.import_depth_max,
            "rows": s.import_rows_max,
            "boards": s.import_boards_max,
        }

    async def _plan_and_write(self, child: Child, read: dict[str, Any], folder: Path) -> None:
        """Plan, and write if nobody was faster; at last plan while nobody else can write there."""
        total = sum(board["tasks"] for board in read["boards"])

        async def planned() -> Planned:
            await self._step(ImportStatus.PLANNING, 0, total)
            found = await plan(child, read, self._access, self._options, folder)
            await check_files(self._access, [blob["row"] for blob in found.blobs()])
            return found

        found = await planned()
        if self._taken["is_dry_run"]:
            return await self._finish(fetch_row, found.report, total)
        for _ in range(REPLANNED_MAX):
            with suppress(Moved):
                return await self._write(found, total)
            found = await planned()
        try:
            await self._write(found, total, planned)
        except Moved:  # onto other boards
            raise Unavailable("The board is too busy.") from None

    async def _restore(self, child: Child, read: dict[str, Any], folder: Path) -> None:
        """Restore an archive of ours."""
        await self._step(ImportStatus.PLANNING, 0, read["tasks"])
        found = Restoring(child, read, self._access, self._options, folder, self._store)
        if self._taken["is_dry_run"]:
            _, _, report = await found.planned()
            await self._finish(fetch_row, report, read["tasks"])
            return
        await self._step(ImportStatus.WRITING, 0, read["tasks"])
        async with found.written() as (connection, report):
            await self._finish(connection.fetchrow, report, read["tasks"])

    async def _finish(self, fetch: Fetch, report: dict[str, Any], total: int) -> None:
        """Say that it is done, within what was written."""
        text = to_json(report).decode()
        if await fetch(FINISH, self._id, ImportStatus.DONE, text, None, total) is None:
            raise Cancelled

    async def _step(self, status: ImportStatus, done: int, total: int) -> None:
        if await fetch_row(_STEP, self._id, status, done, total) is None:
            raise Cancelled

    async def _write(self, planned: Planned, total: int, again: Again | None = None) -> None:
        """Write what is planned for the boards as they are; or is planned again when they are locked.

        Moved if they have changed.
        """
        async with self._files() as keep:
            if again is None:  # before the transaction: files can take long
                await self._step(ImportStatus.WRITING, 0, total)
                await keep(planned)
            async with transaction() as connection:
                await be_patient(connection)
                await self._judge(connection, planned)
                await self._lock(connection, planned, is_as_planned=again is None)
                if again:
                    planned = _like(await again(), planned)
                    await self._step(ImportStatus.WRITING, 0, total)
                    await keep(planned)
                for pack in sorted(planned.packs, key=lambda p: str(p["board_id"])):
                    await write(connection, pack)
                await self._finish(connection.fetchrow, planned.report, total)

    async def _lock(self, connection: Connection, planned: Planned, *, is_as_planned: bool) -> None:
        for target in sorted(planned.targets, key=lambda t: t.board_id):
            if not target.is_new:
                seq = target.seq if is_as_planned else None
                await lock(connection, self._access, target.board_id, seq)

    async def _judge(self, connection: Connection, planned: Planned) -> None:
        """Ask again whether they may, and may have so many boards."""
        new = sum(target.is_new for target in planned.targets)
        await lock_user(connection, self.caller.user_id)
        row = await SIGNED_IN.ask(self.caller, connection.fetchrow)
        if new:
            must_be_free(self._access, row, new)

    @asynccontextmanager
    async def _files(self) -> AsyncIterator[Callable[[Planned], Awaitable[None]]]:
        """Store files of what is planned; these go if it is not written."""
        put: list[str] = []

        async def keep(planned: Planned) -> None:
            for blob in planned.blobs():
                put.append(blob["row"]["id"])
                await self._store.keep(put[-1], _pieces(Path(blob["path"])))

        async def remove() -> None:
            for name in put:
                await self._store.remove(name)

        try:
            yield keep
        except BaseException:
            await asyncio.shield(remove())
            raise


def _like(planned: Planned, first: Planned) -> Planned:
    """Give a plan that is for the same boards as an earlier one; Moved if it is not."""
    known, found = (
        {target.board_id for target in one.targets if not target.is_new} for one in (first, planned)
    )
    if found != known:
        raise Moved
    return planned


async def _pieces(path: Path) -> Any:
    yield await asyncio.to_thread(path.read_bytes)
