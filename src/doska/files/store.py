"""Where files are: by an id that the server has made, never by a name that somebody has given."""

from collections.abc import AsyncIterator
from typing import NamedTuple, Protocol

PIECE_BYTES = 256 << 10
ID_CHARS = 36


class Found(NamedTuple):
    """A stored file."""

    name: str
    age_seconds: float


class StoreFull(OSError):
    """There is no room for the file, or none that can be written."""


class Missing(OSError):
    """A file that should be there is not."""


class Store(Protocol):
    """A place for files. ``name`` is an id, or an id with a suffix of our own."""

    async def keep(self, name: str, pieces: AsyncIterator[bytes]) -> None:
        """Store a file whole and durably, or not at all; StoreFull if there is no room."""
        ...

    def read(self, name: str, start: int, count: int) -> AsyncIterator[bytes]:
        """Read ``count`` bytes from ``start``; Missing if the file is not there."""
        ...

    async def size_of(self, name: str) -> int | None:
        """Tell how many bytes a file has; None: it is not there."""
        ...

    async def remove(self, name: str) -> None:
        """Remove a file; it may be gone already."""
        ...

    def everything(self) -> AsyncIterator[Found]:
        """List all files, those that are half written too."""
        ...

    async def free_bytes(self) -> int | None:
        """Tell how much room there is; None: nobody knows."""
        ...
