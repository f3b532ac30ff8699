"""Which operations leave which lines of audit, and how a test reads them."""

import io
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import asyncpg

from api import Api, Json, Person
from logs import audit_of, forget
from people import promote

# What each operation leaves when it succeeds on the scene of operations.py, in the order of the
# lines, by board. Those that are not here leave none.
LEFT = {
    "log_in": ["sign_in"],
    "register": ["registered"],
    "log_out": ["session.ended"],
    "end_session": ["session.ended"],
    "change_password": ["password.changed"],
    "create_password_link": ["password_link.made"],
    "reset_password": ["password.reset"],
    "create_token": ["token.made"],
    "end_token": ["token.ended"],
    "replace_user": ["account.changed"],
    "update_user": ["account.changed"],
    # Afterwards the board of their own goes; the shared one passes to the member.
    "delete_user": ["account.deleted", "board.deleted", "board.handed_over", "member.removed"],
    "add_person": ["member.added"],
    "set_role": ["role.changed"],
    "remove_person": ["member.removed"],
    "create_invitation": ["invitation.made"],
    "withdraw_invitation": ["invitation.withdrawn"],
    "accept_invitation": ["member.added", "invitation.accepted"],
    "delete_board": ["board.deleted"],
}

# Where a new operation that writes must be said to leave a line, or not to.
CLASSIFIED = (
    "/auth", "/users", "/boards/{board_id}/users", "/boards/{board_id}/invitations", "/invitations"
)  # fmt: skip
NONE_LEFT = {"open_invitation"}  # such operations that leave none: it changes nothing

ALWAYS = ("event", "outcome", "request_id", "source", "timestamp", "user", "session")
NOT_SIGNED_IN = {"reset_password"}  # there is no sign-in to name

FAILING_AT_COMMIT = """
    create function fail() returns trigger language plpgsql as
        $$ begin raise exception 'not at all'; end $$;
    create constraint trigger failing after insert or update or delete on {table}
        initially deferred for each row execute function fail()"""

Logged = tuple[Api, io.BytesIO]


async def left_by(written: io.BytesIO, deed: Callable[[], Awaitable[object]]) -> list[Json]:
    """Do something, and give the lines of audit that it has left."""
    forget(written)
    await deed()
    return audit_of(written)


def events(lines: list[Json]) -> list[str]:
    return [line["event"] for line in lines]


def by_board(lines: list[Json]) -> list[str]:
    """Give their events, those of each board together: boards follow an account in any order."""
    groups: dict[str | None, list[str]] = {}
    for line in lines:
        groups.setdefault(line.get("board"), []).append(line["event"])
    return [event for group in sorted(groups.values()) for event in group]


def only(lines: list[Json]) -> Json:
    (line,) = lines
    return line


def told(lines: list[Json], *names: str) -> list[list[Any]]:
    """Give these members of each line, after its event."""
    return [[line.get(name) for name in ("event", *names)] for line in lines]


@asynccontextmanager
async def failing_at_commit(db: asyncpg.Connection, table: str) -> AsyncIterator[None]:
    """Let every transaction that changes a table fail, at the very end."""
    await db.execute(FAILING_AT_COMMIT.format(table=table))
    try:
        yield
    finally:
        await db.execute("drop function fail() cascade")


@dataclass
class Team:
    """Anna's board, with boris as a MEMBER; clara is an administrator and not on it."""

    anna: Person
    boris: Person
    clara: Person
    board: Json

    @property
    def path(self) -> str:
        return f"/boards/{self.board['id']}"

    def place(self, person: Person) -> str:
        return f"{self.path}/users/{person.id}"


async def team_of(logged: Logged, db: asyncpg.Connection) -> Team:
    """Set a team up; the log is empty then."""
    api, written = logged
    anna, boris = await api.user("anna"), await api.user("boris")
    clara = await promote(db, await api.user("clara"))
    board = await anna.board()
    await anna.invite(board, boris)
    forget(written)
    return Team(anna, boris, clara, board)
