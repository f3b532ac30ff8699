"""A board comes back from its archive: as it was for its owner, as a copy for everybody else."""

import asyncpg
import pytest

from api import Api, Json, Person
from archives import listed_anew, lines_of, opened, packed, restored, rows_in
from exporting import a_full_board, exported
from people import promote


async def archived(api: Api) -> tuple[Person, Person, Json, bytes]:
    anna, boris, board = await a_full_board(api)
    return anna, boris, board, (await exported(anna, board, "doska")).content


async def deleted(person: Person, board: Json) -> None:
    assert (await person.delete(f"/boards/{board['id']}")).status_code == 204


async def test_a_deleted_board_comes_back_byte_for_byte(api: Api) -> None:
    anna, boris, board, content = await archived(api)
    before = await anna.read(f"/boards/{board['id']}/snapshot")
    await deleted(anna, board)
    await api.work_off()

    back = await restored(anna, content)

    assert back == board["id"]
    assert (await exported(anna, board, "doska")).content == content
    assert (await exported(boris, board, "doska")).content == content
    assert await anna.read(f"/boards/{board['id']}/snapshot") == before
