"""Positions: a place in a board's log that names an event, and not only its number.

After lost commits or a restored backup the same numbers are used a second time. So clients store a
number and a mark of that event: the time at which it was written, in microseconds.
"""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Annotated

from pydantic import Field, StringConstraints

SEQ_MAX = 2**63 - 1
PATTERN = r"^[0-9]{1,19}(\.[0-9a-z]{1,20})?$"

_SINCE = datetime(1970, 1, 1, tzinfo=UTC)
_FORM = re.compile(r"([0-9]+)(?:\.([0-9a-z]+))?")

PositionIn = Annotated[str, StringConstraints(pattern=PATTERN)]
PositionOut = Annotated[
    str,
    Field(
        description="where to resume from: it identifies this very event, and no other that gets the "
        "same number after a loss of data. An opaque text",
        examples=["7.660da1f07b600"],
    ),
]


@dataclass(frozen=True, slots=True)
class Position:
    """The number of an event, and its mark; without one, any event with that number."""

    seq: int
    mark: str | None = None

    def __str__(self) -> str:
        return str(self.seq) if self.mark is None else f"{self.seq}.{self.mark}"

    def is_named_by(self, other: "Position") -> bool:
        """Return whether somebody who has the other position means this one."""
        return self.seq == other.seq and other.mark in (None, self.mark)


def parsed(text: str) -> Position:
    """Read a position, or a bare number."""
    seq, mark = _FORM.fullmatch(text).groups()  # type: ignore[union-attr]  # it fits PATTERN
    return Position(min(int(seq), SEQ_MAX), mark)


def position_of(seq: int, at: str) -> str:
    """Write the position of an event that is just being written."""
    since = datetime.fromisoformat(at) - _SINCE
    return f"{seq}.{since // timedelta(microseconds=1):x}"


def _mark(moment: str) -> str:
    return f"to_hex((extract(epoch from {moment}) * 1000000)::bigint)"


POSITION = f"e.seq || '.' || {_mark('e.at')}"  # of the event ``e``


def position_at(seq: str) -> str:
    """Write the SQL of a position on board ``b``; without such an event it has the board's mark."""
    at = f"(select n.at from events n where n.board_id = b.id and n.seq = {seq})"
    return f"{seq} || '.' || {_mark(f'coalesce({at}, b.created_at)')}"


NEWEST = position_at("b.seq")


def copy_at(seq: str) -> str:
    """Write the SQL of which copy of an event board ``b`` has.

    A board that is restored has the same events, but not always the same people: whoever has gone
    meanwhile does not come back. Of what is shown of a board, a position alone does not tell it.
    """
    return f"coalesce((select n.xmin from events n where n.board_id = b.id and n.seq = {seq}), b.xmin)::text"


# Somebody shown on it has a new name, and its event does not exist yet.
IS_WAITING = "exists (select from tellings w where w.board_id = b.id)"
# What is shown of a board is the same as long as these are, unless it is waiting.
SHOWN = {"tag": NEWEST, "copy": copy_at("b.seq"), "is_waiting": IS_WAITING}
