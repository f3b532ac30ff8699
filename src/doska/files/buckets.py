"""Files in a bucket of S3, or of what speaks like it: streamed through Doska, never linked to.

A link that a bucket signs outlives the right of who has got it.
"""

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any

from doska.files.store import Found, Missing, StoreFull


class Bucket:
    """A bucket; an object appears when all of it has arrived, so nothing is ever half there."""

    def __init__(self, url: str, **options: Any) -> None:
        from obstore.exceptions import BaseError  # noqa: PLC0415  # an extra: doska[s3]
        from obstore.store import S3Store  # noqa: PLC0415

        self._failure = BaseError
        self._store = S3Store.from_url(url, **options)

    async def keep(self, name: str, pieces: AsyncIterator[bytes]) -> None:
        """Store a file, in parts of 5 MB."""
        import obstore  # noqa: PLC0415

        refusals: list[Exception] = []  # what obstore would hand on as an error of its own

        async def noting() -> AsyncIterator[bytes]:
            try:
                async for piece in pieces:
                    yield piece
            except Exception as refusal:
                refusals.append(refusal)
                raise

        try:
            await obstore.put_async(self._store, name, noting(), max_concurrency=2)
        except Exception as error:
            if refusals:
                raise refusals[0] from None
            if isinstance(error, (self._failure, OSError)):
                raise StoreFull(type(error).__name__) from error
            raise

    async def read(self, name: str, start: int, count: int) -> AsyncIterator[bytes]:
        """Read a part of a file, in pieces."""
        import obstore  # noqa: PLC0415

        if count <= 0:
            return
        try:
            found = await obstore.get_async(
                self._store, name, options={"range": (start, start + count)}
            )
        except FileNotFoundError as error:
            raise Missing(name) from error
        async for piece in found.stream():
            yield bytes(piece)

    async def size_of(self, name: str) -> int | None:
        """Tell how many bytes a file has."""
        import obstore  # noqa: PLC0415

        try:
            return int((await obstore.head_async(self._store, name))["size"])
        except FileNotFoundError:
            return None

    async def remove(self, name: str) -> None:
        """Remove a file."""
        import obstore  # noqa: PLC0415

        try:
            await obstore.delete_async(self._store, name)
        except FileNotFoundError:
            return

    async def everything(self) -> AsyncIterator[Found]:
        """List all objects."""
        import obstore  # noqa: PLC0415

        now = datetime.now(UTC)
        async for listed in obstore.list(self._store):
            for found in listed:
                age = now - found["last_modified"]
                yield Found(found["path"], age.total_seconds())

    async def free_bytes(self) -> int | None:
        """Nobody knows."""
        return None
