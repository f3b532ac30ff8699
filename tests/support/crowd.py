"""Two boards that know nothing of each other, and all who have no business with the second."""

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from itertools import count

import asyncpg
import httpx

from api import Api, Json, Person
from batches import Look, look
from conftest import emptied
from foreign import CANARY
from matrix_world import fingerprint, putting_back, tables_of
from operations import Scene, scene
from people import token_of, with_cookie
from tokens import script_of

OUTSIDERS = ("nobody", "stranger", "removed", "left", "disabled", "signed out", "limited", "ended")


@dataclass
class Crowd:
    """The boards, by their scenes, and the outsiders of the second; all rows are watched."""

    own: Scene
    foreign: Scene
    outsiders: dict[str, Person]
    db: asyncpg.Connection
    tables: list[str]
    times: Iterator[int] = field(default_factory=count)  # that they were put back

    async def save(self) -> None:
        """Keep a copy of every row."""
        for table in self.tables:
            await self.db.execute(f"drop table if exists pg_temp.new_{table}")
            await self.db.execute(f"create temp table new_{table} as table {table}")
        await self.db.execute("set session_replication_role = replica")

    async def restore(self) -> None:
        """Put every row back as it was when it was saved."""
        await self.db.execute(putting_back(self.tables, next(self.times)))

    async def foreign_rows(self) -> Look:
        """Give all rows and events of the second board."""
        return await look(self.db, self.foreign.ids["board_id"])

    def shown(self, answer: httpx.Response) -> str:
        """Give all that an answer tells, but for the name that everybody may know."""
        told = f"{answer.text} {dict(answer.headers)}"
        return told.replace(str((self.foreign.owner.me or {})["username"]), "")

    async def rows(self) -> str:
        """Give a digest of all rows of all tables, but not of when a token was last used."""
        return await fingerprint(self.db, self.tables)


@asynccontextmanager
async def two_boards(api: Api, url: str) -> AsyncIterator[Crowd]:
    """Make two boards, and keep a copy of them; all is swept away afterwards."""
    db = await asyncpg.connect(url)
    own, foreign = await scene(api, "own"), await scene(api, CANARY)
    made = Crowd(own, foreign, {}, db, await tables_of(db))
    await made.save()
    yield made
    await emptied(db)
    await db.close()


@asynccontextmanager
async def crowd(api: Api, url: str) -> AsyncIterator[Crowd]:
    """Make them with a long story on the second, and with those who have nothing to do with it."""
    async with two_boards(api, url) as made:
        await tell_a_story(made.foreign)
        made.outsiders = await _outsiders(api, made)
        yield made


async def tell_a_story(foreign: Scene) -> None:
    """Plant the word in what is archived, deleted, undone, was so once, and answers to a key."""
    owner, ids = foreign.owner, foreign.ids
    column: Json = {"id": ids["column_id"]}
    gone, kept = [await owner.task(column, f"{CANARY} {n}", description=CANARY) for n in (1, 2)]
    await owner.subtask(kept, f"{CANARY} kept")
    await owner.patch(f"/tasks/{kept['id']}", is_archived=True)
    await owner.delete(f"/tasks/{gone['id']}")
    await owner.patch(f"/boards/{ids['board_id']}", description=f"{CANARY} twice")
    board = await owner.read(f"/boards/{ids['board_id']}")
    await owner.post(f"/boards/{ids['board_id']}/undo", seq=board["seq"])
    headers = {"idempotency-key": "the key of all"}
    await owner.send("PATCH", f"/tasks/{kept['id']}", json={"title": CANARY}, headers=headers)


async def _outsiders(api: Api, made: Crowd) -> dict[str, Person]:
    """Make everybody who may not, or may no longer, see the second board."""
    foreign, board = made.foreign, {"id": made.foreign.ids["board_id"]}
    people = {name: await api.user() for name in OUTSIDERS}
    path = f"/boards/{board['id']}/users"
    for name in OUTSIDERS[2:]:
        await foreign.owner.invite(board, people[name], "MODERATOR")
    await foreign.owner.delete(f"{path}/{people['removed'].id}")
    await people["left"].delete(f"{path}/{people['left'].id}")
    await made.db.execute("update users set is_active = false where id = $1", people["disabled"].id)
    out = with_cookie(api, token_of(people["signed out"]))
    await people["signed out"].post("/auth/logout")
    (home,) = [b["id"] for b in await people["limited"].items("/boards") if b["id"] != board["id"]]
    ended = await script_of(people["ended"])
    (token,) = await people["ended"].items("/auth/tokens")
    await people["ended"].delete(f"/auth/tokens/{token['id']}")
    return {
        **people,
        "nobody": api.nobody(),
        "signed out": out,
        "limited": await script_of(people["limited"], board_ids=[home]),
        "ended": ended,
    }


async def kept_secrets(db: asyncpg.Connection) -> set[str]:
    """Give what the database keeps and nobody may read: hashes, and everybody's e-mail."""
    sql = """select password_hash, email, encode(token_hash, 'hex') as in_hex,
        encode(token_hash, 'base64') as in_base64 from users u join sessions s on s.user_id = u.id"""
    return {str(value) for row in await db.fetch(sql) for value in row.values() if value}
