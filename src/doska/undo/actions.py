"""Taking one change back, or one batch, by a new event."""

from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from typing import Any

from doska.boards.access import BOARD, Access
from doska.boards.changes import Entry, RowChange, net
from doska.boards.floors import KEPT, no_longer_kept
from doska.boards.happenings import why_not
from doska.boards.kinds import is_known, kind_of
from doska.boards.log import Change
from doska.boards.models import Role
from doska.boards.opening import Action, change
from doska.boards.people import AccountDisabled, MustAccept, check_heir, must_outrank
from doska.boards.policy import Right
from doska.boards.positions import position_of
from doska.boards.queries import ONE_BOARD
from doska.errors import NotFound
from doska.http.answers import Answer, answer_of
from doska.identity.actions import lock_user
from doska.identity.queries import user_view
from doska.live.schemas import ChangeUndone
from doska.tasks.happened import ACCOUNT_GONE
from doska.undo.conflicts import NotUndoable, refuse
from doska.undo.holding import check_held
from doska.undo.owners import check_owners
from doska.undo.reversal import Reversal
from doska.undo.settling import check_limits, check_totals, settled
from doska.undo.state import State, state_of
from doska.undo.telling import told

BATCH_MAX = 100

SHOWN = ("board_id", "seq", "position", "type", "actor", "task_id", "batch_id", "payload", "at")

_EVENTS = f"""(select coalesce(jsonb_agg(to_jsonb(e) - 'payload' order by e.seq), '[]')
    from events n join events e on e.board_id = n.board_id
        and e.seq between n.seq - {BATCH_MAX} and n.seq + {BATCH_MAX}
        and (e.seq = n.seq or e.batch_id = n.batch_id)
    where n.board_id = b.id and n.seq = :undone_seq)"""
# Who has gone by themselves from a place ($2: ids of board_users), or has had another since.
_MUST_ACCEPT = """
    select exists (
        select from touched_rows t join events e on e.board_id = t.board_id and e.seq = t.seq
        join former_people f on f.board_id = t.board_id and f.place_id = t.row_id
        where t.board_id = $1 and t.row_id = any($2::uuid[]) and t.name = 'board_users'
            and t.gained < 0 and e.actor_id = f.user_id)
    or exists (
        select from former_people f join unnest($2::uuid[], $3::uuid[]) r (row_id, user_id)
            on r.user_id = f.user_id
        where f.board_id = $1 and f.place_id <> r.row_id)"""
UNDO = Action(
    BOARD, target=ONE_BOARD, events=_EVENTS, oldest=f"to_jsonb({KEPT})", me=user_view("u")
)


async def undo(access: Access, seq: int) -> Answer[ChangeUndone]:
    """Take back what the event tells, or the batch that it belongs to; all or nothing."""
    async with change(access, UNDO, undone_seq=seq) as opened:
        events: list[Any] = opened.parts["events"]
        if seq <= opened.parts["oldest"]:
            raise no_longer_kept(opened.seq, opened.parts["oldest"])
        wanted = net([_entry(event) for event in events]) if events else []
        _judge(opened, events, wanted)
        state = await state_of(opened.connection, opened.board, wanted, events[-1]["seq"])
        await _check_people(opened, wanted, state)
        await _reverse(opened, events, wanted, state)
        return _record(opened, events, told(opened, state))


def _entry(event: dict[str, Any]) -> Entry:
    return Entry(event, [_whole(RowChange(**row), event["board_id"]) for row in event["changes"]])


def _whole(row: RowChange, board_id: str) -> RowChange:
    """Give a row all its columns: an earlier release has logged it without those of today."""
    if not is_known(row.table):
        return row
    whole = partial(kind_of(row.table).whole, board_id=board_id)
    before, after = (image and whole(image) for image in (row.before, row.after))
    return replace(row, before=before, after=after)


