"""The data: the owner registered through the API, boards as people make them filled by SQL."""

from dataclasses import dataclass
from http.client import HTTPConnection
from typing import Any

import asyncpg
from pydantic_core import from_json, to_json

from doska.ordering import spread

COLUMNS = {"Ideas": None, "To do": "TODO", "Doing": "IN_PROGRESS", "Review": None, "Done": "DONE"}
TASKS, SUBTASKS = 500, 3  # of a board, of a task
BOARDS = 50
LARGE_TASKS = 10_000
OTHER_BOARDS, OTHER_TASKS, OTHER_USERS, AT_ONCE = 10_000, 100, 300, 100
PASSWORD = "horse battery 9"  # noqa: S105  # of everybody
PEOPLE = ("anna", "boris", "clara", "dmitri", "elena", "farid")

UUID7 = """
    create function pg_temp.uuid7() returns uuid language sql as $$
        select encode(set_bit(set_bit(overlay(uuid_send(gen_random_uuid()) placing substring(
            int8send((extract(epoch from clock_timestamp()) * 1000)::bigint) from 3)
            from 1 for 6), 52, 1), 53, 1), 'hex')::uuid $$"""
USERS_MADE = """
    insert into users (id, username, name, email, password_hash, avatar_url, created_at)
    select pg_temp.uuid7(), 'other' || n, 'Other ' || n, 'other' || n || '@example.com', '',
           '/users/other/avatar.svg', now()
    from generate_series(1, $1::int) n returning id"""
BOARDS_MADE = """
    insert into boards (id, title, description, key, task_number, created_at)
    select pg_temp.uuid7(), 'Board ' || n, 'What we ship this month', 'WEB', $2::int, now()
    from generate_series(1, $1::int) n returning id"""
PEOPLE_MADE = """
    insert into board_users (id, board_id, user_id, role, joined_at)
    select pg_temp.uuid7(), b, p.id, case p.n when 1 then 'CREATOR' else 'MEMBER' end, now()
    from unnest($1::uuid[]) b cross join unnest($2::uuid[]) with ordinality p(id, n)"""
COLUMNS_MADE = """
    insert into columns (id, board_id, title, status, rank)
    select pg_temp.uuid7(), b, c.title, c.status, c.rank
    from unnest($1::uuid[]) b cross join unnest($2::text[], $3::text[], $4::text[])
        c(title, status, rank)"""
TASKS_MADE = """
    insert into tasks (id, board_id, column_id, number, title, description, rank, priority, status,
                       author_id, created_at, updated_at, completed_at)
    select pg_temp.uuid7(), c.board_id, c.id, (c.place - 1) * cardinality($2::text[]) + r.n,
           'Task ' || r.n || ' of ' || c.title,
           left(repeat('What is to be done, why, and how one sees that it is. ', 3), 100), r.rank,
           (array['LOW', 'MEDIUM', 'HIGH'])[r.n % 3 + 1], coalesce(c.status, 'TODO'), $3::uuid,
           now(), now(), case c.status when 'DONE' then now() end
    from (select *, row_number() over (partition by board_id order by rank) as place
          from columns where board_id = any($1::uuid[])) c
    cross join unnest($2::text[]) with ordinality r(rank, n)"""
ASSIGNEES_MADE = """
    insert into task_assignees (id, task_id, user_id, board_id)
    select pg_temp.uuid7(), t.id, p.id, t.board_id
    from tasks t cross join unnest($2::uuid[]) with ordinality p(id, n)
    where t.board_id = any($1::uuid[]) and (t.number + p.n) % 4 = 0"""
SUBTASKS_MADE = """
    insert into subtasks (id, task_id, board_id, title, is_completed, rank)
    select pg_temp.uuid7(), t.id, t.board_id, 'Step ' || r.n, r.n = 1, r.rank
    from tasks t cross join unnest($2::text[]) with ordinality r(rank, n)
    where t.board_id = any($1::uuid[])"""


LABELS_MADE = """
    insert into labels (id, board_id, title, color, rank)
    select pg_temp.uuid7(), $1, 'Label ' || n, '#2f80ed', r.rank
    from unnest($2::text[]) with ordinality r(rank, n)"""
LABELLED = """
    insert into task_labels (id, board_id, task_id, label_id)
    select pg_temp.uuid7(), t.board_id, t.id, l.id
    from tasks t join (select *, row_number() over (order by rank) as n from labels
                       where board_id = $1) l on (t.number + l.n) % 5 = 0
    where t.board_id = $1"""
COMMENTS_MADE = """
    insert into comments (id, board_id, task_id, author_id, body, created_at)
    select pg_temp.uuid7(), t.board_id, t.id, $3::uuid, 'What was said about it, and by whom.', now()
    from tasks t cross join generate_series(1, $2::int) n where t.board_id = $1"""
LINKS_MADE = """
    insert into attachments (id, board_id, task_id, url, title, author_id, created_at)
    select pg_temp.uuid7(), t.board_id, t.id, 'https://example.com/', 'A page', $2::uuid, now()
    from tasks t where t.board_id = $1"""
LABELS, COMMENTS_OF_EACH, COMMENTS_OF_DISCUSSED = 10, 3, 20  # two labels a task


@dataclass(frozen=True)
class Owner:
    """Whose boards they are, signed in."""

    user_id: str
    cookie: str


@dataclass(frozen=True)
class Board:
    """A board, its columns, and its tasks."""

    id: str
    columns: list[str]
    tasks: list[str]


