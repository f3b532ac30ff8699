"""Cards: what a board shows of its tasks, however long their descriptions are."""

import pytest

from api import Api, Json, Person
from checks import invalid
from past import path_of

LONG = "д" * 20_000
LISTS = ("/tasks", "/columns/{column}/tasks")


async def a_board(anna: Person) -> tuple[Json, str, list[Json]]:
    """Make a board of two tasks, one of which has a long description."""
    board = await anna.board()
    column = await anna.column(board)
    tasks = [await anna.task(column, description=text) for text in (LONG, "")]
    return board, column["id"], tasks


def card(task: Json) -> Json:
    """Make the card of a task."""
    rest = {name: value for name, value in task.items() if name != "description"}
    return {**rest, "has_description": task["description"] != ""}


@pytest.mark.parametrize("path", LISTS)
async def test_lists_show_cards_to_those_who_ask_for_them(api: Api, path: str) -> None:
    anna = await api.user()
    _, column, tasks = await a_board(anna)
    path = path.format(column=column)
    assert await anna.items(path) == await anna.items(path, fields="all") == tasks
    assert await anna.items(path, fields="card") == [card(task) for task in tasks]
    assert await anna.items(path, fields="card", q="ДД") == [card(tasks[0])]
    for wrong in ("cards", "", "title"):
        invalid(await anna.get(path, fields=wrong), "/query/fields")


async def test_pages_of_cards_go_on_as_pages_of_tasks_do(api: Api) -> None:
    anna = await api.user()
    _, _, tasks = await a_board(anna)
    first = await anna.get("/tasks", fields="card", limit=1)
    assert "fields=card" in first.links["next"]["url"]
    second = await anna.send("GET", first.links["next"]["url"])
    assert [page.json()["items"] for page in (first, second)] == [[card(task)] for task in tasks]


async def test_a_snapshot_shows_cards(api: Api) -> None:
    """Seen to fail with the description in it."""
    anna = await api.user()
    board, _, tasks = await a_board(anna)
    answer = await anna.get(path_of(board))
    assert answer.json()["tasks"] == [card(task) for task in tasks]
    assert len(answer.content) < 5_000


async def test_a_snapshot_in_the_shape_of_the_release_before_is_not_up_to_date(api: Api) -> None:
    """Seen to fail with the tag of the release before."""
    anna = await api.user()
    board, _, _ = await a_board(anna)
    now = await anna.get(path_of(board))
    tag, old = now.headers["etag"], f'W/"{now.json()["position"]}.1000"'
    for known, status in ((tag, 304), (old, 200)):
        answer = await anna.send("GET", path_of(board), headers={"if-none-match": known})
        assert answer.status_code == status
