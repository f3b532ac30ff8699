"""How a board's log is read to be told: one statement for the events, one for names of today.

An event can be of megabytes (a column deleted with its tasks), so PostgreSQL gives only the rows
that words are made of, a digest of a description, and counts.
"""

from typing import Any, TypedDict

import asyncpg

import doska.features  # noqa: F401  # all kinds, and what can happen
from doska.activity.sentences import Names
from doska.boards.access import BOARD, Access, Judgement
from doska.boards.facts import Column, Description, Labels, People, Someone
from doska.boards.floors import KEPT, TRIMMED, no_longer_kept
from doska.boards.happenings import Logged, happenings
from doska.boards.kinds import Kind, kinds, on_board
from doska.identity.queries import user_view
from doska.postgres.database import fetch_row, json_of

BIGINT_MAX = 2**63 - 1


class Entry(TypedDict):
    """One event, what it takes back, and who did it."""

    logged: Logged
    undone: Logged | None
    at: str
    actor: dict[str, Any] | None
    task: dict[str, Any] | None


def _rows(x: str) -> str:
    """Write the SQL of an event's own rows: those of what it is about."""
    links = " || ".join(f'@.table == "{kind.table}"' for kind in kinds() if kind.is_link)
    nouns = [kind.noun for kind in on_board() if kind.is_named and kind.noun != "task"]
    things = ", ".join(f"{x}.payload #>> '{{{noun},id}}'" for noun in nouns)
    own = f"""jsonb_path_query_array({x}.changes, '$[*] ? (@.table == "boards"
        || @.table == "board_users" || @.id == $task || @.id == $thing
        || (({links}) && $links == true))', jsonb_build_object(
            'task', {x}.task_id, 'links', {x}.type <> 'task.deleted' and {x}.task_id is not null,
            'thing', coalesce({things})))"""
    return f"""(select coalesce(jsonb_agg(jsonb_build_object('table', r -> 'table',
        'before', {_brief("before")}, 'after', {_brief("after")}) order by n), '[]')
        from jsonb_array_elements({own}) with ordinality as own (r, n))"""


def _brief(side: str) -> str:
    """Write the SQL of a row without its long texts: their beginnings, or else a digest."""
    row = f"r -> '{side}'"
    short = " ".join(
        f"when '{kind.table}' then jsonb_strip_nulls(jsonb_build_object({_shortened(row, kind)}))"
        for kind in kinds()
        if kind.brief
    )
    return f"""case when {row} = 'null' then {row}
        else ({row}) || case r ->> 'table' {short} else '{{}}'::jsonb end end"""


def _shortened(row: str, kind: Kind) -> str:
    return ", ".join(
        f"'{name}', left({row} ->> '{name}', {chars})"
        if chars
        else f"'{name}', md5({row} ->> '{name}')"
        for name, chars in kind.brief.items()
    )


def _title_today(x: str) -> str:
    """Write the SQL of the title of an event's task where no row tells of the task."""
    nouns = ", ".join(f"'{kind.noun}'" for kind in kinds() if kind.is_apart)
    title = f"(select t.title from tasks t where t.id = {x}.task_id)"
    return (
        f"case when split_part({x}.type, '.', 1) in ({nouns}) then {title} end" if nouns else "null"
    )


def _user(x: str) -> str:
    """Write the SQL of whose account it is about."""
    return f"nullif(jsonb_build_object('id', {x}.payload #> '{{user,id}}'), '{{\"id\": null}}')"


def _logged(x: str) -> str:
    """Write the SQL of an event as ``Logged``."""
    tasks = f"{x}.payload -> 'tasks'"
    return f"""jsonb_build_object('seq', {x}.seq, 'type', {x}.type, 'actor_id', {x}.actor_id,
        'rows', {_rows(x)}, 'user', {_user(x)}, 'people', case when {x}.type = 'user.deleted' then {x}.payload -> 'people' end,
        'task_count', case when jsonb_typeof({tasks}) = 'array'
            then jsonb_array_length({tasks}) else 0 end,
        'to_column', {x}.payload #> '{{tasks,0,column_id}}', 'undone', {x}.payload -> 'undone',
        'task_title', {_title_today(x)})"""


_TASK = """(select json_build_object('id', t -> 'id', 'key', b.key || '-' || (t ->> 'number'),
        'title', t -> 'title')
    from (select coalesce(nullif(c -> 'after', 'null'), c -> 'before') as t from
        jsonb_path_query_first(e.changes, '$[*] ? (@.id == $id)',
            jsonb_build_object('id', e.task_id)) c where c is not null) shown)"""
# What leaves the task's version alone has no row of it.
_TASK_TODAY = """(select json_build_object('id', t.id, 'key', b.key || '-' || t.number,
        'title', t.title) from tasks t where t.id = e.task_id)"""


def _entry() -> str:
    return f"""json_build_object('logged', {_logged("e")}, 'at', e.at,
    'task', case when e.task_id is not null then coalesce({_TASK}, {_TASK_TODAY}) end,
    'actor', (select {user_view("x")} from users x where x.id = e.actor_id),
    'undone', case when un.seq is not null then {_logged("un")} end)"""


_BEFORE = "coalesce(:cursor::bigint, b.seq + 1)"
_AFTER = f"greatest(:after::bigint, {TRIMMED})"
_FITTING = f"e.board_id = b.id and e.seq < {_BEFORE} and e.seq > {_AFTER}"
_BY_ACTOR = "(:actor_id::uuid is null or e.actor_id = :actor_id)"
_NEWEST = "order by e.seq desc limit :limit::int + 1"  # one more, to know whether there are more

