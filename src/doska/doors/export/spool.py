"""Where an export is written before it is sent: a temporary file, with a bound."""

import asyncio
import errno
import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from typing import BinaryIO, ClassVar

from doska.attachments.uploading import InsufficientStorage
from doska.errors import Conflict, TooManyRequests
from doska.files.store import PIECE_BYTES
from doska.http.places import Places

AT_ONCE = 2  # exports of a person, until the last byte is sent
WRITING_AT_ONCE = 2  # in this process: each holds a connection, and others need some


class TooManyExports(TooManyRequests):
    """Two exports of yours are running: wait until one has ended."""

    example: ClassVar[dict[str, object]] = {"limit": AT_ONCE, "of": "exports of a person"}


class ExportTooLarge(Conflict):
    """The board is too large to be exported on this server."""

    example: ClassVar[dict[str, object]] = {"limit": 2048, "of": "MB of an export"}


class Exports:
    """Who is exporting, in this process."""

    def __init__(self) -> None:
        self._places = Places()
        self.writing = asyncio.Semaphore(WRITING_AT_ONCE)

    @contextmanager
    def one_of(self, user_id: str) -> Iterator[None]:
        """Count one more until it is sent; TooManyExports if that is too many."""
        if self._places.taken_by(user_id) >= AT_ONCE:
            raise TooManyExports(limit=AT_ONCE, of="exports of a person")
        with self._places.place(user_id):
            yield


class Spool:
    """A temporary file; written by one thread at a time, then read from its beginning."""

    def __init__(self, mb_max: int) -> None:
        self._mb_max = mb_max
        self._file: BinaryIO = tempfile.TemporaryFile()  # noqa: SIM115  # closed by ``close``
        self.size = 0

    def write(self, data: bytes) -> int:
        """Append; ExportTooLarge beyond the bound, InsufficientStorage if the disk is full."""
        self.size += len(data)
        if self.size > self._mb_max << 20:
            words = "MB of an export"
            raise ExportTooLarge(
                f"The limit is {self._mb_max} {words}.", limit=self._mb_max, of=words
            )
        try:
            return self._file.write(data)
        except OSError as error:
            if error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
                raise InsufficientStorage from error
            raise

    def beside(self) -> "Spool":
        """Make another one, with the same bound."""
        return Spool(self._mb_max)

    def chunks(self) -> Iterator[bytes]:
        """Read all of it, in pieces."""
        self._file.seek(0)
        while piece := self._file.read(PIECE_BYTES):
            yield piece

    async def pieces(self) -> AsyncIterator[bytes]:
        """Read all of it, in pieces, and not in the event loop."""
        found = self.chunks()
        while piece := await asyncio.to_thread(next, found, b""):
            yield piece

    def close(self) -> None:
        """Remove it."""
        self._file.close()
