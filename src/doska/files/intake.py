"""A file on its way into the store: counted, hashed and recognised as it passes."""

import hashlib
from collections.abc import AsyncIterator
from dataclasses import dataclass

from doska.files.pixels import pixels_of
from doska.files.signatures import BEGINNING_BYTES, UNKNOWN, TextCheck, media_type_of
from doska.files.store import Store
from doska.schemas import new_id


@dataclass(frozen=True, slots=True)
class Received:
    """A file that is in the store, under its id."""

    id: str
    size: int
    sha256: str
    media_type: str = UNKNOWN
    width: int | None = None
    height: int | None = None


class _Passing:
    """Looks at bytes that pass by."""

    def __init__(self) -> None:
        self._hash, self._text = hashlib.sha256(), TextCheck()
        self._size, self._beginning = 0, b""

    async def through(self, pieces: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
        """Hand on each piece."""
        async for piece in pieces:
            self._size += len(piece)
            self._hash.update(piece)
            self._text.see(piece)
            if (room := BEGINNING_BYTES - len(self._beginning)) > 0:
                self._beginning += piece[:room]
            yield piece

    def found(self, name: str) -> Received:
        """Tell what it was."""
        media_type = media_type_of(self._beginning, is_text=self._text.is_text())
        sides = pixels_of(media_type, self._beginning) or (None, None)
        return Received(name, self._size, self._hash.hexdigest(), media_type, *sides)


async def receive(store: Store, pieces: AsyncIterator[bytes]) -> Received:
    """Store a file under a new id; nothing is left of one that does not arrive whole."""
    passing, name = _Passing(), new_id()
    await store.keep(name, passing.through(pieces))
    return passing.found(name)
