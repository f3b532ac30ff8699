"""The one statement that writes a change: its rows, their ids, the counter and the events.

Data-modifying steps in one statement fail in silence in several ways (two changes of one row, a
step that nothing refers to), so it returns the number of the last event and the count of rows
written, and whoever runs it compares them.
"""

import re
from collections.abc import Callable, Mapping
from enum import Enum
from functools import partial
from typing import Any, NamedTuple

from doska.boards.callers import COLUMNS, LISTS, of_callers
from doska.boards.changes import Group
from doska.boards.following import following
from doska.boards.kinds import kind_of
from doska.identity.access import ASKING, USER, within
from doska.identity.access_tokens import MAY_WRITE
from doska.postgres.database import among, numbered
from doska.postgres.gathering import NUMBER, Lists

COUNTERS = ("seq", "task_number")  # kept by the log itself: derived, so not logged


class Guard(Enum):
    """Whose sign-ins must still be what they were when it is written, as the board must be."""

    ONE = "one"
    ONE_WITH_KEY = "one with a key"
    SEVERAL = "several"


class Still(NamedTuple):
    """What must still be true when something is written without a lock; the values it asks for."""

    guard: Guard
    values: Mapping[str, Any]

    @property
    def listed(self) -> list[Any]:
        """Give the values in the order in which a guarded statement ends with them."""
        _, (_, *names) = _GUARDS[self.guard]
        return [self.values[name] for name in names]


# The board ``y`` as it was read, for callers whose sign-ins are still as they were judged. It waits
# for nobody: a statement that waited would see sign-ins as they were before.
_SIGNED_IN = f"sessions s cross join {USER}"
_STILL = f"{ASKING} and {MAY_WRITE} and {within('y.id')} and u.is_admin_of_boards ="
_BOARD = "y.id = :board_id and y.seq = :seq"
_SKIPPING = "for no key update of y skip locked"
_ONE = f"{_SIGNED_IN} cross join boards y where {_BOARD} and {_STILL} :is_admin"
# Whoever has claimed the same key and not ended yet has its lock (``claims``): nobody waits for one
# who may wait for this board.
_KEY_IS_FREE = "pg_try_advisory_xact_lock(:key_lock::bigint)"
_GUARDS = {
    Guard.ONE: numbered(f"{_ONE} {_SKIPPING}"),
    Guard.ONE_WITH_KEY: numbered(f"{_ONE} and {_KEY_IS_FREE} {_SKIPPING}"),
    Guard.SEVERAL: numbered(f"""
        boards y where {_BOARD} and cardinality(:are_admins::text[]) = (select count(*)
            from unnest({LISTS}, :are_admins::text[]) k({COLUMNS}, is_admin)
            cross join {_SIGNED_IN} where {of_callers(_STILL)} k.is_admin::bool)
        {_SKIPPING}"""),
}


@following()
def statement(how: str, groups: tuple[Group, ...], guard: Guard | None = None) -> str:
    """Write the one statement: $1 board, $2 task number, $3 events, $4 rows to be written.

    Then $5, the board's row, if it changes; then one parameter a group, in their order. A guarded
    one ends with the values of ``Still``, and writes nothing if these are no longer true.
    Every step reads ``b``, so that it comes after the board's own and does nothing without it.
    """
    first = 5 if how == "count" else 6
    steps, written = _steps(groups, first)
    board = f"(select y.id from {_unchanged(guard, first + len(groups))})" if guard else "$1"
    return f"""
        with b as ({_board_step(how, board)} returning x.id, x.seq), {steps}
        select b.seq, 1 / ({written} = $4)::int as is_complete from b"""


# Each claim of a key also sweeps up to two expired ones, so that they never pile up.
EXPIRED = "at < now() - interval '24 hours'"


def sweep(but: str = "") -> str:
    """Write the deletion of two expired keys; ``but`` is a condition on ``o``."""
    return f"""delete from idempotency_keys where ctid = any(array(
        select o.ctid from idempotency_keys o where o.{EXPIRED} {but}
        order by o.at limit 2 for update skip locked))"""


# Whose plans are as good for several boards.
_SINGLE = {"insert one", "update one", "use", "put", "claim"}


def can_be_several(how: str, groups: tuple[Group, ...]) -> bool:
    """Return whether ``statement_for_several`` does as well."""
    return how == "count" and all(operation in _SINGLE for operation, _ in groups)


def statement_for_several(groups: tuple[Group, ...], guard: Guard, lists: Lists) -> str:
    """Write a guarded statement for several boards; ``b`` has the values of each, and its ``NUMBER``."""
    steps, written = _steps(groups, first := 5)
    guarded = lists.within(_unchanged(guard, first + len(groups)), "a")
    count = lists.within(_COUNT, "y")
    return f"""
        with y as materialized (select a.*, y.id from {lists.rows} a cross join {guarded}),
        b as (update boards x set seq = x.seq + {count}, task_number = {lists.within("$2", "y")} from y
            where x.id = y.id returning x.seq, y.*),
        {lists.within(steps, "b")}
        select b.{NUMBER}, b.seq, 1 / ({written} = (select sum({lists.within("$4", "b")}) from b))::int as is_complete from b"""


