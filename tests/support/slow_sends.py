"""Bodies that arrive slowly, or not at all."""

import asyncio
from collections.abc import AsyncIterator

BEGINNING = b'{"title": "Slow'


JSON = {"content-type": "application/json"}


async def never_going_on() -> AsyncIterator[bytes]:
    yield BEGINNING
    await asyncio.Event().wait()
