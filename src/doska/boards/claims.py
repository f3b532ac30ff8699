"""Keys that make a request act once: claimed before the lock, answered in the same transaction.

A rival with the same key waits until the first transaction has ended. If that was committed, the
rival gets its answer; if not, the key is free again. What is written without a lock claims its key
by the statement that writes it. That holds the board already, so it must not wait for anybody who
may wait for the board: each key has an advisory lock, which is waited for here and never there.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import blake2b
from typing import Any

import asyncpg
from pydantic_core import to_json

from doska.boards.access import VISIBLE, Access
from doska.boards.rehearsal import REPORT_OF_REPLAY
from doska.boards.statements import EXPIRED, sweep
from doska.errors import NotFound
from doska.http.answers import Answer, Claim, KeyInUse, KeyReused, Rehearsed, Replayed
from doska.identity.access import Question, within
from doska.postgres.database import Connection, json_of, numbered

_KEPT = ("version", "location", "seq", "event", "code")  # of an answer, beside its body
_KEY = "(:user_id::uuid, :key::text)"

CLAIM = f"""
    claimed as (
        insert into idempotency_keys as k (user_id, key, request_hash, at)
        select u.id, :key::text, :request_hash::bytea, now() from users u
        where u.id = :user_id and pg_advisory_xact_lock(:key_lock::bigint) is not null
        on conflict (user_id, key) do update set at = excluded.at, board_id = null,
            request_hash = excluded.request_hash, status = null, headers = null, body = null
        where k.{EXPIRED}
        returning 1),
    swept as ({sweep(f"and (o.user_id, o.key) <> {_KEY}")})"""
IS_FIRST = "(select count(*) from claimed) = 1"

_CLAIM_ALONE = numbered(f"with {CLAIM} select {IS_FIRST}")

_EARLIER = Question(
    f"""left join idempotency_keys k on k.user_id = u.id and k.key = :key and not k.{EXPIRED}
       left join boards b on b.id = k.board_id
       left join board_users m on m.board_id = b.id and m.user_id = u.id""",
    request_hash="k.request_hash",
    headers="k.headers",
    body="k.body",
    # Of a board that is gone only who deleted it is told: the deletion may be repeated.
    is_visible=f"""case when k.board_id is null then true when b.id is not null then {VISIBLE}
        else {within("k.board_id")} and exists (select from used_ids i
            where i.id = k.board_id and i.deleted_by = u.id) end""",
)


def claim_values(user_id: str, claim: Claim) -> dict[str, Any]:
    """Give the values that the SQL of a claim needs."""
    known = {"key": claim.key, "request_hash": claim.request_hash}
    return {**known, "user_id": user_id, "key_lock": key_lock(user_id, claim)}


def key_lock(user_id: str, claim: Claim) -> int:
    """Give the advisory lock that whoever claims this key holds until the end of the transaction."""
    digest = blake2b(f"{user_id} {claim.key}".encode(), digest_size=8).digest()
    return int.from_bytes(digest, signed=True)


async def claim_alone(connection: Connection, access: Access) -> None:
    """Claim a request's key where there is no board yet to lock."""
    claim = access.conditions.claim
    if claim is None:
        return
    sql, names = _CLAIM_ALONE
    known = claim_values(access.caller.user_id, claim)
    with waiting_for_key():
        is_first = await connection.fetchval(sql, *(known[name] for name in names))
    if not is_first:
        await replay(connection, access, claim)


async def replay(connection: Connection, access: Access, claim: Claim) -> None:
    """Answer as the first request with this key was answered, to whom may still see the board."""
    row = await _earlier(connection, access, claim)
    if row is None:
        raise KeyInUse  # it has expired this very moment
    raise Replayed(Answer(row["body"].encode(), is_replayed=True, **json_of(row["headers"])))


async def foresee(connection: Connection, access: Access) -> None:
    """Tell in a dry run that its request was carried out before; to be asked under the lock."""
    key = access.conditions.key if access.conditions.is_rehearsal else None
    if key and await _earlier(connection, access, key):
        raise Rehearsed(REPORT_OF_REPLAY)


async def _earlier(connection: Connection, access: Access, key: Claim) -> Any:
    """Find the first request with this key, if there was one; refuse what it is not for."""
    row = await _EARLIER.ask(access.caller, connection.fetchrow, key=key.key)
    if row["request_hash"] is None:
        return None
    if key.request_hash and row["request_hash"] != key.request_hash:
        raise KeyReused
    if not row["is_visible"] or row["body"] is None:  # it told of somebody whose account is gone
        raise NotFound
    return row


@contextmanager
def waiting_for_key() -> Iterator[None]:
    """Tell waiting for a key from waiting for a board."""
    try:
        yield
    except asyncpg.LockNotAvailableError as error:
        where = getattr(error, "context", None) or ""  # of an advisory lock nothing
        if not where or "idempotency_keys" in where:
            raise KeyInUse from None
        raise


def kept(user_id: str, claim: Claim, board_id: str | None, answer: Answer[Any]) -> str:
    """Write the row that keeps an answer, as JSON."""
    row = {
        "user_id": user_id,
        "key": claim.key,
        "request_hash": f"\\x{claim.request_hash.hex()}",
        "board_id": board_id,
        "status": answer.status,
        "headers": {name: getattr(answer, name) for name in _KEPT},
        "body": answer.body.decode(),
    }
    return to_json(row).decode()
