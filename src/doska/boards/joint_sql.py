"""The statement that judges all who act on a board together, and reads a World for what they do."""

from collections.abc import Iterable, Sequence
from typing import Any

from doska.boards import loading
from doska.boards.access import REACHED
from doska.boards.callers import COLUMNS, LISTS, caller_values, of_callers
from doska.boards.following import following
from doska.boards.kinds import Kind, children_of
from doska.boards.operations import named, operations
from doska.boards.pieces import Piece, pieces_of
from doska.identity.access import ASKING, USER, Caller
from doska.postgres.database import among, json_of, numbered

_TOLD = {
    "is_admin": "u.is_admin",
    "is_admin_of_boards": "u.is_admin_of_boards",
    "scope": "s.scope",
    **REACHED,
}
_JUDGED = ", ".join(f"'{name}', {sql}" for name, sql in _TOLD.items())
# Of each caller by their place among them; who is not signed in has none.
_CALLERS = f"""(select coalesce(json_object_agg(k.n, json_build_object({_JUDGED})), '{{}}')
    from unnest({LISTS}) with ordinality k({COLUMNS}, n)
    cross join sessions s cross join {USER}
    left join board_users m on m.board_id = b.id and m.user_id = u.id
    where {of_callers(ASKING)})"""

_ACTING = "select unnest(:caller_ids::uuid[])"
_BESIDE = """select y.* from near w cross join lateral (
    select y.column_id, y.rank, y.id from tasks y
    where y.column_id = w.column_id and y.rank {} w.rank order by y.rank {} limit :width::int) y"""
# As they are when this is read: what comes to be so afterwards, a World says that it does not know.
_COLUMNS_ENDED = """select c.id from columns c where c.board_id = b.id and (
        c.id = any(:ended_ids::uuid[]) or c.status = any(:statuses::text[])
        or c.id = any(array(select w.column_id from wanted w where w.id = any(:moved_ids::uuid[]))))
    """
_ENDED = f"""select y.* from ({_COLUMNS_ENDED}) c cross join lateral (
        select y.column_id, y.rank, y.id from tasks y
        where y.column_id = c.id and y.rank is not null order by y.rank {{}} limit :width::int) y"""
# So many on each side that it still shows what is next when all others have moved away.
_PLACES = f"""(
    select w.column_id, w.rank, w.id from wanted w where w.rank is not null
    union select w.column_id, w.rank, w.id from near w where w.rank is not null
    union {_BESIDE.format("<", "desc")} union {_BESIDE.format(">", "")}
    union {_ENDED.format("desc")} union {_ENDED.format("")}) x"""
_STANDING = """(select coalesce(json_object_agg(c.id, (
        select count(y.rank) from tasks y where y.column_id = c.id)), '{}')
    from columns c where c.board_id = b.id and c.limit_is_hard and c.task_limit is not null)"""


def _linked() -> list[tuple[Kind, str]]:
    """Give the kinds of what only links tasks with something: read, however little is."""
    return [(kind, parent.column) for kind, parent in children_of("tasks") if kind.is_link]


def _drawn() -> list[Piece]:
    """Give the pieces that are drawn from other kinds."""
    linked = {kind.table for kind, _ in _linked()}
    return [piece for piece in pieces_of("tasks") if piece.source not in linked]


def _rows_of_linked() -> str:
    found = [f"'tasks', {loading.listed('x', 'wanted x')}"]
    for kind, column in _linked():
        ids = among(f"x.{column}", "select id from wanted")
        found.append(f"'{kind.table}', {loading.listed('x', f'{kind.table} x where {ids}')}")
    return ", ".join(found)


def _pieces() -> str:
    """Write the SQL of pieces by their names and the ids of tasks."""
    which = among("{key}", "select id from wanted")
    found = (
        f"""'{piece.name}', (select coalesce(json_object_agg(z.id, z.drawn::json), '{{}}')
            from ({piece.of_all(which)}) z)"""
        for piece in _drawn()
    )
    return f"json_build_object({', '.join(found)})"


