import asyncpg
import pytest

from api import Api, Json, Person
from casts import OTHERS, add, board_with
from checks import events, invalid, refused
from doska.schemas import new_id
from people import promote
from works import at, ids


async def team(api: Api, role: str = "MEMBER") -> tuple[Person, Person, Json, Json]:
    """Give a CREATOR, somebody in a role, their board and a task of it."""
    anna, boris, board = await board_with(api, role)
    return anna, boris, board, await anna.task(await anna.column(board))


def place(task: Json, person: Person) -> str:
    return f"{at(task)}/assignees/{person.id}"


@pytest.mark.parametrize("role", OTHERS)
async def test_everybody_on_the_board_can_be_assigned(api: Api, role: str) -> None:
    anna, boris, board, task = await team(api, role)

    async with events(anna, board, 1):
        response = await anna.put(place(task, boris))

    after = response.json()
    assert (response.status_code, ids(after["assignees"]), after["version"]) == (200, [boris.id], 2)
    assert after == await boris.read(at(task))


async def test_assignees_are_shown_in_the_order_in_which_they_came(api: Api) -> None:
    anna, boris, board, task = await team(api)
    clara = await add(api, anna, board, "MEMBER")

    listed = [(await anna.put(place(task, who))).json() for who in (boris, anna, clara)]
    assert ids(listed[-1]["assignees"]) == [boris.id, anna.id, clara.id]

    await anna.delete(place(task, boris))
    again = (await anna.put(place(task, boris))).json()
    assert ids(again["assignees"]) == [anna.id, clara.id, boris.id]
    assert again["version"] == 6


async def test_assigning_twice_is_the_same_as_once(api: Api) -> None:
    """Seen to fail with a task that is touched by every assignment."""
    anna, boris, board, task = await team(api)
    first = (await anna.put(place(task, boris))).json()

    async with events(anna, board, 0):
        response = await anna.put(place(task, boris))

    assert (response.status_code, response.json()) == (200, first)


async def test_a_task_is_made_and_changed_with_its_assignees(api: Api) -> None:
    anna, boris, board, task = await team(api)
    column = {"id": task["column_id"]}

    made = await anna.task(column, assignee_ids=[boris.id, anna.id])
    assert sorted(ids(made["assignees"])) == sorted([anna.id, boris.id])
    async with events(anna, board, 3):
        changed = (await anna.patch(at(made), assignee_ids=[anna.id])).json()
        replaced = (await anna.put(at(made), title="A", assignee_ids=[boris.id])).json()
        emptied = (await anna.put(at(made), title="A")).json()
    assert [ids(t["assignees"]) for t in (changed, replaced, emptied)] == [
        [anna.id],
        [boris.id],
        [],
    ]
    assert [t["version"] for t in (changed, replaced, emptied)] == [2, 3, 4]


async def test_who_is_named_twice_is_assigned_once(api: Api) -> None:
    anna, boris, _, task = await team(api)
    twice = [boris.id, anna.id, boris.id.upper(), boris.id]

    made = await anna.task({"id": task["column_id"]}, assignee_ids=twice)
    changed = (await anna.patch(at(task), assignee_ids=twice)).json()
    replaced = (await anna.put(at(task), title=task["title"], assignee_ids=twice)).json()

    assert len(ids(made["assignees"])) == len(ids(changed["assignees"])) == 2
    assert replaced == changed


async def test_one_who_is_not_on_the_board_cannot_be_assigned(api: Api) -> None:
    anna, boris, board, task = await team(api)
    stranger = await api.user()
    await anna.put(place(task, boris))
    named = {"title": "A", "assignee_ids": [anna.id, stranger.id, new_id()]}
    pointers = ("/body/assignee_ids/1", "/body/assignee_ids/2")

    async with events(anna, board, 0):
        refusal = await anna.put(place(task, stranger))
        invalid(refusal, "/path/user_id", kind="not-on-board")
        for refusal in (
            await anna.post("/tasks", column_id=task["column_id"], **named),
            await anna.put(at(task), **named),
            await anna.patch(at(task), **named),
        ):
            invalid(refusal, *pointers, kind="not-on-board")
    assert ids((await anna.read(at(task)))["assignees"]) == [boris.id]


async def test_an_administrator_who_is_not_on_the_board_is_not_assigned_either(
    api: Api, db: asyncpg.Connection
) -> None:
    anna, _, _, task = await team(api)
    admin = await promote(db, await api.user())

    invalid(await admin.put(place(task, admin)), "/path/user_id", kind="not-on-board")
    assert (await admin.put(place(task, anna))).status_code == 200


async def test_a_passer_by_is_not_on_a_public_board(api: Api) -> None:
    anna, passer_by = await api.user(), await api.user()
    task = await anna.task(await anna.column(await anna.board(is_public=True)))

    invalid(await anna.put(place(task, passer_by)), "/path/user_id", kind="not-on-board")
    refused(await passer_by.put(place(task, anna)), 403, "not-allowed", role=None)


async def test_taking_somebody_off_a_task_counts_as_a_change_of_it(api: Api) -> None:
    anna, boris, board, task = await team(api)
    await anna.put(place(task, boris))
    await anna.put(place(task, anna))

    async with events(anna, board, 1):
        response = await anna.delete(place(task, boris))

    assert (response.status_code, response.content) == (204, b"")
    after = await anna.read(at(task))
    assert (ids(after["assignees"]), after["version"]) == ([anna.id], 4)


@pytest.mark.parametrize("who", ["somebody", "oneself"])
async def test_a_member_takes_anybody_off_a_task(api: Api, who: str) -> None:
    anna, boris, _, task = await team(api)
    person = anna if who == "somebody" else boris
    await boris.put(place(task, person))

    assert (await boris.delete(place(task, person))).status_code == 204


async def test_who_is_not_on_the_task_cannot_be_taken_off(api: Api) -> None:
    anna, boris, board, task = await team(api)
    stranger = await api.user()

    async with events(anna, board, 0):
        for person in (boris, stranger):
            refused(await anna.delete(place(task, person)), 404, "not-found")
        invalid(await anna.delete(f"{at(task)}/assignees/boris"), "/path/user_id")


async def test_an_observer_assigns_nobody_not_even_themselves(api: Api) -> None:
    anna, boris, board, task = await team(api, "OBSERVER")
    await anna.put(place(task, boris))

    async with events(anna, board, 0):
        refused(await boris.put(place(task, boris)), 403, "not-allowed", role="OBSERVER")
        refused(await boris.delete(place(task, boris)), 403, "not-allowed", role="OBSERVER")


async def test_a_stranger_learns_nothing_of_assignees(api: Api) -> None:
    anna, boris, _, task = await team(api)
    stranger = await api.user()
    await anna.put(place(task, boris))

    refused(await stranger.put(place(task, stranger)), 404, "not-found")
    refused(await stranger.delete(place(task, boris)), 404, "not-found")


async def test_an_archived_task_can_be_assigned(api: Api) -> None:
    anna, boris, _, task = await team(api)
    await anna.patch(at(task), is_archived=True)

    after = (await anna.put(place(task, boris))).json()

    assert (ids(after["assignees"]), after["is_archived"]) == ([boris.id], True)
