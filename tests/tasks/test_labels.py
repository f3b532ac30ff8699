import pytest

from api import Api, Json, Person
from casts import board_with
from checks import events, invalid, refused
from doska.schemas import new_id
from labels import BLUE, RED, a_label, label_at
from works import a_task, at, ids


async def labels_of(person: Person, board: Json) -> list[str]:
    return [label["title"] for label in await person.items(f"/boards/{board['id']}/labels")]


async def test_a_new_label_is_the_last_of_its_board(api: Api) -> None:
    anna, board, _ = await a_task(api)

    async with events(anna, board, 2):
        bug, idea = await a_label(anna, board, "Bug"), await a_label(anna, board, "Idea")

    assert bug["board_id"] == board["id"]
    assert (bug["title"], bug["color"], bug["version"]) == ("Bug", RED, 1)
    assert bug["rank"].encode() < idea["rank"].encode()
    assert await labels_of(anna, board) == ["Bug", "Idea"]


async def test_a_client_may_name_the_id_of_a_new_label_once(api: Api) -> None:
    anna, board, _ = await a_task(api)
    made = await a_label(anna, board, id=new_id())

    again = await anna.post("/labels", board_id=board["id"], color=BLUE, id=made["id"])
    await anna.delete(label_at(made))
    later = await anna.post("/labels", board_id=board["id"], color=BLUE, id=made["id"])

    refused(again, 409, "already-exists")
    refused(later, 409, "already-exists")


@pytest.mark.parametrize("title", ["", "   "])
async def test_a_label_may_have_no_title_and_there_may_be_many_of_these(
    api: Api, title: str
) -> None:
    anna, board, _ = await a_task(api)

    first, second = await a_label(anna, board, title), await a_label(anna, board, title)

    assert first["title"] == second["title"] == ""


@pytest.mark.parametrize("title", ["bug", "BUG", " Bug ", "Búg"])
async def test_a_title_and_color_is_there_once_on_a_board_however_it_is_written(
    api: Api, title: str
) -> None:
    anna, board, _ = await a_task(api)
    bug, idea = await a_label(anna, board), await a_label(anna, board, "Idea")

    refused(
        await anna.post("/labels", board_id=board["id"], title=title, color=RED),
        409, "label-taken", label_id=bug["id"],
    )  # fmt: skip
    refused(await anna.patch(label_at(idea), title=title), 409, "label-taken")
    refused(await anna.put(label_at(idea), title=title, color=RED), 409, "label-taken")
    assert (await a_label(anna, board, title, color=BLUE))["title"] == title.strip()


async def test_another_board_may_have_the_same_label(api: Api) -> None:
    anna, board, _ = await a_task(api)
    other = await anna.board()

    await a_label(anna, board)

    assert (await a_label(anna, other))["title"] == "Bug"


@pytest.mark.parametrize(
    ("fields", "pointer"),
    [
        ({"title": "x" * 51}, "/body/title"),
        ({"title": "\u200b"}, "/body/title"),
        ({"title": "a\u202eb"}, "/body/title"),
        ({"title": "a\nb"}, "/body/title"),
        ({"title": None}, "/body/title"),
        ({"color": "red"}, "/body/color"),
        ({"color": None}, "/body/color"),
        ({"rank": "a"}, "/body/rank"),
    ],
)
async def test_what_is_no_label_is_refused(api: Api, fields: Json, pointer: str) -> None:
    anna, board, _ = await a_task(api)
    label = await a_label(anna, board)

    invalid(
        await anna.post("/labels", **{"board_id": board["id"], "color": RED, **fields}), pointer
    )
    invalid(await anna.patch(label_at(label), **fields), pointer)
    invalid(await anna.put(label_at(label), **{"color": RED, **fields}), pointer)
    assert await anna.read(label_at(label)) == label


async def test_a_label_needs_a_color(api: Api) -> None:
    anna, board, _ = await a_task(api)

    invalid(await anna.post("/labels", board_id=board["id"], title="Bug"), "/body/color")


async def test_a_label_is_changed_in_what_is_named(api: Api) -> None:
    anna, board, _ = await a_task(api)
    label = await a_label(anna, board)

    async with events(anna, board, 2):
        patched = (await anna.patch(label_at(label), title="Defect")).json()
        same = (await anna.patch(label_at(label), title="Defect")).json()
        replaced = (await anna.put(label_at(label), color=BLUE)).json()

    assert patched == {**label, "title": "Defect", "version": 2} == same
    assert replaced == {**label, "title": "", "color": BLUE, "version": 3}


