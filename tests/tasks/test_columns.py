import pytest

from api import Api, Json, Person
from casts import board_with
from checks import events, invalid, refused
from doska.schemas import new_id
from works import a_column

GIVEN: Json = {
    "title": "Готово",
    "color": "#2f80ed",
    "status": "IN_PROGRESS",
    "task_limit": 3,
    "limit_is_hard": True,
}
DEFAULTS: Json = {"color": None, "status": None, "task_limit": None, "limit_is_hard": False}
RUSSIAN = [
    ("новая", "TODO"),
    ("в ПРОЦЕССЕ", "IN_PROGRESS"),
    ("ЗАВЕРШЕНА", "DONE"),
    ("отклоненА", "REJECTED"),
    ("done", "DONE"),
]


def at(column: Json) -> str:
    return f"/columns/{column['id']}"


async def titles(person: Person, board: Json) -> list[str]:
    return [column["title"] for column in await person.items(f"/boards/{board['id']}/columns")]


async def test_a_new_column_has_what_it_was_given_or_defaults(api: Api) -> None:
    anna, board, column = await a_column(api)

    expected = {"board_id": board["id"], "title": "To do", "version": 1, **DEFAULTS}
    assert column.items() >= expected.items()
    assert (await anna.column(board, **GIVEN)).items() >= GIVEN.items()


async def test_a_new_column_stands_at_the_right_end(api: Api) -> None:
    anna = await api.user()
    board = await anna.board(columns=["A", "B"])

    async with events(anna, board, 2):
        made = [await anna.column(board, "C"), await anna.column(board, "D")]

    assert await titles(anna, board) == ["A", "B", "C", "D"]
    assert made[0]["rank"].encode() < made[1]["rank"].encode()


@pytest.mark.parametrize(("written", "status"), RUSSIAN)
async def test_a_columns_status_may_be_written_in_russian(
    api: Api, written: str, status: str
) -> None:
    anna, board, column = await a_column(api)

    assert (await anna.column(board, status=written))["status"] == status
    assert (await anna.patch(at(column), status=written)).json()["status"] == status


async def test_a_client_may_name_the_id_of_a_new_column(api: Api) -> None:
    anna, made_id = await api.user(), new_id()
    board = await anna.board()

    response = await anna.post("/columns", board_id=board["id"], title="A", id=made_id)

    assert response.json()["id"] == made_id
    assert response.headers["location"] == f"/columns/{made_id}"
    again = await anna.post("/columns", board_id=board["id"], title="A", id=made_id)
    refused(again, 409, "already-exists")


@pytest.mark.parametrize(
    ("fields", "pointer"),
    [
        ({"title": ""}, "/body/title"),
        ({"title": "x" * 201}, "/body/title"),
        ({"color": "#fff"}, "/body/color"),
        ({"status": "whatever"}, "/body/status"),
        ({"task_limit": 0}, "/body/task_limit"),
        ({"task_limit": -1}, "/body/task_limit"),
        ({"task_limit": "3"}, "/body/task_limit"),
        ({"task_limit": True}, "/body/task_limit"),
        ({"task_limit": 10**20}, "/body/task_limit"),
        ({"limit_is_hard": "yes"}, "/body/limit_is_hard"),
        ({"rank": "a0"}, "/body/rank"),
        ({"version": 1}, "/body/version"),
    ],
)
async def test_a_column_that_cannot_be_is_neither_made_nor_left_behind(
    api: Api, fields: Json, pointer: str
) -> None:
    anna, board, column = await a_column(api)

    body = {"title": "A", **fields}
    invalid(await anna.post("/columns", board_id=board["id"], **body), pointer)
    invalid(await anna.put(at(column), **body), pointer)
    invalid(await anna.patch(at(column), **fields), pointer)

    assert await anna.items(f"/boards/{board['id']}/columns") == [{**column, "task_count": 0}]


async def test_a_column_is_made_on_a_board_that_one_may_edit(api: Api) -> None:
    anna, stranger = await api.user(), await api.user()
    board = await anna.board()

    invalid(await anna.post("/columns", title="A"), "/body/board_id")
    for board_id in (board["id"], new_id()):
        response = await stranger.post("/columns", board_id=board_id, title="A")
        refused(response, 404, "not-found")


@pytest.mark.parametrize("role", ["MEMBER", "COMMENTER", "OBSERVER"])
async def test_members_and_observers_change_no_columns(api: Api, role: str) -> None:
    anna, boris, board = await board_with(api, role)
    column = await anna.column(board)

    async with events(anna, board, 0):
        for refusal in (
            await boris.post("/columns", board_id=board["id"], title="A"),
            await boris.put(at(column), title="A"),
            await boris.patch(at(column), title="A"),
            await boris.post(f"{at(column)}/move", at="top"),
            await boris.delete(at(column)),
        ):
            refused(refusal, 403, "not-allowed", role=role)


