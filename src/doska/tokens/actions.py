"""Creating and revoking access tokens."""

from datetime import UTC, datetime

from doska.errors import Invalid, LimitReached, NotFound
from doska.http.telemetry import audit
from doska.identity.access import STANDING, Caller
from doska.identity.access_tokens import Scope, hash_of, make_token
from doska.identity.actions import AGENT_CHARS_MAX, end, lock_user
from doska.postgres.database import Connection, json_of, transaction
from doska.schemas import new_id
from doska.settings import Settings
from doska.tokens.queries import MAKING, VIEW
from doska.tokens.schemas import TokenMade, TokenNew

_INSERT = f"""
    insert into sessions as x (id, user_id, created_at, expires_at, user_agent,
        token_hash, name, scope, board_ids)
    values ($1, $2, now(), coalesce($3::text::timestamptz, 'infinity'), $4, $5, $6, $7, $8)
    returning {VIEW}"""


async def create_token(settings: Settings, caller: Caller, body: TokenNew, agent: str) -> TokenMade:
    """Create a token; only this response contains it, the database gets its hash."""
    _check_end(body)
    board_ids = sorted(set(body.board_ids)) if body.board_ids else None
    async with transaction() as connection:
        # Two concurrent requests of one person are counted one after the other.
        await lock_user(connection, caller.user_id)
        row = await MAKING.ask(caller, connection.fetchrow, board_ids=board_ids)
        if row["boards"] < len(board_ids or ()):
            raise NotFound
        _check_scope(body, is_admin=row["is_admin"])
        if row["count"] >= settings.tokens_per_user_max:
            raise LimitReached.at(settings.tokens_per_user_max, "access tokens of a person")
        made = await _insert(connection, caller, body, board_ids, agent)
        audit("token.made", target=made.id, scope=body.scope, boards=board_ids)
        return made


async def end_token(caller: Caller, token_id: str) -> None:
    """Revoke one of one's own tokens."""
    await STANDING.ask(caller)
    if not await end(caller.user_id, token_id, is_token=True):
        raise NotFound


def _check_end(body: TokenNew) -> None:
    if body.expires_at and datetime.fromisoformat(str(body.expires_at)) <= datetime.now(UTC):
        raise Invalid.at("/body/expires_at", "past", "should be in the future")


def _check_scope(body: TokenNew, *, is_admin: bool) -> None:
    """Refuse rights that the owner lacks: they would take effect if the owner got them later."""
    if body.scope is Scope.ADMIN and not is_admin:
        raise Invalid.at("/body/scope", "not_administrator", "is for administrators only")


async def _insert(
    connection: Connection, caller: Caller, body: TokenNew, board_ids: list[str] | None, agent: str
) -> TokenMade:
    token_id = new_id()
    token = make_token(token_id, caller.user_id)
    text = await connection.fetchval(
        _INSERT,
        token_id,
        caller.user_id,
        body.expires_at,
        agent[:AGENT_CHARS_MAX],
        hash_of(token),
        body.name,
        body.scope,
        board_ids,
    )
    return TokenMade(**json_of(text), token=token)
