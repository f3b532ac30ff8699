"""Invitations: links for joining a board, once, and by one's own decision.

Creating one is not an event, because a link that lets somebody in must not be in a log; accepting
one is. The person who accepts has no right on the board: what counts is the inviter's, checked
again at that time.
"""

from datetime import timedelta
from typing import Any

import asyncpg

from doska.boards.access import BOARD, Access, Anchor, Judgement
from doska.boards.declared import PEOPLE_MAX
from doska.boards.limits import Limits, check
from doska.boards.log import Change
from doska.boards.models import Role, known_role, role_sql
from doska.boards.opening import Action, change
from doska.boards.people import COUNT, NEW_USER, PERSON, add, must_outrank
from doska.boards.policy import RANKS, Standing
from doska.boards.schemas import InvitationMade, InvitationShown
from doska.boards.statements import COUNTERS
from doska.errors import AlreadyExists
from doska.http.pagination import Order, paged
from doska.http.telemetry import audit
from doska.identity.access import STANDING, Caller, Fetch
from doska.identity.access_tokens import hash_of
from doska.identity.actions import lock_user
from doska.identity.links import LinkVoid, make_link
from doska.identity.queries import is_there, user_view
from doska.postgres.database import Connection, fetch_row, json_of, numbered, transaction
from doska.schemas import new_id

SPAN = timedelta(days=7)
OPEN_MAX = 20  # of a board

INVITATION = Anchor(
    "invitation",
    """left join invitations i on i.id = :anchor_id left join boards b on b.id = i.board_id""",
    "select i.board_id from invitations i where i.id = :anchor_id",
)
_VIEW = f"""json_build_object('id', i.id, 'role', {role_sql("i.role")},
    'created_at', i.created_at, 'expires_at', i.expires_at, 'created_by', {{maker}})"""
_STILL_OPEN = "i.board_id = b.id and i.expires_at > now()"

ORDER = Order("i.created_at", "timestamptz", descending=True)
INVITATIONS = Judgement(
    BOARD,
    body=paged(
        f"from invitations i join users x on x.id = i.created_by where {_STILL_OPEN}",
        _VIEW.format(maker=user_view("x")),
        ORDER,
        "i.id",
    ),
)
INVITE = Action(BOARD, count=f"(select to_jsonb(count(*)) from invitations i where {_STILL_OPEN})")
WITHDRAW = Action(INVITATION, invited_as="to_jsonb(i.role)")

_SWEEP = "delete from invitations where board_id = $1 and expires_at <= now()"
_DELETE = "delete from invitations where id = $1"
# By the current time, like the time of leaving: both under the board's lock.
_INSERT = f"""
    insert into invitations as i
        (id, board_id, role, token_hash, created_by, created_at, expires_at)
    values ($1, $2, $3, $4, $5, clock_timestamp(), clock_timestamp() + $6)
    returning {_VIEW.format(maker=f"(select {user_view('x')} from users x where x.id = $5)")}"""

_FIND = f"""
    select i.id::text, i.board_id::text, i.role, i.created_at, b.title,
        {user_view("x")} as inviter, x.is_admin, m.role as inviter_role
    from invitations i
        join boards b on b.id = i.board_id
        join users x on x.id = i.created_by and x.is_active and {is_there("x")}
        left join board_users m on m.board_id = i.board_id and m.user_id = x.id
    where i.token_hash = $1 and i.expires_at > now()"""
_LOCK = "select to_jsonb(b) from boards b where b.id = $1 for no key update"
_ACCEPTER = numbered(f"""
    select {NEW_USER} as user, {PERSON} as person, {COUNT} as count, exists (
        select from former_people f where f.board_id = b.id and f.user_id = :person_id
            and f.left_at >= :made_at) as has_left_since
    from boards b where b.id = :board_id""")


