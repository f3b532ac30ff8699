"""A scene that is put back as rows is the one that was made through HTTP."""

import asyncpg

from api import Api
from conftest import emptied
from matrix_world import fingerprint, tables_of
from operations import scene


async def test_what_is_put_back_is_what_was_made(api: Api, db: asyncpg.Connection) -> None:
    """Seen to fail with one table that was left out."""
    tables = await tables_of(db)
    made = await scene(api, "put-back")
    rows = await fingerprint(db, tables)
    await emptied(db)
    found = await scene(api, "put-back")
    assert await fingerprint(db, tables) == rows
    assert found.ids == made.ids
    assert await found.owner.read("/users/me") == await made.owner.read("/users/me")
    file = await found.owner.get(f"/attachments/{found.ids['file_id']}/content")
    assert file.status_code == 200


async def test_what_is_there_already_is_made_anew(api: Api) -> None:
    made, other = await scene(api, "twice"), await scene(api, "twice")
    assert made.owner.id != other.owner.id
    assert not set(made.ids.values()) & {other.ids["board_id"], other.ids["task_id"]}