def _judge(opened: Change, events: list[Any], wanted: list[RowChange]) -> None:
    """Ask for the rights that the change needed."""
    if not events:
        raise NotFound
    tables = {row.table for row in wanted}
    if not all(map(is_known, tables)):
        raise NotUndoable("It changed data that only a newer release of Doska knows.")
    for row in wanted:
        opened.standing.require(kind_of(row.table).right_for(row.before or row.after))
    check_owners(opened, events[0]["actor_id"], wanted)
    for event in events:
        if words := why_not(event["type"]):
            raise NotUndoable(words)
    if any(row.table == "boards" and row.before is None for row in wanted):
        raise NotUndoable("A board is not taken back: delete it.")  # one that was imported


async def _check_people(opened: Change, wanted: list[RowChange], state: State) -> None:
    """Let nobody give or take a role that is not theirs to give, nor give one to who is gone."""
    rows = [row for row in wanted if row.table == "board_users"]
    roles = {image["role"] for row in rows for image in (row.before, row.after) if image}
    if Role.CREATOR in roles:
        opened.standing.require(Right.OWN)
    else:
        for role in roles:
            must_outrank(opened, role)
    if any(row.before and row.before["user_id"] not in state.users for row in rows):
        raise NotUndoable(ACCOUNT_GONE)
    await _must_not_have_left(opened, rows)
    for user in sorted(_gaining(rows)):
        if user in state.inactive or not await lock_user(opened.connection, user):
            raise AccountDisabled
    for heir in _inheriting(rows):
        await check_heir(opened, heir)


async def _must_not_have_left(opened: Change, rows: list[RowChange]) -> None:
    """Take back who was removed, for that is as if nothing had been; not who has left.

    They come back by their own will only, but for the one who takes it back.
    """
    gone = {row.id: row.before["user_id"] for row in rows if row.before and row.after is None}
    others = {place: user for place, user in gone.items() if user != opened.actor_id}
    if others:
        places, users = list(others), list(others.values())
        values = (opened.board["id"], places, users)
        if await opened.connection.fetchval(_MUST_ACCEPT, *values):
            raise MustAccept


def _gaining(rows: list[RowChange]) -> Iterator[str]:
    """List who would come back, or become the CREATOR again."""
    for row in rows:
        if row.before and (row.after is None or row.before["role"] == Role.CREATOR):
            yield row.before["user_id"]


def _inheriting(rows: list[RowChange]) -> Iterator[str]:
    """List who would become the CREATOR again."""
    for row in rows:
        if row.before and row.after and row.before["role"] == Role.CREATOR != row.after["role"]:
            yield row.before["user_id"]


async def _reverse(
    opened: Change, events: list[Any], wanted: list[RowChange], state: State
) -> None:
    reversal = Reversal(state, wanted)
    if reversal.clashes or not reversal.planned:
        await refuse(opened, events[-1]["seq"], reversal.clashes, state)
    planned = settled(state, reversal.planned)
    await check_totals(opened, state, planned)
    await check_limits(opened, events[0]["seq"], state, planned)
    await check_held(opened, planned)
    for row in planned:
        _write(opened, row)


def _write(opened: Change, row: RowChange) -> None:
    if row.after is None:
        opened.delete(row.table, row.before, is_judged=True)
    elif row.before is None:
        counted = {"version": row.after["version"] + 1} if "version" in row.after else {}
        at = {"updated_at": opened.at} if "updated_at" in row.after else {}
        opened.restore(row.table, {**row.after, **counted, **at})
    else:
        opened.touch(row.table, row.before, **row.after)


def _record(opened: Change, events: list[Any], payload: dict[str, Any]) -> Answer[ChangeUndone]:
    first, tasks = events[0], {event["task_id"] for event in events}
    undone = {name: first[name] for name in ("seq", "type", "batch_id")}
    payload = {"undone": {**undone, "count": len(events)}, **payload}
    task_id = tasks.pop() if len(tasks) == 1 else None
    opened.record("change.undone", payload, task_id=task_id)
    told_of = {
        **opened.entries[-1].event,
        "board_id": opened.board["id"],
        "seq": opened.seq + 1,
        "position": position_of(opened.seq + 1, opened.at),
        "actor": opened.parts["me"],
    }
    event = {name: told_of[name] for name in SHOWN}
    opened.result = answer_of(event, opened.seq + 1)
    return opened.result
