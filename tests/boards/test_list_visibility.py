"""Lists hold what one may see, and nothing else."""

from typing import Any

import asyncpg
import pytest

from api import Api, Json, Person
from casts import OTHERS, board_with, place_of
from checks import refused
from doska.schemas import new_id
from people import promote
from tokens import script_of
from works import ids

Scene = dict[str, Json]


async def fill(creator: Person, board: Json) -> Scene:
    """Put a column, a task and a subtask on a board; give them by the path of their list."""
    column = await creator.column(board)
    task = await creator.task(column)
    subtask = await creator.subtask(task)
    return {"/boards": board, "/columns": column, "/tasks": task, "/subtasks": subtask}


async def seen(person: Person, scene: Scene, **params: Any) -> set[str]:
    """Tell in which lists there is something of the board."""
    return {
        path
        for path, thing in scene.items()
        if thing["id"] in ids(await person.items(path, **params))
    }


@pytest.mark.parametrize("role", OTHERS)
async def test_who_is_on_a_board_sees_it_in_the_lists_until_leaving_it(api: Api, role: str) -> None:
    """Seen to fail with lists that show every board."""
    anna, boris, board = await board_with(api, role)
    scene, stranger = await fill(anna, board), await api.user()

    assert await seen(boris, scene) == set(scene)
    assert await seen(stranger, scene) == set()
    await anna.delete(place_of(board, boris))
    assert await seen(boris, scene) == set()
    assert await boris.items(f"/users/{boris.id}/boards", q=board["title"]) == []


async def test_a_public_board_is_in_everybodys_lists_that_ask_for_it(api: Api) -> None:
    """Seen to fail when lists were of all that one may see: strangers' boards drowned one's own."""
    anna, passer_by = await api.user(), await api.user()
    board = await anna.board(is_public=True)
    scene = await fill(anna, board)

    assert await seen(passer_by, scene) == await seen(passer_by, scene, visibility="mine") == set()
    assert await seen(passer_by, scene, visibility="Public") == set(scene)
    (listed,) = await passer_by.items("/boards", q=board["title"], visibility="public")
    assert listed["role"] is None
    await anna.patch(f"/boards/{board['id']}", is_public=False)
    assert await seen(passer_by, scene, visibility="public") == set()


async def test_lists_that_ask_for_public_boards_have_ones_own_too(api: Api) -> None:
    anna, passer_by = await api.user(), await api.user()
    public, scene = await anna.board(is_public=True), await fill(passer_by, await passer_by.board())

    assert await seen(passer_by, scene, visibility="public") == set(scene)
    found = ids(await passer_by.items("/boards", visibility="public"))
    assert sorted(found) == sorted([public["id"], *ids(await passer_by.items("/boards"))])


async def test_what_is_on_a_public_board_is_listed_to_who_names_it(api: Api) -> None:
    anna, passer_by = await api.user(), await api.user()
    scene = await fill(anna, await anna.board(is_public=True))
    task = scene["/tasks"]
    named: list[tuple[str, Json]] = [
        ("/columns", {"board_id": task["board_id"]}),
        ("/tasks", {"board_id": task["board_id"]}),
        ("/tasks", {"column_id": task["column_id"]}),
        ("/subtasks", {"task_id": task["id"]}),
    ]
    for path, params in named:
        assert ids(await passer_by.items(path, **params)) == [scene[path]["id"]]
        assert await passer_by.items(path, **params, visibility="mine") == []


@pytest.mark.parametrize("path", ["/boards", "/columns", "/tasks", "/subtasks"])
async def test_only_an_administrator_asks_for_all_boards(
    api: Api, db: asyncpg.Connection, path: str
) -> None:
    """A token of theirs that is no administrator's does not either."""
    anna, admin = await api.user(), await promote(db, await api.user())
    scene = await fill(anna, await anna.board())

    refused(await anna.get(path, visibility="all"), 403, "for-administrators")
    script = await script_of(admin)
    refused(await script.get(path, visibility="all"), 403, "for-administrators")
    assert scene[path]["id"] in ids(await admin.items(path, visibility="all"))
    assert scene[path]["id"] in ids(
        await (await script_of(admin, "admin")).items(path, visibility="all")
    )


async def test_a_token_for_some_boards_lists_no_others_whatever_it_asks_for(
    api: Api, db: asyncpg.Connection
) -> None:
    admin = await promote(db, await api.user())
    scene = await fill(admin, await admin.board())
    await fill(admin, await admin.board(is_public=True))
    script = await script_of(admin, "admin", board_ids=[scene["/boards"]["id"]])

    for path, thing in scene.items():
        for visibility in ("mine", "public", "all"):
            assert ids(await script.items(path, visibility=visibility)) == [thing["id"]]


