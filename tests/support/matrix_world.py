"""One world for the access matrix: people in every standing to one board, put back before use."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import count
from typing import Any

import asyncpg
import httpx

from api import Api, Json, Person
from attaching import attached, linked
from comments import a_comment, comment_at, reaction_at
from labels import a_label

ROLES = ("OBSERVER", "COMMENTER", "MEMBER", "MODERATOR", "CREATOR")
CALLERS = ("nobody", "stranger", *ROLES, "administrator", "disabled", "passer-by")

# Who a caller is, where that is not a person of the same name.
AS_PERSON = {"disabled": "CREATOR", "passer-by": "stranger"}
COUNTERS = {"login_failures"}
CLEAN_EVERY = 20
# What is special about the world while this caller asks.
PREPARE = {
    "disabled": "update users set is_active = false where username = 'CREATOR'",
    "passer-by": "update boards set is_public = true where title = 'Matrix'",
}


def an_id(number: int) -> str:
    return f"0198c0de-0000-7000-8000-{number:012d}"


# guest: an OBSERVER to act upon; deputy: a second MODERATOR; outsider: has a board of their own.
PEOPLE = (*ROLES, "stranger", "administrator", "guest", "deputy", "outsider")
IDS = {
    "board_id": an_id(20),
    "column_id": an_id(21),
    "second_column": an_id(22),
    "task_id": an_id(23),
    "subtask_id": an_id(25),
    "foreign_column": an_id(31),
    "foreign_task": an_id(33),
    "foreign_subtask": an_id(35),
    "label_id": an_id(27),
    "second_label": an_id(28),
    "foreign_label": an_id(37),
    "attachment_id": an_id(29),
    "foreign_attachment": an_id(39),
    "others_comment": an_id(60),
    "foreign_comment": an_id(61),
}
OWN_COMMENTS = {  # of those who may comment; the others have none
    name: an_id(50 + number) for number, name in enumerate((*ROLES[1:], "administrator"))
}


Tokens = dict[str, Json]  # access tokens by what they are for


@dataclass
class World:
    """The people, and a copy of all rows as they were when the world was new."""

    api: Api
    saved: asyncpg.Connection
    tables: list[str]
    people: dict[str, Person]
    cookies: dict[str, dict[str, str]]
    sessions: dict[str, str]
    tokens: dict[str, Tokens]
    links: dict[str, str]
    fingerprints: dict[str, str] = field(default_factory=dict)  # of the world as it is prepared
    times: Iterator[int] = field(default_factory=count)  # that it was put back
    untouched: str | None = None  # as what it is prepared, if it is known to be so still

    async def restore(self, caller: str) -> Person:
        """Put all rows back, prepare the world for this caller, and give the caller."""
        prepared = PREPARE.get(caller, "")
        if self.untouched != prepared:
            await self.saved.execute(putting_back(self.tables, next(self.times)) + prepared)
        self.untouched = None
        if prepared not in self.fingerprints:
            self.fingerprints[prepared] = await fingerprint(self.saved, self.tables)
        name = AS_PERSON.get(caller, caller)
        person = self.people[name]
        person.client.cookies = httpx.Cookies(self.cookies[name])
        return person

    def ids(self, caller: str) -> dict[str, str]:
        """Name everything that a request can name; nobody asks as the guest would."""
        me = "guest" if caller == "nobody" else AS_PERSON.get(caller, caller)
        sessions = {"session_id": self.sessions[me], "foreign_session": self.sessions["outsider"]}
        tokens = {"token_id": self._token(me), "foreign_token": self._token("outsider")}
        people = {name: self.people[name].id for name in PEOPLE}
        oneself = {"me": people[me], "my_name": me}
        return {
            **IDS,
            **self.links,
            **people,
            "user_id": people["guest"],
            **sessions,
            **tokens,
            **oneself,
            "comment_id": OWN_COMMENTS.get(me, IDS["others_comment"]),
        }

    async def is_changed(self, caller: str) -> bool:
        """Tell whether rows are not as put back for this caller; else they may be left so."""
        prepared, found = PREPARE.get(caller, ""), await fingerprint(self.saved, self.tables)
        if found != self.fingerprints[prepared]:
            return True
        counted = " union all ".join(f"select from {table}" for table in COUNTERS)
        if not await self.saved.fetchval(f"select exists({counted})"):
            self.untouched = prepared
        return False

    def _token(self, name: str) -> str:
        return str(self.tokens[name]["write"]["id"])


async def build_world(api: Api, connection: asyncpg.Connection) -> World:
    """Make the people and boards through HTTP, and keep a copy of every row."""
    people = {name: await api.user(name) for name in PEOPLE}
    cookies = {name: dict(person.client.cookies) for name, person in people.items()}
    sessions = {name: await _session(person) for name, person in people.items()}
    await connection.execute("update users set is_admin = true where username = 'administrator'")
    tokens = {name: await _tokens(name, person) for name, person in people.items()}
    await _fill_board(people)
    await _comment(people)
    await _fill_foreign_board(people["outsider"])
    links = await _links(people)
    tables = await tables_of(connection)
    for table in tables:
        await connection.execute(f"create temp table new_{table} as table {table}")
    await connection.execute("set session_replication_role = replica")
    nobody = {"nobody": api.nobody()}
    return World(
        api, connection, tables, people | nobody, cookies | {"nobody": {}}, sessions, tokens, links
    )


async def tables_of(connection: asyncpg.Connection) -> list[str]:
    """List all tables but that of the migrations."""
    sql = "select tablename from pg_tables where schemaname = 'public' and tablename <> 'aerich'"
    return [row["tablename"] for row in await connection.fetch(sql)]


def putting_back(tables: list[str], times: int) -> str:
    """Give the script that puts all rows back; in every 20th time the clean way.

    For nothing vacuums here: what is deleted is still read over.
    """
    emptied = "".join(f"delete from {table};" for table in tables)
    if times % CLEAN_EVERY == CLEAN_EVERY - 1:
        emptied = f"truncate {', '.join(tables)};"
    return emptied + "".join(f"insert into {table} table new_{table};" for table in tables)


async def fingerprint(connection: asyncpg.Connection, tables: list[str]) -> str:
    """Give one number for all rows of these tables: it differs when any row does.

    But not by when an access token was last used, which is noted at any time, nor by what counts
    refusals.
    """
    row = "md5((to_jsonb(x) - 'last_used_at')::text)"
    each = ", ".join(
        f"(select string_agg({row}, ' ' order by {row}) from {table} x)"
        for table in tables
        if table not in COUNTERS
    )
    return str(await connection.fetchval(f"select md5(concat_ws('|', {each}))"))


async def _session(person: Person) -> str:
    return str((await person.items("/auth/sessions"))[0]["id"])


async def _tokens(name: str, person: Person) -> Tokens:
    """Make tokens of all scopes that somebody can have, each for all boards and for the own one."""
    (home,) = [board["id"] for board in (await person.items("/boards")) if board["role"]]
    scopes = ("read", "write", "admin") if name == "administrator" else ("read", "write")
    made = {}
    for scope in scopes:
        made[scope] = (await person.post("/auth/tokens", name=scope, scope=scope)).json()
        body = {"name": scope, "scope": scope, "board_ids": [home]}
        made[f"{scope} at home"] = (await person.post("/auth/tokens", **body)).json()
    return made


async def _links(people: dict[str, Person]) -> dict[str, str]:
    """Make a link of each kind; the CREATOR invites, also to a role that a MODERATOR has not to give."""
    inviting = f"/boards/{IDS['board_id']}/invitations"
    low, high = [
        (await people["CREATOR"].post(inviting, role=role)).json()
        for role in ("MEMBER", "MODERATOR")
    ]
    link = await people["administrator"].post(f"/users/{people['guest'].id}/password-link")
    file = await attached(people["CREATOR"], {"id": IDS["task_id"]})
    begun = await people["CREATOR"].send("POST", "/imports", content=b"no board")
    return {
        "file_id": file["id"],
        "import_id": begun.json()["id"],
        "invitation_id": low["id"],
        "high_invitation": high["id"],
        "invitation_token": low["url"].partition("#")[2],
        "password_token": link.json()["url"].partition("#")[2],
    }


async def _fill_board(people: dict[str, Person]) -> None:
    creator = people["CREATOR"]
    board = await creator.board("Matrix", id=IDS["board_id"])
    roles = {role: role for role in ROLES if role != "CREATOR"}
    for name, role in {**roles, "guest": "OBSERVER", "deputy": "MODERATOR"}.items():
        await creator.invite(board, people[name], role)
    column = await creator.column(board, id=IDS["column_id"])
    await creator.column(board, id=IDS["second_column"])
    await _fill_column(creator, column, 23, assignee_ids=[people["deputy"].id])
    await a_label(creator, board, "Bug", id=IDS["label_id"])
    await a_label(creator, board, "Idea", id=IDS["second_label"])
    await creator.put(f"/tasks/{IDS['task_id']}/labels/{IDS['second_label']}")
    await linked(creator, {"id": IDS["task_id"]}, id=IDS["attachment_id"])


async def _comment(people: dict[str, Person]) -> None:
    """Let everybody who may comment on the task, and react to their own comment."""
    task = {"id": IDS["task_id"]}
    deputy = people["deputy"]
    await a_comment(deputy, task, id=IDS["others_comment"])
    await deputy.patch(comment_at(await a_comment(deputy, task)), body="Looks better")
    for name, comment_id in OWN_COMMENTS.items():
        comment = await a_comment(people[name], task, id=comment_id)
        await people[name].put(reaction_at(comment))


async def _fill_foreign_board(outsider: Person) -> None:
    board = await outsider.board()
    column = await outsider.column(board, id=IDS["foreign_column"])
    await _fill_column(outsider, column, 33)
    await a_label(outsider, board, id=IDS["foreign_label"])
    await linked(outsider, {"id": IDS["foreign_task"]}, id=IDS["foreign_attachment"])
    await a_comment(outsider, {"id": an_id(33)}, id=IDS["foreign_comment"])


async def _fill_column(person: Person, column: Json, number: int, **fields: Any) -> None:
    """Make two tasks and two subtasks, so that each first one has somewhere to go."""
    task = await person.task(column, id=an_id(number), **fields)
    await person.task(column, id=an_id(number + 1))
    await person.subtask(task, id=an_id(number + 2))
    await person.subtask(task, id=an_id(number + 3))
