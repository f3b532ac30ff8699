"""Files on a local disk: written beside, made durable, then given their name.

<folder>/uploading/<name>   while it arrives
<folder>/stored/<xx>/<name> whole; xx are the last two characters of the id, which are random
"""

import asyncio
import os
import shutil
import sys
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO

from doska.files.store import ID_CHARS, PIECE_BYTES, Found, Missing, StoreFull


class Disk:
    """A folder of files; several processes may use it at once."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._uploading, self._stored = folder / "uploading", folder / "stored"

    async def keep(self, name: str, pieces: AsyncIterator[bytes]) -> None:
        """Store a file; whatever goes wrong, none of it is left."""
        path = self._uploading / name
        try:
            file = await asyncio.to_thread(_created, path)
            try:
                async for piece in _joined(pieces):
                    await asyncio.to_thread(file.write, piece)
                await asyncio.to_thread(_sync, file)
            finally:
                await asyncio.to_thread(file.close)
            await asyncio.to_thread(_rename, path, self._path(name))
        except OSError as error:
            raise StoreFull(error.errno, error.strerror) from error
        finally:
            await asyncio.to_thread(path.unlink, missing_ok=True)

    async def read(self, name: str, start: int, count: int) -> AsyncIterator[bytes]:
        """Read a part of a file, in pieces."""
        try:
            file = await asyncio.to_thread(self._path(name).open, "rb")
        except FileNotFoundError as error:
            raise Missing(name) from error
        with file:
            await asyncio.to_thread(file.seek, start)
            while count > 0:
                piece = await asyncio.to_thread(file.read, min(count, PIECE_BYTES))
                if not piece:
                    raise Missing(name)
                count -= len(piece)
                yield piece

    async def size_of(self, name: str) -> int | None:
        """Tell how many bytes a file has."""
        try:
            return (await asyncio.to_thread(self._path(name).stat)).st_size
        except FileNotFoundError:
            return None

    async def remove(self, name: str) -> None:
        """Remove a file."""
        await asyncio.to_thread(self._path(name).unlink, missing_ok=True)
        await asyncio.to_thread((self._uploading / name).unlink, missing_ok=True)

    async def everything(self) -> AsyncIterator[Found]:
        """List all files, folder by folder."""
        for found in await asyncio.to_thread(lambda: list(self._found())):
            yield found

    async def free_bytes(self) -> int | None:
        """Tell how much room the file system has for us."""
        return await asyncio.to_thread(self._free)

    def _found(self) -> Iterator[Found]:
        now = time.time()
        for folder in (self._uploading, *_folders(self._stored)):
            for entry in _entries(folder):
                with suppress(FileNotFoundError):
                    yield Found(entry.name, now - entry.stat().st_mtime)

    def _free(self) -> int | None:
        place = next((p for p in (self.folder, *self.folder.parents) if p.exists()), None)
        if place is None:
            return None
        return shutil.disk_usage(place).free

    def _path(self, name: str) -> Path:
        part = name[ID_CHARS - 2 : ID_CHARS]
        return self._stored / part / name


def _created(path: Path) -> BinaryIO:
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    return os.fdopen(descriptor, "wb")  # buffered: it writes on where a write was cut short


def _sync(file: BinaryIO) -> None:
    file.flush()
    os.fsync(file.fileno())


def _rename(path: Path, to: Path) -> None:
    """Give a file its name, durably: a directory has to be written, too."""
    to.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    path.replace(to)
    if sys.platform == "win32":  # where a directory cannot be opened
        return
    folder = os.open(to.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


async def _joined(pieces: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    """Join small pieces: a thread is asked for each write."""
    held = bytearray()
    async for piece in pieces:
        held += piece
        if len(held) >= PIECE_BYTES:
            yield bytes(held)
            held.clear()
    if held:
        yield bytes(held)


def _folders(folder: Path) -> list[Path]:
    try:
        return sorted(folder.iterdir())
    except FileNotFoundError:
        return []


def _entries(folder: Path) -> list[os.DirEntry[str]]:
    try:
        with os.scandir(folder) as found:
            return list(found)
    except (FileNotFoundError, NotADirectoryError):
        return []
