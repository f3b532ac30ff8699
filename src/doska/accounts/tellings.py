"""Boards are notified of new names and deleted accounts afterwards, one by one.

The transaction that changes the account writes a row of ``tellings`` for each board that shows the
person; a job works them off. Each is an action on one board, which is locked only for that time.
Several changes before a board is notified become one notification, with the state at that time.
"""

from functools import partial
from typing import Any

from pydantic_core import from_json, to_json

from doska.accounts.leaving import leave, places
from doska.background.jobs import Handlers, Patience, ask_for
from doska.background.worker import SOON_SECONDS
from doska.boards.following import following
from doska.boards.kinds import LEAVES, on_board
from doska.boards.limits import Limits
from doska.boards.log import Change
from doska.boards.policy import Standing
from doska.boards.statements import COUNTERS
from doska.identity.faces import without_person
from doska.postgres.database import Connection, fetch_row, json_of, transaction
from doska.postgres.errors import BUSY, LOST

TELL, FORGET = "boards.tell", "answers.forget"
BOARDS_AT_ONCE, ANSWERS_AT_ONCE = 500, 200
LATE_SECONDS = 60  # by then no request is running that has seen the person before


@following()
def _write() -> str:
    """Write the SQL that notes all boards that show a person: $1, by whom it is changed: $2.

    Those they are on, and those where something is theirs: these are found by skipping through an
    index, not by reading each row.
    """
    theirs = [
        (f"s{n}_{name}", kind.table, name)
        for n, kind in enumerate(on_board())
        for name, how in kind.people.items()
        if how != LEAVES
    ]
    steps = ", ".join(
        f"""{step} as (
        (select board_id from {table} where {name} = $1 order by board_id limit 1)
        union all
        select (select t.board_id from {table} t where t.{name} = $1 and t.board_id > w.board_id
            order by t.board_id limit 1) from {step} w where w.board_id is not null)"""
        for step, table, name in theirs
    )
    found = " ".join(
        f"union select board_id from {step} where board_id is not null" for step, _, _ in theirs
    )
    return f"""
    with recursive {steps}
    insert into tellings as k (board_id, user_id, actor_id)
    select board_id, $1, $2 from (
        select board_id from board_users where user_id = $1 {found}) shown
    order by board_id
    on conflict (board_id, user_id) do update set actor_id = excluded.actor_id"""


# In random order: otherwise those that take all of a turn's time would come first again next time.
_WAITING = f"""
    select array(select board_id::text from tellings where user_id = $1
        order by random() limit {BOARDS_AT_ONCE})"""
_LOCK = "select to_jsonb(b) from boards b where b.id = $1 for no key update"
_TAKE = """
    with taken as (
        delete from tellings where board_id = $1 and user_id = $2 returning actor_id)
    select actor_id::text, exists (
        select from users where id = $2 and deleted_at is not null) as is_gone
    from taken"""

_ANSWERS = f"""
    select user_id::text, key, body from idempotency_keys
    where strpos(body, $1) > 0 and (user_id, key) > ($2::uuid, $3::text)
    order by user_id, key limit {ANSWERS_AT_ONCE}"""
_REPLACE = "update idempotency_keys set body = $3 where user_id = $1 and key = $2 and body = $4"
_FIRST = "00000000-0000-0000-0000-000000000000"


async def tell_boards(connection: Connection, user_id: str, actor_id: str) -> None:
    """Notify all boards that show a person; to be called under the person's lock."""
    await connection.execute(_write(), user_id, actor_id)
    await ask_for(connection, TELL, user_id, {"user_id": user_id})


async def forget_answers(connection: Connection, user_id: str) -> None:
    """Remove a person's face (name and picture) from stored responses of repeatable requests."""
    for key, seconds in ((user_id, 0), (f"{user_id} late", LATE_SECONDS)):
        await ask_for(connection, FORGET, key, {"user_id": user_id}, in_seconds=seconds)


async def _tell(limits: Limits, payload: dict[str, Any]) -> float | None:
    """Notify some of the boards; one that is busy, or fails, does not delay the others."""
    patience, user_id, is_any_busy = Patience(), payload["user_id"], False
    failures: list[Exception] = []
    row = await fetch_row(_WAITING, user_id)
    waiting: list[str] = row[0] if row else []
    for board_id in waiting:
        try:
            await _tell_board(limits, board_id, user_id)
        except BUSY:
            is_any_busy = True
        except LOST:
            raise
        except Exception as error:  # noqa: BLE001  # whatever it is: the others are told first
            failures.append(error)
        if patience.is_over:
            return 0
    if failures:
        raise failures[0]
    if is_any_busy:
        return SOON_SECONDS
    return 0 if len(waiting) == BOARDS_AT_ONCE else None


async def _tell_board(limits: Limits, board_id: str, user_id: str) -> None:
    async with transaction() as connection:
        board = json_of(await connection.fetchval(_LOCK, board_id))
        telling = await connection.fetchrow(_TAKE, board_id, user_id)
        if board is None or telling is None:
            return  # the board is deleted, or was notified by somebody else
        counters = {name: board.pop(name) for name in COUNTERS}
        nobody = Standing(role=None, is_admin=False, is_public=False)
        opened = Change(board, nobody, telling["actor_id"], {}, connection, **counters)
        if telling["is_gone"]:
            values = (board_id, user_id, limits.boards_of_user)
            opened.parts = json_of(await connection.fetchval(places(), *values))
            await leave(opened, user_id)
        else:
            opened.record("user.updated", {"user": {"id": user_id}})
            await opened.write()


async def _forget(payload: dict[str, Any]) -> float | None:
    """Remove a face from stored responses; the keys stay, or a repeated request would act again."""
    user_id, last = payload["user_id"], (_FIRST, "")
    async with transaction() as connection:
        await connection.execute("delete from idempotency_keys where user_id = $1", user_id)
    while True:
        async with transaction() as connection:
            rows = await connection.fetch(_ANSWERS, user_id, *last)
            for row in rows:
                body = _without(row["body"], user_id)
                await connection.execute(_REPLACE, row["user_id"], row["key"], body, row["body"])
        if len(rows) < ANSWERS_AT_ONCE:
            return None
        last = (rows[-1]["user_id"], rows[-1]["key"])


def _without(body: str, user_id: str) -> str | None:
    """Return a response without a face; None if nothing would be left of it."""
    answer = from_json(body)
    if "user" in answer and answer["user"]["id"] == user_id:
        return None
    return to_json(without_person(answer, user_id)).decode()


def handlers(limits: Limits) -> Handlers:
    """Return the handlers of this feature's jobs."""
    return {TELL: partial(_tell, limits), FORGET: _forget}