def _steps(groups: tuple[Group, ...], first: int) -> tuple[str, str]:
    """Write the steps that come after the board's, and how many rows these have written."""
    steps = [
        f"step{n} as ({_STEPS[operation](table, f'${first + n}')} returning 1)"
        for n, (operation, table) in enumerate(groups)
    ]
    names = [*(f"step{n}" for n in range(len(groups))), "recorded"]
    steps += [
        f"used{n} as ({_use_at_last(table, f'${first + n}')})"
        for n, (operation, table) in enumerate(groups)
        if operation == "delete" and kind_of(table).is_named
    ]
    steps += [f"swept as ({sweep()})"] if CLAIM_ANSWER in groups else []
    counts = " + ".join(f"(select count(*) from {name})" for name in names)
    return ", ".join([*steps, _EVENTS]), counts


def _unchanged(guard: Guard, first: int) -> str:
    """Write the guard, with its values from this parameter on."""
    sql, _ = _GUARDS[guard]
    return re.sub(r"\$([2-9])", lambda n: f"${first + int(n[1]) - 2}", sql)


_COUNT = "jsonb_array_length($3::jsonb)"
_EVENTS = f"""recorded as (
    insert into events (board_id, seq, type, actor_id, task_id, batch_id, payload, changes, at)
    select b.id, b.seq - {_COUNT} + e.ordinality, e.type, e.actor_id, e.task_id, e.batch_id,
        e.payload, e.changes, e.at
    from b, jsonb_populate_recordset(null::events, $3::jsonb) with ordinality e returning 1)"""


def _board_step(how: str, board: str) -> str:
    columns = kind_of("boards").columns
    if how == "count":
        return f"update boards x set seq = seq + {_COUNT}, task_number = $2 where id = {board}"
    source = "from jsonb_populate_record(null::boards, $5::jsonb) r"
    if how == "insert":
        names = ", ".join(columns)
        return f"""insert into boards as x ({names}, seq, task_number)
            select {names}, {_COUNT}, $2::int {source} where id = $1::uuid"""
    return f"""update boards x set {_assignments(columns)}, seq = x.seq + {_COUNT}, task_number = $2
        {source} where x.id = {board}"""


def _assignments(columns: tuple[str, ...]) -> str:
    return ", ".join(f"{name} = r.{name}" for name in columns if name != "id")


def _insert(table: str, parameter: str, function: str = "jsonb_populate_recordset") -> str:
    names = kind_of(table).columns
    return f"""insert into {table} ({", ".join(names)})
        select {", ".join(f"r.{name}" for name in names)}
        from b, {function}(null::{table}, {parameter}::jsonb) r"""


def _put(table: str, parameter: str) -> str:
    """Insert whole rows of a table that no log has."""
    return f"""insert into {table}
        select r.* from b, jsonb_populate_recordset(null::{table}, {parameter}::jsonb) r"""


def _update(table: str, parameter: str) -> str:
    ids = f"select (e ->> 'id')::uuid from jsonb_array_elements({parameter}::jsonb) e"
    return f"""update {table} x set {_assignments(kind_of(table).columns)}
        from b, jsonb_populate_recordset(null::{table}, {parameter}::jsonb) r
        where x.id = r.id and {among("x.id", ids)}"""


def _update_one(table: str, parameter: str) -> str:
    return f"""update {table} x set {_assignments(kind_of(table).columns)}
        from b, jsonb_populate_record(null::{table}, {parameter}::jsonb) r where x.id = r.id"""


def _delete(table: str, parameter: str) -> str:
    return f"delete from {table} x using b where x.id = any({parameter}::uuid[])"


def _use(table: str, parameter: str) -> str:
    return f"""insert into used_ids (id, kind, board_id)
        select used, '{kind_of(table).noun}', b.id from b, unnest({parameter}::uuid[]) used"""


def _use_at_last(table: str, parameter: str) -> str:
    """Know the id of what an older release has made beside us, when that goes."""
    return f"{_use(table, parameter)} on conflict do nothing"


def _keep(table: str, parameter: str) -> str:
    return f"""update {table} k set board_id = a.board_id, status = a.status, headers = a.headers,
        body = a.body from b, jsonb_populate_record(null::{table}, {parameter}::jsonb) a
        where k.user_id = a.user_id and k.key = a.key"""


def _claim(table: str, parameter: str) -> str:
    """Use a key up, with the answer; of one that is used the database refuses all."""
    return f"""insert into {table} (user_id, key, request_hash, at, board_id, status, headers, body)
        select a.user_id, a.key, a.request_hash, now(), a.board_id, a.status, a.headers, a.body
        from b, jsonb_populate_record(null::{table}, {parameter}::jsonb) a"""


_STEPS: dict[str, Callable[[str, str], str]] = {
    "put": _put,
    "insert": _insert,
    "insert one": partial(_insert, function="jsonb_populate_record"),
    "update": _update,
    "update one": _update_one,
    "delete": _delete,
    "use": _use,
    "keep": _keep,
    "claim": _claim,
}
KEEP_ANSWER: Group = ("keep", "idempotency_keys")
CLAIM_ANSWER: Group = ("claim", "idempotency_keys")
KEEP_ALONE = f"with b as (select 1) {_keep(KEEP_ANSWER[1], '$1')}"