async def test_a_moderator_makes_changes_and_deletes_columns(api: Api) -> None:
    _, boris, board = await board_with(api, "MODERATOR")

    column = await boris.column(board)
    assert (await boris.put(at(column), title="A")).json()["title"] == "A"
    assert (await boris.patch(at(column), title="B")).json()["title"] == "B"
    assert (await boris.delete(at(column))).status_code == 204


async def test_replacing_a_column_gives_defaults_to_what_is_left_out(api: Api) -> None:
    anna, _, column = await a_column(api, **GIVEN)

    replaced = (await anna.put(at(column), title="Doing")).json()

    expected = {**column, "title": "Doing", **DEFAULTS, "version": 2}
    assert replaced == expected == await anna.read(at(column))


async def test_replacing_a_column_sets_every_field(api: Api) -> None:
    anna, _, column = await a_column(api)

    replaced = (await anna.put(at(column), **GIVEN)).json()

    assert replaced == {**column, **GIVEN, "version": 2} == await anna.read(at(column))


async def test_replacing_a_column_by_itself_is_no_change(api: Api) -> None:
    """Seen to fail with ``update`` that touches a row that stays the same."""
    anna, board, column = await a_column(api, **GIVEN)

    async with events(anna, board, 0):
        for _ in range(2):
            response = await anna.put(at(column), **GIVEN)
            assert (response.status_code, response.json()) == (200, column)


async def test_replacing_a_column_names_its_title_and_no_board(api: Api) -> None:
    anna, board, column = await a_column(api)
    elsewhere = await anna.board()

    invalid(await anna.put(at(column), color=None), "/body/title")
    for board_id in (board["id"], elsewhere["id"]):
        invalid(await anna.put(at(column), title="A", board_id=board_id), "/body/board_id")
        invalid(await anna.patch(at(column), board_id=board_id), "/body/board_id")


@pytest.mark.parametrize("fields", [{name: value} for name, value in GIVEN.items()])
async def test_a_patch_changes_what_it_names_and_keeps_the_rest(api: Api, fields: Json) -> None:
    anna, board, column = await a_column(api)

    async with events(anna, board, 1):
        changed = (await anna.patch(at(column), **fields)).json()

    assert changed == {**column, **fields, "version": 2} == await anna.read(at(column))


@pytest.mark.parametrize("name", ["color", "status", "task_limit"])
async def test_null_clears_what_a_column_need_not_have(api: Api, name: str) -> None:
    anna, _, column = await a_column(api, **GIVEN)

    changed = (await anna.patch(at(column), **{name: None})).json()

    assert changed == {**column, name: None, "version": 2}


@pytest.mark.parametrize("name", ["title", "limit_is_hard"])
async def test_null_is_refused_where_a_column_must_have_a_value(api: Api, name: str) -> None:
    anna, _, column = await a_column(api, **GIVEN)

    invalid(await anna.patch(at(column), **{name: None}), f"/body/{name}")
    assert await anna.read(at(column)) == column


async def test_a_column_that_one_may_not_see_does_not_exist(api: Api) -> None:
    anna, board, column = await a_column(api)
    stranger = await api.user()

    async with events(anna, board, 0):
        for refusal in (
            await stranger.get(at(column)),
            await stranger.get(f"{at(column)}/tasks"),
            await stranger.put(at(column), title="A"),
            await stranger.patch(at(column), title="A"),
            await stranger.post(f"{at(column)}/move", at="top"),
            await stranger.delete(at(column)),
        ):
            refused(refusal, 404, "not-found")


@pytest.mark.parametrize(("side", "order"), [("before", "CAB"), ("after", "ACB")])
async def test_a_column_moves_beside_another_with_its_tasks(
    api: Api, side: str, order: str
) -> None:
    anna, board, first = await a_column(api, title="A")
    await anna.column(board, "B")
    last = await anna.column(board, **{**GIVEN, "title": "C"})
    task = await anna.task(last)

    moved = (await anna.post(f"{at(last)}/move", **{side: first["id"]})).json()

    assert moved == {**last, "rank": moved["rank"], "version": 2} == await anna.read(at(last))
    assert "".join(await titles(anna, board)) == order
    assert await anna.read(f"/tasks/{task['id']}") == task


async def test_a_move_names_one_place_and_a_neighbour_that_there_is(api: Api) -> None:
    anna, board, column = await a_column(api)
    foreign = await anna.column(await anna.board())

    async with events(anna, board, 0):
        invalid(await anna.post(f"{at(column)}/move"), "/body")
        invalid(await anna.post(f"{at(column)}/move", at="top", after=new_id()), "/body")
        for near_id in (new_id(), foreign["id"]):
            refused(await anna.post(f"{at(column)}/move", after=near_id), 404, "not-found")