@dataclass(frozen=True)
class Scene:
    """All that the measurements need to know.

    Boards to write to, one that is only read, one that is followed live, one with a long past, one
    whose tasks have labels, comments and links, one with ten thousand comments, and a large one.
    """

    owner: Owner
    boards: list[Board]
    quiet: Board
    watched: Board
    aged: Board
    decorated: Board
    discussed: Board
    large: Board


def register(port: int) -> Owner:
    """Register some people through the API; the first owns the boards."""
    return register_all(port)[0]


def register_all(port: int) -> list[Owner]:
    """Register them, and know each."""
    return [register_one(port, name) for name in PEOPLE]


def register_one(port: int, name: str) -> Owner:
    """Register somebody through the API."""
    person = {"username": name, "email": f"{name}@example.com", "password": PASSWORD}
    connection = HTTPConnection("127.0.0.1", port, timeout=10)
    connection.request("POST", "/users", to_json(person), {"content-type": "application/json"})
    response = connection.getresponse()
    account = from_json(response.read())
    if response.status != 201:
        raise RuntimeError(f"{name} could not register: {account}")
    return Owner(account["id"], (response.getheader("set-cookie") or "").partition(";")[0])


async def fill(db: asyncpg.Connection, owner: Owner) -> Scene:
    """Make the boards that are measured."""
    await db.execute(UUID7)
    others = await db.fetch("select id from users where id <> $1 order by id", owner.user_id)
    people = [owner.user_id, *(record[0] for record in others)]
    usual = await _make(db, BOARDS + 5, TASKS, people)
    decorated, discussed = usual[-2:]
    await db.execute(LABELS_MADE, decorated, spread(LABELS))
    await db.execute(LABELLED, decorated)
    await db.execute(LINKS_MADE, decorated, people[0])
    await db.execute(COMMENTS_MADE, decorated, COMMENTS_OF_EACH, people[0])
    await db.execute(COMMENTS_MADE, discussed, COMMENTS_OF_DISCUSSED, people[0])
    (large,) = await _make(db, 1, LARGE_TASKS, people)
    await db.execute("vacuum (analyze)")
    boards = [await _board(db, board_id) for board_id in (*usual, large)]
    return Scene(owner, boards[:BOARDS], *boards[BOARDS:])


async def fill_one(db: asyncpg.Connection, owner: Owner, tasks: int) -> Board:
    """Make a single board of that size, of all people that there are."""
    (made,) = await fill_boards(db, owner, 1, tasks)
    return made


async def fill_boards(db: asyncpg.Connection, owner: Owner, count: int, tasks: int) -> list[Board]:
    """Make boards of that size, of all people that there are."""
    await db.execute(UUID7)
    others = await db.fetch("select id from users where id <> $1 order by id", owner.user_id)
    made = await _make(db, count, tasks, [owner.user_id, *(record[0] for record in others)])
    await db.execute("vacuum (analyze)")
    return [await _board(db, board_id) for board_id in made]


async def fill_others(db: asyncpg.Connection) -> None:
    """Make a million tasks of other people on ten thousand boards."""
    await db.execute(UUID7)
    await db.execute("set session_replication_role = replica")  # no look at each foreign key
    users = [record[0] for record in await db.fetch(USERS_MADE, OTHER_USERS)]
    for first in range(0, OTHER_BOARDS, AT_ONCE):
        start = first // AT_ONCE * 3 % OTHER_USERS
        await _make(db, AT_ONCE, OTHER_TASKS, users[start : start + 3])
    await db.execute("set session_replication_role = origin")
    await db.execute("vacuum (analyze)")


async def _make(db: asyncpg.Connection, count: int, tasks: int, people: list[Any]) -> list[Any]:
    """Make boards with everything on them."""
    ranks = spread(tasks // len(COLUMNS))
    async with db.transaction():
        boards = [record[0] for record in await db.fetch(BOARDS_MADE, count, tasks)]
        await db.execute(PEOPLE_MADE, boards, people)
        columns = [list(COLUMNS), list(COLUMNS.values()), spread(len(COLUMNS))]
        await db.execute(COLUMNS_MADE, boards, *columns)
        await db.execute(TASKS_MADE, boards, ranks, people[0])
        await db.execute(ASSIGNEES_MADE, boards, people)
        await db.execute(await _fitting(db, SUBTASKS_MADE), boards, spread(SUBTASKS))
    return boards


async def _fitting(db: asyncpg.Connection, sql: str) -> str:
    """Leave out what older builds' subtasks have no column for."""
    has_board = await db.fetchval("""select exists (select from information_schema.columns
        where table_name = 'subtasks' and column_name = 'board_id')""")
    return sql if has_board else sql.replace("board_id, title", "title").replace("t.board_id, ", "")


async def _board(db: asyncpg.Connection, board_id: Any) -> Board:
    columns = await db.fetch("select id from columns where board_id = $1 order by rank", board_id)
    tasks = await db.fetch("select id from tasks where board_id = $1 order by number", board_id)
    return Board(str(board_id), [str(r[0]) for r in columns], [str(r[0]) for r in tasks])


async def clean(db: asyncpg.Connection) -> None:
    """Remove what the measurements of creating have made, so that each begins alike."""
    await db.execute("""
        delete from tasks t using boards b where b.id = t.board_id and b.key = 'WEB'
        and not exists (select from subtasks k where k.task_id = t.id)""")
