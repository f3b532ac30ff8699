import pytest

from api import Api, Json
from casts import board_with
from checks import events, invalid, refused

GIVEN: Json = {
    "title": "Сайт",
    "description": "Что делаем в этом месяце\nи в следующем",
    "is_public": True,
    "color": "#2f80ed",
    "is_archived": True,
}
DEFAULTS: Json = {"description": "", "is_public": False, "color": None, "is_archived": False}


def at(board: Json) -> str:
    return f"/boards/{board['id']}"


async def test_replacing_a_board_gives_defaults_to_what_is_left_out(api: Api) -> None:
    anna = await api.user()
    board = await anna.board(**GIVEN)

    replaced = (await anna.put(at(board), title="Website")).json()

    changed = {"title": "Website", **DEFAULTS, "seq": 2, "version": 2}
    assert replaced == {**board, **changed} == await anna.read(at(board))


async def test_replacing_a_board_sets_every_field_and_keeps_the_key(api: Api) -> None:
    anna = await api.user()
    board = await anna.board("Website")

    replaced = (await anna.put(at(board), **GIVEN)).json()

    assert replaced == {**board, **GIVEN, "seq": 2, "version": 2} == await anna.read(at(board))


async def test_replacing_a_board_by_itself_is_no_change(api: Api) -> None:
    """Seen to fail with a board that counts a version for every write."""
    anna = await api.user()
    board = await anna.board(**GIVEN)

    for _ in range(2):
        response = await anna.put(at(board), **GIVEN)
        assert (response.status_code, response.json()) == (200, board)


async def test_replacing_a_board_names_its_title_and_nothing_of_the_servers(api: Api) -> None:
    anna = await api.user()
    board = await anna.board()

    invalid(await anna.put(at(board), description="only"), "/body/title")
    invalid(await anna.put(at(board), title="B", columns=["C"]), "/body/columns")
    invalid(await anna.put(at(board), title="B", id=board["id"]), "/body/id")
    assert await anna.read(at(board)) == board


@pytest.mark.parametrize("role", ["MEMBER", "COMMENTER", "OBSERVER"])
async def test_members_and_observers_change_no_board(api: Api, role: str) -> None:
    anna, boris, board = await board_with(api, role)

    refused(await boris.put(at(board), title="Mine"), 403, "not-allowed", role=role)
    refused(await boris.patch(at(board), title="Mine"), 403, "not-allowed", role=role)

    assert await anna.read(at(board)) == {**board, "seq": 2}


async def test_a_moderator_changes_a_board(api: Api) -> None:
    _, boris, board = await board_with(api, "MODERATOR")

    replaced = (await boris.put(at(board), title="B")).json()
    changed = (await boris.patch(at(board), title="C")).json()

    assert (replaced["title"], changed["title"]) == ("B", "C")
    assert (changed["role"], changed["version"]) == ("MODERATOR", 3)


@pytest.mark.parametrize("fields", [{name: value} for name, value in GIVEN.items()])
async def test_a_patch_changes_what_it_names_and_keeps_the_rest(api: Api, fields: Json) -> None:
    anna = await api.user()
    board = await anna.board()

    changed = (await anna.patch(at(board), **fields)).json()

    assert changed == {**board, **fields, "seq": 2, "version": 2} == await anna.read(at(board))


async def test_null_clears_a_boards_color(api: Api) -> None:
    anna = await api.user()
    board = await anna.board(**GIVEN)

    assert (await anna.patch(at(board), color=None)).json()["color"] is None


@pytest.mark.parametrize("name", ["title", "description", "is_public", "is_archived"])
async def test_null_is_refused_where_a_board_must_have_a_value(api: Api, name: str) -> None:
    anna = await api.user()
    board = await anna.board(**GIVEN)

    invalid(await anna.patch(at(board), **{name: None}), f"/body/{name}")
    assert await anna.read(at(board)) == board


async def test_a_patch_that_changes_nothing_is_no_event(api: Api) -> None:
    anna = await api.user()
    board = await anna.board(**GIVEN)

    for fields in ({}, {"title": GIVEN["title"]}, {"color": "#2F80ED"}):
        assert (await anna.patch(at(board), **fields)).json() == board


async def test_an_archived_board_works_on_and_can_be_restored(api: Api) -> None:
    anna = await api.user()
    board = await anna.board(columns=["To do"])
    await anna.patch(at(board), is_archived=True)

    (column,) = await anna.items(f"{at(board)}/columns")
    async with events(anna, board, 1):
        await anna.task(column)

    restored = (await anna.patch(at(board), is_archived=False)).json()
    assert (restored["is_archived"], restored["version"], restored["seq"]) == (False, 3, 4)
