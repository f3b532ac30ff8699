"""A zip whose bytes follow from its contents, and nothing else: no times, no system."""

import zipfile
import zlib
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from hashlib import sha256
from typing import Any, Self

from doska.doors.archive.canonical import line
from doska.doors.export.spool import Spool
from doska.files.store import PIECE_BYTES

# By ISA-L a tenth of zlib's time, for 5 % more bytes; there is no wheel of it for Windows on ARM.
_deflater: Callable[[], Any] = partial(zlib.compressobj, 6, zlib.DEFLATED, -zlib.MAX_WBITS)
with suppress(ImportError):
    from isal import isal_zlib

    _deflater = partial(isal_zlib.compressobj, 1, zlib.DEFLATED, -zlib.MAX_WBITS)

_DATE = (1980, 1, 1, 0, 0, 0)
_MODE = 0o100644 << 16
_UNIX = 3


class _Out:
    """Nothing but ``write``: so the zip is written with data descriptors, from front to back."""

    def __init__(self, spool: Spool) -> None:
        self._spool = spool

    def write(self, data: Any) -> int:
        return self._spool.write(bytes(data))

    def flush(self) -> None:
        """Do nothing: the spool is read by whoever has written it."""


class Zip:
    """An archive that is being written; what it lists is what was added."""

    def __init__(self, spool: Spool) -> None:
        self._zip = zipfile.ZipFile(_Out(spool), "w")  # type: ignore[call-overload]  # all it needs
        self.listed: list[dict[str, Any]] = []

    def add(self, name: str, data: bytes, *, is_packed: bool = True) -> None:
        """Add a member."""
        with Member(self, name, is_packed=is_packed) as member:
            member.write(data)

    def spooled(self, name: str, spool: Spool) -> None:
        """Add what was spooled."""
        with Member(self, name) as member:
            for piece in spool.chunks():
                member.write(piece)

    def opened(self, name: str, *, is_packed: bool) -> Any:
        """Open a member for writing."""
        info = zipfile.ZipInfo(name, _DATE)
        info.create_system, info.external_attr = _UNIX, _MODE
        info.compress_type = zipfile.ZIP_DEFLATED if is_packed else zipfile.ZIP_STORED
        file: Any = self._zip.open(info, "w")
        if is_packed:
            file._compressor = _deflater()  # noqa: SLF001  # no public way to another one
        return file

    def manifest(self, **more: Any) -> bytes:
        """List what was added so far."""
        return line({**more, "files": self.listed})

    def close(self) -> None:
        """End it."""
        self._zip.close()


class Member:
    """One member on its way: counted and hashed as it passes."""

    def __init__(self, archive: Zip, name: str, *, is_packed: bool = True) -> None:
        self._archive, self._name = archive, name
        self._file = archive.opened(name, is_packed=is_packed)
        self._hash, self._bytes, self._lines = sha256(), 0, 0

    def __enter__(self) -> Self:
        return self

    def write(self, data: bytes) -> None:
        """Write some of it."""
        for place in range(0, len(data), PIECE_BYTES):
            piece = data[place : place + PIECE_BYTES]
            self._file.write(piece)
            self._hash.update(piece)
            self._bytes += len(piece)
            self._lines += piece.count(b"\n")

    def __exit__(self, *_: object) -> None:
        self._file.close()
        lines = None if self._name.startswith("files/") else self._lines
        sums = {"bytes": self._bytes, "lines": lines, "sha256": self._hash.hexdigest()}
        self._archive.listed.append({"name": self._name, **sums})