async def test_a_label_is_not_overwritten_in_a_version_that_one_has_not_seen(api: Api) -> None:
    anna, board, _ = await a_task(api)
    label = await a_label(anna, board)
    seen = {"if-match": '"1"'}
    await anna.patch(label_at(label), title="Defect")

    for method in ("PATCH", "PUT", "DELETE"):
        body = {} if method == "DELETE" else {"json": {"color": BLUE}}
        refused(
            await anna.send(method, label_at(label), headers=seen, **body),
            412,
            "precondition-failed",
        )
    moved = await anna.send("POST", f"{label_at(label)}/move", headers=seen, json={"at": "top"})
    refused(moved, 412, "precondition-failed")


async def test_labels_are_moved_among_each_other(api: Api) -> None:
    anna, board, _ = await a_task(api)
    a, b, c = [await a_label(anna, board, title) for title in "ABC"]

    async with events(anna, board, 3):
        await anna.post(f"{label_at(c)}/move", at="top")
        await anna.post(f"{label_at(a)}/move", at="bottom")
        await anna.post(f"{label_at(b)}/move", before=c["id"])
        await anna.post(f"{label_at(b)}/move", before=c["id"])  # where it is

    assert await labels_of(anna, board) == ["B", "C", "A"]


async def test_a_label_is_not_moved_beside_one_of_another_board(api: Api) -> None:
    anna, board, _ = await a_task(api)
    foreign = await a_label(anna, await anna.board())
    label = await a_label(anna, board)

    for near in (foreign["id"], new_id()):
        refused(await anna.post(f"{label_at(label)}/move", after=near), 404, "not-found")
    invalid(await anna.post(f"{label_at(label)}/move"), "/body")


@pytest.mark.parametrize("role", ["MEMBER", "COMMENTER", "OBSERVER"])
async def test_only_who_edits_the_board_makes_labels(api: Api, role: str) -> None:
    anna, person, board = await board_with(api, role)
    label = await a_label(anna, board)

    refused(await person.post("/labels", board_id=board["id"], color=RED), 403, "not-allowed")
    refused(await person.patch(label_at(label), title="x"), 403, "not-allowed")
    refused(await person.put(label_at(label), color=RED), 403, "not-allowed")
    refused(await person.post(f"{label_at(label)}/move", at="top"), 403, "not-allowed")
    refused(await person.delete(label_at(label)), 403, "not-allowed")
    assert await person.read(label_at(label)) == label


async def test_labels_are_listed_of_the_boards_that_one_is_on(api: Api) -> None:
    anna, board, _ = await a_task(api)
    bug, idea = await a_label(anna, board), await a_label(anna, board, "Idée")
    ben = await api.user()

    assert ids(await anna.items("/labels", board_id=board["id"])) == [bug["id"], idea["id"]]
    assert ids(await anna.items("/labels", q="idee")) == [idea["id"]]
    assert await anna.items("/labels", sort="-title") == [idea, bug]
    assert await ben.items("/labels") == []
    assert await ben.items("/labels", board_id=board["id"]) == []
    refused(await ben.get(label_at(bug)), 404, "not-found")
    refused(await ben.get(f"/boards/{board['id']}/labels"), 404, "not-found")


async def test_a_snapshot_has_the_labels_in_their_order(api: Api) -> None:
    anna, board, task = await a_task(api)
    bug, idea = await a_label(anna, board), await a_label(anna, board, "Idea")
    await anna.post(f"{label_at(idea)}/move", at="top")
    await anna.put(f"{at(task)}/labels/{bug['id']}")

    shown = await anna.read(f"/boards/{board['id']}/snapshot")

    assert [label["title"] for label in shown["labels"]] == ["Idea", "Bug"]
    assert shown["tasks"][0]["label_ids"] == [bug["id"]]


async def test_a_deleted_label_is_taken_off_its_tasks_archived_ones_too(api: Api) -> None:
    anna, board, task = await a_task(api)
    bug, idea = await a_label(anna, board), await a_label(anna, board, "Idea")
    task = (await anna.patch(at(task), label_ids=[bug["id"], idea["id"]])).json()
    old = await anna.task({"id": task["column_id"]}, is_archived=True, label_ids=[bug["id"]])

    async with events(anna, board, 1):
        response = await anna.delete(label_at(bug))

    assert response.status_code == 204
    (event,) = (await anna.items(f"/boards/{board['id']}/events"))[-1:]
    told = {said["id"]: said["label_ids"] for said in event["payload"]["tasks"]}
    assert told == {task["id"]: [idea["id"]], old["id"]: []}
    assert await anna.read(at(task)) == {**task, "label_ids": [idea["id"]]}
    assert await anna.read(at(old)) == {**old, "label_ids": []}
    refused(await anna.get(label_at(bug)), 404, "not-found")
    refused(await anna.delete(label_at(bug)), 404, "not-found")