def _world(*, is_whole: bool) -> str:
    near = loading.listed("x", "near x")
    more = (
        f"""'rows', json_build_object({loading.whole()},
                {loading.of_wanted("select unnest(:doomed_ids::uuid[])")}),
            'around', json_build_object('tasks', {near}, {loading.around()})"""
        if is_whole
        else f"""'rows', json_build_object({loading.whole()}, {_rows_of_linked()}),
            'around', json_build_object('tasks', {near}), 'pieces', {_pieces()}"""
    )
    return f"""with wanted as materialized ({loading.wanted()}),
        near as materialized (select w.id, w.board_id, w.column_id, w.rank
            from tasks w where w.board_id = b.id and w.id = any(:near_ids::uuid[]))
        select json_build_object({loading.always()}, {more},
        'places', {loading.listed(loading.PLACE, _PLACES)},
        'ended', {loading.listed("c.id", f"({_COLUMNS_ENDED}) c")},
        'hidden', {_STANDING},
        'people', {loading.people(loading.PEOPLE)},
        'authors', {loading.people(loading.authors(_ACTING))})"""


def _world_of_tasks() -> str:
    """Write what is enough where only tasks are named, and none of them is placed."""
    return f"""with wanted as materialized (select t.* from tasks t
            where t.board_id = b.id and t.id = any(:task_ids::uuid[]))
        select json_build_object('taken', '[]'::json, 'total', null,
        'ended', '[]'::json, 'hidden', '{{}}'::json,
        'rows', json_build_object({loading.whole()}, {_rows_of_linked()}),
        'around', '{{}}'::json, 'pieces', {_pieces()},
        'places', {loading.listed(loading.PLACE, "wanted x where x.rank is not null")},
        'people', {loading.people(loading.ASSIGNED_PEOPLE)},
        'authors', {loading.people(loading.authors_of_tasks(_ACTING))})"""


@following()
def _statement(*, is_whole: bool, is_of_tasks: bool) -> tuple[str, tuple[str, ...]]:
    """Write it; ``is_whole`` reads also what hangs on tasks, and not only how it is shown there."""
    world = _world_of_tasks() if is_of_tasks else _world(is_whole=is_whole)
    return numbered(f"""
        select to_jsonb(b) as board, {_CALLERS} as callers, ({world}) as world
        from boards b where b.id = :board_id""")


def reading(
    board_id: str, callers: Iterable[Caller], likes: Sequence[Any], tasks_max: int
) -> tuple[str, list[Any]]:
    """Give the statement and its values, for these callers and operations."""
    touched = named(likes)
    values: dict[str, Any] = {
        **touched,
        **caller_values(callers),
        "board_id": board_id,
        "tasks_max": tasks_max,
        "width": len(likes) + 1,
    }
    is_whole = bool(touched["doomed_ids"]) or _needs_rows(likes)
    is_of_tasks = not is_whole and _are_of_tasks(likes, touched)
    sql, names = _statement(is_whole=is_whole, is_of_tasks=is_of_tasks)
    return sql, [values[name] for name in names]


def read(row: Any) -> dict[str, Any]:
    """Give what a World is made of; and how many stand in columns beside what was read."""
    found: dict[str, Any] = json_of(row["world"])
    known: dict[str, int] = {}
    for column_id, _, _ in found["places"]:
        known[column_id] = known.get(column_id, 0) + 1
    hidden = {column_id: n - known.get(column_id, 0) for column_id, n in found["hidden"].items()}
    known_of = {"ended": set(found["ended"]), "counted": set(hidden)}
    return {**found, **known_of, "hidden": hidden, "counts": {}, "texts": {}, "measured": {}}


def _are_of_tasks(likes: Sequence[Any], touched: dict[str, list[str]]) -> bool:
    """Tell whether nothing is named but tasks, with what is read of the whole board."""
    is_only = not any(ids for name, ids in touched.items() if name != "task_ids")
    return is_only and all(_table(like) == "tasks" for like in likes)


def _needs_rows(likes: Sequence[Any]) -> bool:
    """Tell whether pieces may change, or show people, whom the world has to know."""
    drawn = _drawn()
    changed = {_table(like) for like in likes}
    return any(piece.face_of or piece.source in changed for piece in drawn)


def _table(like: Any) -> str | None:
    kind = operations()[like.op]
    about = kind.on or kind.creates
    return about.table if about else None
