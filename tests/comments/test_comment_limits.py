"""How many comments there may be, and how much text."""

import asyncpg

from api import Api
from apps import another_api
from checks import refused
from comments import a_comment, a_task, comment_at, reaction_at
from doska.schemas import new_id
from people import moved

ROOM = "insert into comment_sizes values ($1, $2) on conflict (board_id) do update set bytes = $2"
KEPT = """select coalesce(sum(octet_length(body)), 0) as sum,
    (select bytes from comment_sizes where board_id = $1) as kept from comments where board_id = $1"""


async def test_text_counts_in_bytes_whatever_is_done(api: Api, db: asyncpg.Connection) -> None:
    """Seen to fail without the trigger for changes."""
    anna, board, task = await a_task(api)
    first, second = await a_comment(anna, task, "яя"), await a_comment(anna, task, "abc")
    await anna.patch(comment_at(first), body="я" * 100)
    await anna.delete(comment_at(second))
    await anna.delete(f"/tasks/{task['id']}")
    row = await db.fetchrow(KEPT, board["id"])
    assert (row["sum"], row["kept"]) == (200, 200)


async def test_the_last_byte_is_taken_and_one_beyond_refused(
    api: Api, db: asyncpg.Connection, database_url: str
) -> None:
    """Also in a batch. Seen to fail when characters were counted."""
    async with another_api(database_url, comments_per_board_mb_max=1) as small:
        anna, board, task = await a_task(api)
        anna = moved(anna, small)
        comment = await a_comment(anna, task, "я")
        await db.execute(ROOM, board["id"], (1 << 20) - 2)
        more = {"limit": 1, "of": "MB of comments of a board"}
        new = {"task_id": task["id"], "body": "яя"}
        refused(await anna.post("/comments", **new), 409, "limit-reached", **more)
        operation = {"op": "create_comment", "body": new}
        batch = await anna.post(f"/boards/{board['id']}/batch", operations=[operation])
        refused(batch, 409, "limit-reached", **more)
        assert (await anna.patch(comment_at(comment), body="яя")).status_code == 200
        refused(await anna.patch(comment_at(comment), body="яяa"), 409, "limit-reached", **more)
        assert (await anna.patch(comment_at(comment), body="a")).status_code == 200


async def test_a_comment_has_two_hundred_reactions(api: Api, db: asyncpg.Connection) -> None:
    anna, board, task = await a_task(api)
    comment = await a_comment(anna, task)
    rows = [
        (
            new_id(),
            board["id"],
            comment["id"],
            anna.id,
            chr(0x1F600 + n % 60) + chr(0x1F3FB + n // 60),
        )
        for n in range(199)
    ]
    sql = "insert into comment_reactions values ($1, $2, $3, $4, $5)"
    await db.executemany(sql, rows)
    assert (await anna.put(reaction_at(comment))).status_code == 200
    answer = await anna.put(reaction_at(comment, "🎉"))
    refused(answer, 409, "limit-reached", limit=200, of="reactions to a comment")
