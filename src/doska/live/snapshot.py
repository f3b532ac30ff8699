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
from doska.http.answers import digest
from doska.live.snapshot_sql import snapshot_of_today

GZIP_LEVEL = 5  # of one to nine; higher ones take far longer for a little less

# Somebody whom it shows has another name, of which no event tells yet.
_IS_WAITING = "exists (select from tellings w where w.board_id = b.id)"
NOW_AT = Judgement(BOARD, tag=NEWEST, is_waiting=_IS_WAITING)
WHOLE = Judgement(BOARD, tag=NEWEST, is_waiting=_IS_WAITING, body=snapshot_of_today)

SHAPE = 3  # of the answer: who has an older one is not told that nothing is new

Key = tuple[str, int]  # a board, and how many tasks a column


@dataclass
class Snapshot:
    """A board at one event, as it is sent."""

    tag: str
    body: bytes
    seq: int  # of the event
    packed: bytes = b""
    is_of_event: bool = True  # else it can change without one, and is not kept

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
            if found.is_of_event:
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


async def tag_of(access: Access, per_column: int) -> str | None:
    """Judge, and tell by one indexed lookup what the board's snapshot is now.

    None while the board waits to be told of a new name: then it is built anew, and tagged by its
    bytes.
    """
    _, row = await NOW_AT.ask(access)
    return None if row["is_waiting"] else _tag(row, per_column)


async def _build(access: Access, per_column: int) -> Snapshot:
    _, row = await WHOLE.ask(access, per_column=per_column)
    body = row["body"].encode()
    if row["is_waiting"]:
        return Snapshot(f'W/"{digest(body)}"', body, row["seq"], is_of_event=False)
    return Snapshot(_tag(row, per_column), body, row["seq"])


def _tag(row: Any, per_column: int) -> str:
    """Weak, for the same tag stands for the snapshot packed and unpacked."""
    return f'W/"{row["tag"]}.{per_column}.{SHAPE}"'
