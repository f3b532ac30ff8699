"""The whole board in one response, cached as bytes while the board is at the same event.

The bytes are the same for everybody who may see the board, and each caller is authorized first: by
the statement that returns the board's tag, or by the one that builds the snapshot. After more
events only what they have touched is read anew, and put in the place of what was there; where there
were some the last time, it is asked for at once.
"""

import asyncio
from collections import OrderedDict
from dataclasses import dataclass
from typing import Any
from weakref import WeakValueDictionary

from doska.boards.access import BOARD, Access, Judgement
from doska.boards.judged_rows import JudgementWithRows
from doska.boards.positions import SHOWN
from doska.http.answers import digest
from doska.http.packing import gzipped
from doska.live.snapshot_parts import Parts, parts_of
from doska.live.snapshot_sql import rows_of_today, rows_since

NOW_AT = Judgement(BOARD, **SHOWN)
WHOLE = JudgementWithRows(BOARD, rows_of_today, 4, **SHOWN)
SINCE = JudgementWithRows(BOARD, rows_since, 4, **SHOWN)
FOLLOWED_MAX = 256  # events, until one is built anew: then what no event tells shows too

SHAPE = 4  # of the response: clients with an older one do not get a 304

Key = tuple[str, int]  # a board, and how many tasks per column


@dataclass
class Snapshot:
    """A board at one event, as it is sent.

    With its parts, of all its tasks, it can be brought up to date.
    """

    tag: str
    body: bytes
    seq: int  # of the event
    packed: bytes = b""
    is_of_event: bool = True  # otherwise it can change without an event, and is not cached
    position: str = ""
    copy: str = ""  # of the event
    parts: Parts | None = None
    built_at: int = 0  # the number of the event at which it was built as a whole
    is_lively: bool = False  # brought up to date, when it was last asked for

    @property
    def size(self) -> int:
        """Return its size in bytes; its cards are about as large as its body."""
        bodies = 1 if self.parts is None else 2
        return bodies * len(self.body) + len(self.packed)


class Snapshots:
    """The cached snapshots: least recently used ones are dropped when there are too many bytes."""

    def __init__(self, bytes_max: int) -> None:
        self._bytes_max = bytes_max
        self._kept: OrderedDict[Key, Snapshot] = OrderedDict()
        self._building: WeakValueDictionary[Key, asyncio.Lock] = WeakValueDictionary()

    def kept(self, key: Key, tag: str | None) -> Snapshot | None:
        """Return the cached snapshot, if it is still current."""
        found = self._kept.get(key)
        if found is None or found.tag != tag:
            return None
        self._kept.move_to_end(key)
        return found

    def is_tag_of_use(self, key: Key) -> bool:
        """Return whether something that a tag could match is cached, or soon will be."""
        return key in self._kept or key in self._building

    def is_lively(self, key: Key) -> bool:
        """Return whether there may well be news of a board, and nobody is asking for them."""
        found = self._kept.get(key)
        return found is not None and found.is_lively and key not in self._building

    async def read(self, access: Access, per_column: int, tag: str | None) -> Snapshot:
        """Return a board's snapshot; concurrent requests have it built once.

        ``tag`` is what ``tag_of`` has just returned for this caller; without it nothing cached is
        used, unless it is lively.
        """
        key = (access.anchor_id, per_column)
        if found := self.kept(key, tag):
            return found
        if not self._bytes_max:
            return await _build(access, per_column)
        async with self._building.setdefault(key, asyncio.Lock()):
            found = self.kept(key, tag) or await self._newer(access, per_column, tag)
            if found.is_of_event:
                self._keep(key, found)
            return found

    async def _newer(self, access: Access, per_column: int, tag: str | None) -> Snapshot:
        """Bring the cached one up to date, or build one."""
        base = self._kept.get((access.anchor_id, per_column))
        is_of_use = base is not None and (tag is not None or base.is_lively)
        found = await _follow(access, per_column, base) if base and is_of_use else None
        return found or await _build(access, per_column)

    def _keep(self, key: Key, snapshot: Snapshot) -> None:
        self._kept[key] = snapshot
        self._kept.move_to_end(key)
        self._drop()

    async def packed(self, snapshot: Snapshot) -> bytes:
        """Compress a snapshot, once."""
        if not snapshot.packed:
            snapshot.packed = await gzipped(snapshot.body)
            self._drop()
        return snapshot.packed

    def _drop(self) -> None:
        while self._kept and self.size > self._bytes_max:
            self._kept.popitem(last=False)

    @property
    def size(self) -> int:
        """Return how many bytes are cached."""
        return sum(kept.size for kept in self._kept.values())


async def tag_of(access: Access, per_column: int) -> str | None:
    """Authorize, and return by one indexed lookup what the board's snapshot is now.

    None while the board waits to be notified of a new name: then it is built for each request, and
    tagged by its bytes.
    """
    _, row = await NOW_AT.ask(access)
    return None if row["is_waiting"] else _tag(row, per_column)


async def _build(access: Access, per_column: int) -> Snapshot:
    row, rows = await WHOLE.ask_for_rows(access, per_column=per_column)
    return _made(row, parts_of(rows), per_column, row["seq"])


async def _follow(access: Access, per_column: int, base: Snapshot) -> Snapshot | None:
    """Read what is new since a snapshot; None where it has to be built as a whole."""
    if base.parts is None:
        return None
    row, rows = await SINCE.ask_for_rows(
        access, per_column=per_column, since=base.seq, position=base.position, copy=base.copy
    )
    is_same = (row["tag"], row["copy"]) == (base.position, base.copy)
    if is_same and not row["is_waiting"]:
        base.is_lively = False
        return base
    is_late = row["seq"] - base.built_at > FOLLOWED_MAX
    if is_late or row["is_waiting"] or not rows:
        return None
    parts = parts_of(rows).over(base.parts)
    if not parts.are_all:
        return None
    found = _made(row, parts, per_column, base.built_at)
    found.is_lively = True
    return found


def _made(row: Any, parts: Parts, per_column: int, built_at: int) -> Snapshot:
    parts = parts.in_order()
    seq = row["seq"]
    body = parts.body(seq, row["tag"])
    if row["is_waiting"]:
        return Snapshot(f'W/"{digest(body)}"', body, seq, is_of_event=False)
    made = Snapshot(_tag(row, per_column), body, seq, built_at=built_at)
    made.position, made.copy = row["tag"], row["copy"]
    if parts.are_all:
        made.parts = parts
    return made


def _tag(row: Any, per_column: int) -> str:
    """Weak, because the same tag is used for the compressed and the uncompressed snapshot."""
    return f'W/"{row["tag"]}.{row["copy"]}.{per_column}.{SHAPE}"'
