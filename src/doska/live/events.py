"""How a board's events are read: as pages, as what a stream missed, and as new events."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from doska.boards.access import BOARD, VISIBLE, Access, Judgement
from doska.boards.floors import KEPT
from doska.boards.models import role_sql
from doska.boards.policy import GRANTS, Right
from doska.boards.positions import NEWEST, POSITION, SEQ_MAX, Position, parsed, position_at
from doska.http.pagination import PAGE_BYTES_MAX
from doska.identity.access import ALIVE, USER
from doska.identity.faces import with_faces
from doska.identity.queries import user_view
from doska.postgres.database import fetch_row

READ_MAX = 200  # events per statement

_WITH_HISTORY = ", ".join(f"'{role}'" for role in GRANTS if Right.VIEW_HISTORY in GRANTS[role])
HAS_HISTORY = (
    f"(u.is_admin_of_boards or coalesce({role_sql('m.role')} in ({_WITH_HISTORY}), false))"
)


def _marked(task: str) -> str:
    return f"""case when {task} ? 'created_at' then '{{"due_on": null}}' else '{{}}'::jsonb end
        || {task} || case when {task} ? 'description' then jsonb_build_object(
            'has_description', {task} ->> 'description' <> '') else '{{}}' end"""


# Events of earlier releases have descriptions without ``has_description``, and complete tasks (only
# those contain the creation time) without ``due_on``.
_UNMARKED = """exists(@.description) && !exists(@.has_description)
    || exists(@.created_at) && !exists(@.due_on)"""
_TASKS = f"""(select jsonb_agg({_marked("task")} order by n)
    from jsonb_array_elements(e.payload -> 'tasks') with ordinality as t (task, n))"""
PAYLOAD = f"""case
    when e.payload @? '$.task ? ({_UNMARKED})'
        then jsonb_set(e.payload, '{{task}}', {_marked("(e.payload -> 'task')")})
    when e.type = 'change.undone' and e.payload @? '$.tasks[*] ? ({_UNMARKED})'
        then jsonb_set(e.payload, '{{tasks}}', {_TASKS})
    else e.payload end"""

EVENT = f"""json_build_object('board_id', e.board_id, 'seq', e.seq,
    'position', {POSITION}, 'type', e.type, 'actor', (select {user_view("x")} from users x where x.id = e.actor_id),
    'task_id', e.task_id, 'batch_id', e.batch_id, 'payload', {with_faces(PAYLOAD)}, 'at', e.at)"""

_SENT = f"array[{POSITION}, {EVENT}::text]"

# Whatever made a board public; what was there before is not for everybody.
MADE_PUBLIC = "e.payload -> 'board' ->> 'is_public' = 'true' and e.type <> 'board.created'"

# The event from which a reader may start: with the right to the history, the first one that exists;
# otherwise the one of an hour ago, so that a stream that was cut off can be resumed. An hour can
# have many events: that one is found by binary search, because events are in order of time.
_OPENED = f"(select max(e.seq) from events e where e.board_id = b.id and {MADE_PUBLIC})"
_HOUR_AGO = f"""(
    with recursive halved (low, high) as (
        select {KEPT}, b.seq
        union all
        select case when e.is_old then e.seq else h.low end,
            case when e.is_old then h.high else e.seq - 1 end
        from halved h cross join lateral (
            select e.seq, e.at < now() - interval '1 hour' as is_old from events e
            where e.board_id = b.id and e.seq = (h.low + h.high + 1) / 2 offset 0) e
        where h.low < h.high)
    select max(h.low) from halved h)"""
FLOOR = f"greatest({KEPT}, case when not {HAS_HISTORY} then greatest({_OPENED}, {_HOUR_AGO}) end)"

# What is stored uncompressed need not be read to know its size.
_SIZE = """case when pg_column_compression(e.payload) is null then pg_column_size(e.payload)
    else octet_length(e.payload::text) end"""


def _next_events(condition: str, count: object) -> str:
    """Return the next events, as many as requested; fewer if they have many bytes."""
    return f"""(
        select e.* from (
            select e.*, sum({_SIZE}) over (order by e.seq) - {_SIZE} as bytes_before from (
                select * from events e where {condition} order by e.seq limit {count}) e) e
        where e.bytes_before < {PAGE_BYTES_MAX}) e"""


_AFTER = _next_events("e.board_id = b.id and e.seq > :after", "{}")

_NEXT = f"""(select case when e.seq < b.seq then {POSITION} end
    from {_AFTER.format(":limit")} order by e.seq desc limit 1)"""

# The reader's position in the log: compared with the one they have, it shows whether the log is
# still theirs.
_STANDS = position_at("least(:after::bigint, b.seq)")

PAGE = Judgement(
    BOARD,
    floor=FLOOR,
    oldest=KEPT,
    stands=_STANDS,
    next=_NEXT,
    body=f"""(select json_build_object('items', coalesce(json_agg({EVENT} order by e.seq), '[]'),
        'next_cursor', {_NEXT}) from {_AFTER.format(":limit")})""",
)
REPLAY = Judgement(
    BOARD,
    born="b.created_at::text",
    floor=FLOOR,
    stands=_STANDS,
    newest=NEWEST,
    events=f"array(select {_SENT} from {_AFTER.format(READ_MAX)} order by e.seq)",
)


def goes_on(row: Any, after: Position) -> bool:
    """Return whether the log that was read continues from a position."""
    return row["floor"] <= after.seq and parsed(row["stands"]).is_named_by(after)


@dataclass(frozen=True, slots=True)
class Replay:
    """What somebody who may see the board has missed.

    ``stands`` is their position in this log, ``newest`` the board's last event; each event comes
    with its position.
    """

    born: str
    goes_on: bool
    stands: Position
    newest: Position
    events: list[list[str]]

    @property
    def last(self) -> Position:
        """Return the last event that was read."""
        return parsed(self.events[-1][0]) if self.events else self.newest


async def replay(access: Access, after: Position | None) -> Replay:
    """Read on from a position, READ_MAX at a time; authorized in the same statement."""
    after = after or Position(SEQ_MAX)
    _, row = await REPLAY.ask(access, after=after.seq)
    stands, newest = parsed(row["stands"]), parsed(row["newest"])
    return Replay(row["born"], goes_on(row, after), stands, newest, row["events"])


class Watcher(Protocol):
    """Somebody who watches a board, and how far they were authorized."""

    user_id: str
    session_id: str
    until: int


@dataclass(frozen=True, slots=True)
class News:
    """New events on a board, and which watchers may see them, by their index.

    ``stands`` is what the log now has at the reader's position; each event comes with its position.
    """

    born: str
    stands: str
    newest: str
    events: list[list[str]]
    allowed: list[int]

    @property
    def last(self) -> Position:
        """Return the last event that was read."""
        return parsed(self.events[-1][0] if self.events else self.newest)


# People without the right to the history must not see what happened while the board was private.
_NEWS = f"""
    with watching as materialized (
        select * from unnest($3::uuid[], $4::uuid[], $5::bigint[])
            with ordinality as w (user_id, session_id, until, place)),
    fresh as materialized (
        select e.* from {_next_events("e.board_id = $1 and e.seq > $2", READ_MAX)})
    select b.created_at::text as born, {position_at("least($2::bigint, b.seq)")} as stands,
        {NEWEST} as newest, array(select {_SENT} from fresh e order by e.seq) as events,
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
    """Read new events and authorize all watchers, in one statement; None: the board was deleted."""
    columns: list[list[Any]] = [
        [w.user_id for w in watching],
        [w.session_id for w in watching],
        [w.until for w in watching],
    ]
    row = await fetch_row(_NEWS, board_id, after, *columns)
    return News(**dict(row)) if row else None
