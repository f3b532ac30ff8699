"""Who waits for an import keeps nobody from their work."""

import asyncio

from test_imports import TWO

from api import Api, Person
from apps import another_api
from importing import begin
from people import moved
from stream_scene import comes_true

SLOTS = 2


async def _is_let_in(person: Person) -> bool:
    return (await person.get("/boards")).status_code == 200


async def test_who_waits_for_an_import_takes_no_slot_of_others(api: Api, database_url: str) -> None:
    """Seen to fail when each kept its slot: two who waited shut out everybody for a minute."""
    anna, boris = await api.user("anna"), await api.user("boris")
    async with another_api(database_url, requests_in_flight_max=SLOTS) as other:
        mine, theirs = moved(anna, other), moved(boris, other)
        path = (await begin(mine, TWO)).headers["location"]
        waits = other.app.state.import_waits
        waiting = [asyncio.create_task(mine.get(path, wait=60)) for _ in range(SLOTS)]
        await comes_true(lambda: waits.taken() == SLOTS)
        await comes_true(lambda: _is_let_in(theirs))  # sometimes one of them is just looking
        await other.work_off()
        ended = [(await wait).json()["status"] for wait in waiting]
    assert ended == ["done"] * SLOTS


async def test_so_many_waits_of_a_person_and_further_ones_are_answered_as_it_stands(
    api: Api, database_url: str
) -> None:
    anna = await api.user("anna")
    async with another_api(database_url) as other:
        mine = moved(anna, other)
        path = (await begin(mine, TWO)).headers["location"]
        waits, most = other.app.state.import_waits, 4
        waiting = [asyncio.create_task(mine.get(path, wait=60)) for _ in range(most)]
        await comes_true(lambda: waits.taken_by(anna.id) == most)
        assert (await mine.read(path, wait=60))["status"] == "reading"
        await other.work_off()
        assert [(await wait).json()["status"] for wait in waiting] == ["done"] * most
    assert waits.taken() == 0
