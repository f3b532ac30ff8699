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


async def test_a_repeated_request_waits_for_the_end_as_the_first_one_does(
    api: Api, database_url: str
) -> None:
    """Seen to fail when it got the 202 of the first one at once."""
    anna = await api.user("anna")
    headers = {"idempotency-key": "once", "prefer": "wait=60"}
    async with another_api(database_url) as other:
        mine, waits = moved(anna, other), other.app.state.import_waits
        sending = [
            asyncio.create_task(mine.send("POST", "/imports", content=TWO, headers=headers))
            for _ in range(2)
        ]
        await comes_true(lambda: waits.taken_by(anna.id) == len(sending))
        await other.work_off()
        first, second = sorted([await sent for sent in sending], key=lambda got: len(got.headers))
        later = await mine.send("POST", "/imports", content=TWO, headers=headers)
    assert [got.status_code for got in (first, second, later)] == [201] * 3
    assert first.json() == second.json() == later.json()
    replayed = [got.headers.get("idempotency-replayed") for got in (first, second, later)]
    assert replayed == [None, "true", "true"]
    assert first.json()["status"] == "done"
