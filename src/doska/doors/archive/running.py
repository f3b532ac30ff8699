"""Restoring an archive behind a request: decided, packed by the reading process, written."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from doska.attachments.uploading import InsufficientStorage
from doska.boards.access import Access, ForAdministrators
from doska.boards.actions import SIGNED_IN, must_be_free
from doska.doors.archive.deciding import Importer, Verdict, decide
from doska.doors.archive.packing import Pack
from doska.doors.archive.reading import facts_in, pack_in
from doska.doors.archive.restoring import Contents, check_limits, write
from doska.doors.process import Child
from doska.doors.room import check_files
from doska.doors.writing import be_patient
from doska.errors import Invalid, Unavailable
from doska.files.store import Store, StoreFull
from doska.identity.actions import lock_user
from doska.postgres.database import Connection, transaction

AGAIN_MAX = 5


@dataclass(frozen=True, slots=True)
class Restoring:
    """An archive that the reading process has opened, and for whom."""

    child: Child
    read: dict[str, Any]
    access: Access
    options: dict[str, Any]
    folder: Path
    store: Store

    async def planned(self) -> tuple[Verdict, Pack, dict[str, Any]]:
        """Decide, and have it packed; gives the report, too."""
        if self.options["into"] not in ("auto", "new"):
            words = "should be auto or new: an archive is a board of its own"
            raise Invalid.at("/query/into", "archive", words)
        async with transaction() as connection:
            verdict = await self._decided(connection)
        importer_id = self.access.caller.user_id
        answer = await self.child.ask("restore", verdict=asdict(verdict), importer_id=importer_id)
        pack = pack_in(answer["pack"])
        check_limits(pack, self.access.limits)
        await check_files(self.access, pack.blobs)
        return verdict, pack, answer["report"]

    async def _decided(self, connection: Connection) -> Verdict:
        """Judge the caller, and decide what they get."""
        await lock_user(connection, self.access.caller.user_id)
        row = await SIGNED_IN.ask(self.access.caller, connection.fetchrow)
        must_be_free(self.access, row)
        if self.options["trust"] and not row["is_admin"]:
            raise ForAdministrators
        if self.options["into"] == "new":
            return Verdict()
        user_id, is_trusting = self.access.caller.user_id, bool(self.options["trust"])
        importer = Importer(user_id, row["is_admin"], is_trusting)
        return await decide(connection, facts_in(self.read["facts"]), importer)

    @asynccontextmanager
    async def written(self) -> AsyncIterator[tuple[Connection, dict[str, Any]]]:
        """Write it; what is done within is committed together with it."""
        for _ in range(AGAIN_MAX):
            verdict, pack, report = await self.planned()
            async with self._stored(pack), transaction() as connection:
                await be_patient(connection)
                if await self._decided(connection) == verdict:
                    await write(connection, pack)
                    yield connection, report
                    return
        raise Unavailable("The board is too busy.")

    @asynccontextmanager
    async def _stored(self, pack: Pack) -> AsyncIterator[None]:
        contents = Contents(self.store, self.folder)
        try:
            await contents.fetch(pack.blobs, is_ours=pack.is_ours)
            yield
        except StoreFull as error:
            await contents.undo()
            raise InsufficientStorage from error
        except BaseException:
            await contents.undo()
            raise
