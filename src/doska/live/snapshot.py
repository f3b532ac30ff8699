"""The whole board in one answer, kept as bytes for as long as the board is at the same event.

The bytes are the same for all who may see the board, and whoever asks is judged first: by the
statement that tells the board's tag, or by the one that builds the snapshot.
"""

import asyncio
import gzip
from collections import OrderedDict
from dataclasses import dataclass
from typing import Any
from weakref import WeakValueDictionary

from doska.boards.access import BOARD, Access, Judgement
from doska.boards.positions import NEWEST
from doska.live.snapshot_sql import SNAPSHOT

GZIP_LEVEL = 5  # of one to nine; higher ones take far longer for a little less

NOW_AT = Judgement(BOARD, tag=NEWEST)
WHOLE = Judgement(BOARD, tag=NEWEST, body=SNAPSHOT)

Key = tuple[str, int]  # a board, and how many tasks a column


@dataclass
class Snapshot:
    """A board at one event, as it is sent."""

    tag: str
    body: bytes
    packed: bytes = b""

    @property
    def size(self) -> int:
        """How many bytes it keeps."""
        return len(self.body) + len(self.packed)

    async def gzipped(self) -> bytes:
        """Pack it, once; not where it would keep others waiting."""
        if not self.packed:
            self.packed = await asyncio.to_thread(gzip.compress, self.body, GZIP_LEVEL, mtime=0)
        return self.packed


class Snapshots:
    """The snapshots that are kept: the least lately used go first when there are too many bytes."""

    def __init__(self, bytes_max: int) -> None:
        self._bytes_max = bytes_max
        self._kept: OrderedDict[Key, Snapshot] = OrderedDict()
        self._building: WeakValueDictionary[Key, asyncio.Lock] = WeakValueDictionary()

    def kept(self, key: Key, tag: str | None) -> Snapshot | None:
        """Give what is kept, if it is still what the board is."""
        found = self._kept.get(key)
        if found is None or found.tag != tag:
            return None
        self._kept.move_to_end(key)
        return found

    def is_tag_of_use(self, key: Key) -> bool:
        """Tell whether something is kept, or soon will be, that a tag could fit."""
        return key in self._kept or key in self._building

    async def read(self, access: Access, per_column: int, tag: str | None) -> Snapshot:
        """Give a board's snapshot; many who ask at once have it built once.

        ``tag`` is what ``tag_of`` told this asker just now; without it nothing kept is given away.
        """
        key = (access.anchor_id, per_column)
        if found := self.kept(key, tag):
            return found
        if not self._bytes_max:
            return await _build(access, per_column)
        async with self._building.setdefault(key, asyncio.Lock()):
            found = self.kept(key, tag) or await _build(access, per_column)
            self._keep(key, found)
            return found

    def _keep(self, key: Key, snapshot: Snapshot) -> None:
        self._kept[key] = snapshot
        self._kept.move_to_end(key)
        while self.size > self._bytes_max:
            self._kept.popitem(last=False)

    @property
    def size(self) -> int:
        """How many bytes are kept."""
        return sum(kept.size for kept in self._kept.values())


async def tag_of(access: Access, per_column: int) -> str:
    """Judge, and tell by one indexed lookup what the board's snapshot is now."""
    _, row = await NOW_AT.ask(access)
    return _tag(row, per_column)


async def _build(access: Access, per_column: int) -> Snapshot:
    _, row = await WHOLE.ask(access, per_column=per_column)
    return Snapshot(_tag(row, per_column), row["body"].encode())


def _tag(row: Any, per_column: int) -> str:
    """Weak, for the same tag stands for the snapshot packed and unpacked."""
    return f'W/"{row["tag"]}.{per_column}"'
