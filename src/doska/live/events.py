"""How a board's events are read: as pages, as what a stream missed, and as what is new."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from doska.boards.access import BOARD, GRANTS, VISIBLE, Access, Judgement, Right
from doska.database import fetch_row
from doska.identity.access import ALIVE, USER
from doska.identity.queries import user_view

READ_MAX = 200  # events a statement
BIGINT_MAX = 2**63 - 1

_WITH_HISTORY = ", ".join(f"'{role}'" for role in GRANTS if Right.VIEW_HISTORY in GRANTS[role])
HAS_HISTORY = f"(u.is_admin_of_boards or coalesce(m.role in ({_WITH_HISTORY}), false))"

EVENT = f"""json_build_object('board_id', e.board_id, 'seq', e.seq, 'type', e.type,
    'actor', (select {user_view("x")} from users x where x.id = e.actor_id),
    'task_id', e.task_id, 'batch_id', e.batch_id, 'payload', e.payload, 'at', e.at)"""

# Whatever made a board public; what was there before is not for everybody.
MADE_PUBLIC = "e.payload -> 'board' ->> 'is_public' = 'true' and e.type <> 'board.created'"

# The event from which somebody may read on: with the right to the history, from the first that
# is kept; else from a short while ago, so that a stream that was cut can be resumed.
KEPT = "coalesce((select min(e.seq) - 1 from events e where e.board_id = b.id), b.seq)"
_RECENT = f"""coalesce((select e.seq from events e where e.board_id = b.id
    and (e.at < now() - interval '1 hour' or ({MADE_PUBLIC})) order by e.seq desc limit 1), 0)"""
FLOOR = f"greatest({KEPT}, case when not {HAS_HISTORY} then {_RECENT} end)"

_AFTER = (
    "(select * from events e where e.board_id = b.id and e.seq > :after order by e.seq limit {}) e"
)

_NEXT = f"(select case when max(e.seq) < b.seq then max(e.seq) end from {_AFTER.format(':limit')})"

PAGE = Judgement(
    BOARD,
    seq="b.seq",
    floor=FLOOR,
    next=_NEXT,
    body=f"""(select json_build_object('items', coalesce(json_agg({EVENT} order by e.seq), '[]'),
        'next_cursor', {_NEXT}::text) from {_AFTER.format(":limit")})""",
)
REPLAY = Judgement(
    BOARD,
    seq="b.seq",
    born="b.created_at::text",
    floor=FLOOR,
    last=f"coalesce((select max(e.seq) from {_AFTER.format(READ_MAX)}), b.seq)",
    events=f"array(select {EVENT}::text from {_AFTER.format(READ_MAX)} order by e.seq)",
)


@dataclass(frozen=True, slots=True)
class Replay:
    """What somebody who may see the board has missed, up to the event number ``last``."""

    seq: int
    born: str
    floor: int
    last: int
    events: list[str]


async def replay(access: Access, after: int | None) -> Replay:
    """Read on from an event, READ_MAX at a time; judged in the same statement."""
    position = after if after is not None else BIGINT_MAX
    _, row = await REPLAY.ask(access, after=position)
    return Replay(row["seq"], row["born"], row["floor"], row["last"], row["events"])


class Watcher(Protocol):
    """Somebody who watches a board, and how far that has been allowed."""

    user_id: str
    session_id: str
    until: int


@dataclass(frozen=True, slots=True)
class News:
    """What is new on a board, and who of those who watch may see it, by their place."""

    seq: int
    born: str
    last: int
    events: list[str]
    allowed: list[int]


# Those who have no right to the history must not see what happened while the board was private.
_NEWS = f"""
    with watching as materialized (
        select * from unnest($3::uuid[], $4::uuid[], $5::bigint[])
            with ordinality as w (user_id, session_id, until, place)),
    fresh as materialized (
        select e.* from events e where e.board_id = $1 and e.seq > $2
        order by e.seq limit {READ_MAX})
    select b.seq, b.created_at::text as born,
        coalesce((select max(e.seq) from fresh e), b.seq) as last,
        array(select {EVENT}::text from fresh e order by e.seq) as events,
        array(select w.place - 1 from watching w
            join sessions s on s.id = w.session_id and s.user_id = w.user_id and {ALIVE}
            cross join {USER}
            left join board_users m on m.board_id = b.id and m.user_id = u.id
            where {VISIBLE} and ({HAS_HISTORY} or w.until >= opened.seq)) as allowed
    from boards b cross join lateral (
        select coalesce(max(e.seq), 0) as seq from events e
        where e.board_id = b.id and e.seq > (select min(until) from watching)
            and {MADE_PUBLIC}) opened
    where b.id = $1"""


async def news(board_id: str, after: int, watching: Sequence[Watcher]) -> News | None:
    """Read what is new and judge all who watch, in one statement; None: the board is gone."""
    columns: list[list[Any]] = [
        [w.user_id for w in watching],
        [w.session_id for w in watching],
        [w.until for w in watching],
    ]
    row = await fetch_row(_NEWS, board_id, after, *columns)
    return News(**dict(row)) if row else None
