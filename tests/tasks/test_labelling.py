import asyncio

import pytest

from api import Api, Json, Person
from casts import add
from checks import events, invalid, refused
from doska.schemas import new_id
from labels import a_label
from works import a_column, a_task, at, ids


async def label_ids(person: Person, task: Json) -> list[str]:
    return list((await person.read(at(task)))["label_ids"])


async def test_a_label_is_put_on_a_task_and_taken_off(api: Api) -> None:
    anna, board, task = await a_task(api)
    bug = await a_label(anna, board)

    async with events(anna, board, 2):
        put = await anna.put(f"{at(task)}/labels/{bug['id']}")
        await anna.put(f"{at(task)}/labels/{bug['id']}")  # once more is the same
        taken = await anna.delete(f"{at(task)}/labels/{bug['id']}")

    assert put.json() == {
        **task, "label_ids": [bug["id"]], "version": 2, "updated_at": put.json()["updated_at"]
    }  # fmt: skip
    assert taken.status_code == 204
    assert await label_ids(anna, task) == []
    refused(await anna.delete(f"{at(task)}/labels/{bug['id']}"), 404, "not-found")


async def test_a_member_labels_tasks_and_an_observer_does_not(api: Api) -> None:
    anna, board, task = await a_task(api)
    bug = await a_label(anna, board)
    mia, otto = await add(api, anna, board, "MEMBER"), await add(api, anna, board, "OBSERVER")

    assert (await mia.put(f"{at(task)}/labels/{bug['id']}")).json()["label_ids"] == [bug["id"]]
    refused(await otto.put(f"{at(task)}/labels/{bug['id']}"), 403, "not-allowed")
    refused(await otto.delete(f"{at(task)}/labels/{bug['id']}"), 403, "not-allowed")
    refused(await otto.patch(at(task), label_ids=[]), 403, "not-allowed")


async def test_tasks_are_made_and_changed_with_labels(api: Api) -> None:
    anna, board, column = await a_column(api)
    bug, idea = await a_label(anna, board), await a_label(anna, board, "Idea")

    task = await anna.task(column, label_ids=[bug["id"], bug["id"]])
    patched = (await anna.patch(at(task), label_ids=[idea["id"], bug["id"]])).json()
    replaced = (await anna.put(at(task), title="B", label_ids=[idea["id"]])).json()
    kept = (await anna.put(at(task), title="C")).json()
    emptied = (await anna.patch(at(task), label_ids=[])).json()

    assert task["label_ids"] == [bug["id"]]
    assert patched["label_ids"] == [bug["id"], idea["id"]]
    assert replaced["label_ids"] == kept["label_ids"] == [idea["id"]]
    assert emptied["label_ids"] == []
    assert [patched["version"], replaced["version"], emptied["version"]] == [2, 3, 5]


@pytest.mark.parametrize("whose", ["another board's", "nobody's"])
async def test_only_labels_of_the_tasks_board_can_be_put_on_it(api: Api, whose: str) -> None:
    anna, board, column = await a_column(api)
    task = await anna.task(column)
    own, other = await a_label(anna, board), await a_label(anna, await anna.board())
    foreign = other["id"] if whose == "another board's" else new_id()

    async with events(anna, board, 0):
        for wanted in ([foreign], [own["id"], foreign]):
            refused(await anna.patch(at(task), label_ids=wanted), 404, "not-found")
            refused(await anna.put(at(task), title="A", label_ids=wanted), 404, "not-found")
            body = {"column_id": column["id"], "title": "A", "label_ids": wanted}
            refused(await anna.post("/tasks", **body), 404, "not-found")
        refused(await anna.put(f"{at(task)}/labels/{foreign}"), 404, "not-found")
        refused(await anna.delete(f"{at(task)}/labels/{foreign}"), 404, "not-found")

    assert await label_ids(anna, task) == []


async def test_a_task_has_fifty_labels_at_most(api: Api) -> None:
    anna, board, task = await a_task(api)
    made = ids([await a_label(anna, board, f"L{n}") for n in range(51)])

    invalid(await anna.patch(at(task), label_ids=made), "/body/label_ids")
    assert (await anna.patch(at(task), label_ids=made[:50])).status_code == 200
    refused(
        await anna.put(f"{at(task)}/labels/{made[50]}"),
        409, "limit-reached", limit=50, of="labels of a task",
    )  # fmt: skip


async def test_two_who_label_a_task_at_once_both_do(api: Api) -> None:
    anna, board, task = await a_task(api)
    made = ids([await a_label(anna, board, f"L{n}") for n in range(8)])

    answers = await asyncio.gather(*(anna.put(f"{at(task)}/labels/{label}") for label in made))

    assert [answer.status_code for answer in answers] == [200] * 8
    assert sorted(await label_ids(anna, task)) == sorted(made)


async def test_tasks_are_found_by_any_of_their_labels(api: Api) -> None:
    anna, board, column = await a_column(api)
    bug, idea, none = [await a_label(anna, board, title) for title in ("Bug", "Idea", "None")]
    one = await anna.task(column, label_ids=[bug["id"]])
    both = await anna.task(column, label_ids=[bug["id"], idea["id"]])
    await anna.task(column)

    assert ids(await anna.items("/tasks", label_id=bug["id"])) == [one["id"], both["id"]]
    assert ids(await anna.items("/tasks", label_id=idea["id"])) == [both["id"]]
    wanted = f"{idea['id']},{none['id']}"
    assert ids(await anna.items("/tasks", label_id=wanted)) == [both["id"]]
    assert await anna.items("/tasks", label_id=none["id"]) == []


async def test_a_deleted_task_takes_its_labels_off_and_gets_them_back(api: Api) -> None:
    anna, board, task = await a_task(api)
    bug = await a_label(anna, board)
    await anna.put(f"{at(task)}/labels/{bug['id']}")

    seq = (await anna.delete(at(task))).headers["doska-event"]
    undone = await anna.post(f"/boards/{board['id']}/undo", seq=int(seq))

    assert undone.status_code == 200, undone.text
    assert await label_ids(anna, task) == [bug["id"]]