async def test_an_administrators_lists_are_of_all_boards_when_they_say_so(
    api: Api, db: asyncpg.Connection
) -> None:
    anna, admin = await api.user(), await api.user()
    scene = await fill(anna, await anna.board())
    assert await seen(admin, scene) == set()

    await promote(db, admin)

    assert await seen(admin, scene) == set()
    assert await seen(admin, scene, visibility="public") == set()
    assert await seen(admin, scene, visibility="ALL") == set(scene)
    assert len(await admin.items("/boards", visibility="all")) == 3


async def test_nobody_sees_lists_without_signing_in(api: Api) -> None:
    paths = ("/boards", "/columns", "/tasks", "/subtasks", "/users", f"/users/{new_id()}/boards")
    for path in paths:
        refused(await api.nobody().get(path), 401, "unauthenticated")


async def test_a_filter_opens_no_board_that_one_may_not_see(api: Api) -> None:
    anna, stranger = await api.user(), await api.user()
    scene = await fill(anna, await anna.board("Secret plan"))
    task = await anna.task(scene["/columns"], "Secret", assignee_ids=[anna.id])

    for path, params in (
        ("/columns", {"board_id": task["board_id"]}),
        ("/tasks", {"board_id": task["board_id"]}),
        ("/tasks", {"column_id": task["column_id"]}),
        ("/tasks", {"assignee_id": anna.id}),
        ("/tasks", {"q": "secret"}),
        ("/boards", {"q": "secret"}),
        ("/subtasks", {"task_id": scene["/tasks"]["id"]}),
    ):
        assert await anna.items(path, **params)
        assert await stranger.items(path, **params) == []


async def test_the_boards_of_somebody_are_those_that_one_may_see_too(
    api: Api, db: asyncpg.Connection
) -> None:
    anna, boris, shared = await board_with(api, "OBSERVER")
    public = await anna.board("Public", is_public=True)
    await anna.board("Private")
    stranger, admin = await api.user(), await promote(db, await api.user())
    path = f"/users/{anna.id}/boards"

    titles = {
        person.id: [board["title"] for board in await person.items(path)]
        for person in (anna, boris, stranger, admin)
    }

    everything = ["My tasks", shared["title"], public["title"], "Private"]
    assert titles[anna.id] == titles[admin.id] == everything
    assert titles[boris.id] == [shared["title"], public["title"]]
    assert titles[stranger.id] == [public["title"]]


async def test_the_boards_of_somebody_show_the_callers_role(api: Api) -> None:
    anna, boris, board = await board_with(api, "OBSERVER")

    (listed,) = await boris.items(f"/users/{anna.id}/boards")

    assert (listed["id"], listed["role"]) == (board["id"], "OBSERVER")
    assert (await boris.read(f"/boards/{board['id']}")).items() <= listed.items()


async def test_a_public_board_is_among_the_boards_of_those_who_are_on_it_only(api: Api) -> None:
    anna, passer_by = await api.user(), await api.user()
    await anna.board("Public", is_public=True)

    listed = await anna.items(f"/users/{passer_by.id}/boards")

    assert listed == []  # they have their own private one, and are not on Anna's


async def test_somebody_who_never_was_has_no_boards(api: Api) -> None:
    anna = await api.user()

    refused(await anna.get(f"/users/{new_id()}/boards"), 404, "not-found")


async def test_what_lists_show_is_what_reading_one_shows(api: Api) -> None:
    anna, boris, board = await board_with(api, "MEMBER", is_archived=True)
    scene = await fill(anna, board)
    await anna.put(f"/tasks/{scene['/tasks']['id']}/assignees/{boris.id}")

    for path, thing in scene.items():
        params = {"archived": "all"} if path in ("/boards", "/columns", "/tasks") else {}
        listed = {item["id"]: item for item in await boris.items(path, **params)}
        alone = await boris.read(f"{path}/{thing['id']}")
        assert alone.items() <= listed[thing["id"]].items()  # lists tell counts, too
        assert path in ("/boards", "/columns") or alone == listed[thing["id"]]


async def test_tasks_of_an_archived_board_are_listed_only_when_asked_for(api: Api) -> None:
    anna = await api.user()
    board = await anna.board()
    task = await anna.task(await anna.column(board))
    await anna.patch(f"/boards/{board['id']}", is_archived=True)

    assert await anna.items("/tasks") == []
    assert ids(await anna.items("/tasks", archived="all")) == [task["id"]]
    assert ids(await anna.items("/tasks", board_id=board["id"])) == [task["id"]]
    assert ids(await anna.items(f"/columns/{task['column_id']}/tasks")) == [task["id"]]