async def invite(access: Access, role: Role, public_url: str) -> InvitationMade:
    """Create a link to a board, in a role lower than one's own; only this response contains it."""
    async with change(access, INVITE) as opened:
        # A new password voids earlier links; it comes before this, or after.
        await lock_user(opened.connection, access.caller.user_id)
        await STANDING.ask(access.caller, opened.connection.fetchrow)
        must_outrank(opened, role)
        check(opened.parts["count"] + 1, OPEN_MAX, "open invitations of a board")
        url, token_hash = make_link(public_url, "invited")
        row = (new_id(), opened.board["id"], role, token_hash, access.caller.user_id, SPAN)
        await opened.connection.execute(_SWEEP, opened.board["id"])
        made = json_of(await opened.connection.fetchval(_INSERT, *row))
        audit("invitation.made", board=opened.board["id"], target=made["id"], role=role)
        return InvitationMade(**made, url=url)


async def withdraw(access: Access) -> None:
    """Void an invitation to a role lower than one's own."""
    async with change(access, WITHDRAW) as opened:
        must_outrank(opened, opened.parts["invited_as"])
        await opened.connection.execute(_DELETE, access.anchor_id)
        audit("invitation.withdrawn", board=opened.board["id"], target=access.anchor_id)


async def find(token: str, fetch: Fetch = fetch_row, *, locking: str = "") -> asyncpg.Record:
    """Find a valid invitation: LinkVoid for all others, whatever is wrong with them."""
    row = await fetch(_FIND + locking, hash_of(token))
    if row is None or not _is_outranked(row):
        raise LinkVoid
    return row


def _is_outranked(row: asyncpg.Record) -> bool:
    """Return whether the inviter could still add somebody in this role."""
    own = known_role(row["inviter_role"]) if row["inviter_role"] else None
    acting = Standing(own, row["is_admin"], is_public=False).acting_role
    is_manager = acting in (Role.CREATOR, Role.MODERATOR)
    return is_manager and RANKS[known_role(row["role"])] < RANKS[acting]  # type: ignore[index]


async def show(token: str) -> InvitationShown:
    """Show where an invitation leads; nothing is changed by that."""
    row = await find(token)
    board = {"id": row["board_id"], "title": row["title"]}
    return InvitationShown(
        board=board, role=known_role(row["role"]), invited_by=json_of(row["inviter"])
    )


async def accept(caller: Caller, limits: Limits, token: str) -> Change:
    """Join a board by one's own decision."""
    async with transaction() as connection:
        await STANDING.ask(caller, connection.fetchrow)
        return await use(connection, limits, token, caller.user_id)


async def use(connection: Connection, limits: Limits, token: str, user_id: str) -> Change:
    """Use an invitation up, inside a transaction.

    The board is locked first, as by everything that changes roles on it, then the invitation:
    whatever voids it waits for this, or this has waited for that and finds it deleted.
    """
    board_id = (await find(token, connection.fetchrow))["board_id"]
    board: Any = json_of(await connection.fetchval(_LOCK, board_id))
    if board is None:
        raise LinkVoid
    found = await find(token, connection.fetchrow, locking=" for update of i")
    parts = await _judge(connection, found, user_id)
    limits.check(PEOPLE_MAX, parts["count"] + 1)
    counters = {name: board.pop(name) for name in COUNTERS}
    nobody = Standing(role=None, is_admin=False, is_public=False)
    opened = Change(board, nobody, user_id, parts, connection, limits=limits, **counters)
    add(opened, user_id, known_role(found["role"]))
    await connection.execute(_DELETE, found["id"])
    await opened.write()
    audit("invitation.accepted", board=board_id, seq=opened.seq, target=found["id"])
    return opened


async def _judge(connection: Connection, found: asyncpg.Record, user_id: str) -> dict[str, Any]:
    sql, names = _ACCEPTER
    values = {
        "person_id": user_id,
        "board_id": found["board_id"],
        "made_at": found["created_at"],
    }
    row = await connection.fetchrow(sql, *(values[name] for name in names))
    parts = {name: json_of(row[name]) for name in ("user", "person", "count")}
    if parts["person"] is not None:
        raise AlreadyExists("You are already on this board; your role is unchanged.")
    if parts["user"] is None or row["has_left_since"]:
        raise LinkVoid
    return parts