_OF_BOARD = f"select e.* from events e where {_FITTING} {_NEWEST}"
_OF_ACTOR = f"select e.* from events e where e.actor_id = :actor_id::uuid and {_FITTING} {_NEWEST}"


def _of_task() -> str:
    many = ", ".join(f"'{found.type}'" for found in happenings() if found.is_of_many)
    return f"""
    select e.* from (
        (select e.* from events e where e.task_id = :task_id and {_FITTING} and {_BY_ACTOR} {_NEWEST})
        union all
        (select e.* from touched_rows t join events e on e.board_id = t.board_id and e.seq = t.seq
            where t.board_id = b.id and t.row_id = :task_id and t.name = 'tasks'
            and t.seq < {_BEFORE} and t.seq > {_AFTER} and e.task_id is null and e.type in ({many})
            and {_BY_ACTOR} order by t.seq desc limit :limit::int + 1)) e
    {_NEWEST}"""


def _page(events: str) -> str:
    return f"""(select coalesce(json_agg({_entry()} order by e.seq desc), '[]')
        from ({events}) e left join events un on e.type = 'change.undone'
            and un.board_id = e.board_id and un.seq = (e.payload #>> '{{undone,seq}}')::bigint)"""


PAGE = Judgement(BOARD, oldest=KEPT, entries=lambda: _page(_OF_BOARD))
PAGE_OF_ACTOR = Judgement(BOARD, oldest=KEPT, entries=lambda: _page(_OF_ACTOR))
PAGE_OF_TASK = Judgement(BOARD, oldest=KEPT, entries=lambda: _page(_of_task()))

# What a column or a label was called at an event: what the first later one that gave it another title, or
# deleted it, found; an id can be taken again on another board.
_NAMES = """
    select (select json_object_agg(x.id, x.name) from users x
            where x.id = any($2::uuid[]) and x.deleted_at is null) as people,
        (select json_object_agg(c.id, c.title) from (
                select id, board_id, title from columns
                union all select id, board_id, title from labels) c
            where c.board_id = $1 and c.id = any($3::uuid[])) as titled,
        (select json_agg(json_build_array(r ->> 'id', n.seq, r #>> '{before,title}')
                order by n.seq)
            from (select distinct w.id, t.seq
                from unnest($3::uuid[], $4::bigint[]) as w (id, seq) cross join lateral (
                    select t.seq from touched_rows t
                    where t.board_id = $1 and t.row_id = w.id and t.seq > w.seq
                        and t.name in ('columns', 'labels') and (t.gained < 0 or 'title' = any(t.fields))
                    order by t.seq limit 1) t) n
            join events e on e.board_id = $1 and e.seq = n.seq
            cross join lateral jsonb_path_query(e.changes,
                '$[*] ? (@.table == "columns" || @.table == "labels")') r
            where r ->> 'id' = n.id::text and r -> 'before' <> 'null') as earlier"""


async def read(
    access: Access, limit: int, cursor: int | None, **filters: Any
) -> tuple[list[Entry], int]:
    """Read a page of events, the newest first, and one more if there is one; judged.

    The filters are ``after``, ``actor_id`` and ``task_id``; None is none. Beside the page stands
    the board's number. NoLongerKept where there would be a gap: after an event that was removed, or
    before the first one that was not.
    """
    page = PAGE_OF_TASK if filters["task_id"] else PAGE_OF_ACTOR if filters["actor_id"] else PAGE
    _, row = await page.ask(access, limit=limit, cursor=cursor, **filters)
    oldest = row["oldest"]
    since = [filters["after"], cursor and cursor - 2]  # before the cursor's event there was another
    if any(seq is not None and seq < oldest for seq in since):
        raise no_longer_kept(row["seq"], oldest)
    entries: list[Entry] = json_of(row["entries"])
    return entries, row["seq"]


async def names_in(board_id: str, descriptions: list[Description]) -> Names:
    """Find what people, columns and labels are called; nothing is asked where nobody is named."""
    values = [value for description in descriptions for value in description.values()]
    people = {value.id for value in values if isinstance(value, Someone)}
    people |= {person for value in values if isinstance(value, People) for person in value.ids}
    titled = [(value.id, value.seq) for value in values if isinstance(value, Column)]
    titled += [(x, value.seq) for value in values if isinstance(value, Labels) for x in value.ids]
    if not people and not titled:
        return Names({}, {})
    ids, seqs = [found for found, _ in titled], [seq for _, seq in titled]
    row = await fetch_row(_NAMES, board_id, sorted(people), ids, seqs)
    assert row is not None  # noqa: S101  # it has no table that could be empty
    return Names(json_of(row["people"]) or {}, _titles(row))


def _titles(row: asyncpg.Record) -> dict[str, list[tuple[int, str]]]:
    """Tell for each column and label up to which event it had which title."""
    titles: dict[str, list[tuple[int, str]]] = {}
    for column_id, seq, title in json_of(row["earlier"]) or []:
        titles.setdefault(column_id, []).append((seq, title))
    for column_id, title in (json_of(row["titled"]) or {}).items():
        titles.setdefault(column_id, []).append((BIGINT_MAX, title))
    return titles
