import re

import pytest

from api import Api, Json
from casts import board_with
from checks import invalid, refused
from doska.schemas import new_id

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


async def test_a_new_board_has_defaults_for_what_is_left_out(api: Api) -> None:
    board = await (await api.user()).board("Website")

    assert board.items() >= {"title": "Website", **DEFAULTS}.items()
    assert board.items() >= {"seq": 1, "version": 1, "role": "CREATOR"}.items()


async def test_a_new_board_has_what_it_was_given(api: Api) -> None:
    board = await (await api.user()).board(**GIVEN)

    assert board.items() >= GIVEN.items()


async def test_a_new_board_has_the_columns_that_were_named_from_left_to_right(api: Api) -> None:
    anna = await api.user()
    board = await anna.board(columns=["Later", "Сейчас", "Done"])

    columns = await anna.items(f"{at(board)}/columns")

    assert [column["title"] for column in columns] == ["Later", "Сейчас", "Done"]
    assert board["seq"] == 1


@pytest.mark.parametrize(
    ("title", "key"),
    [
        ("Website", "WEB"),
        ("Сайт", "S"),
        ("Щука", "SCH"),
        ("Übung", "UB"),
        ("Big New Site", "BNS"),
        ("Личные дела", "LD"),
    ],
)
async def test_a_key_begins_as_the_title_does_in_latin_letters(
    api: Api, title: str, key: str
) -> None:
    board = await (await api.user()).board(title)

    is_initials = " " in title
    assert board["key"] == key if is_initials else board["key"].startswith(key)


@pytest.mark.parametrize("title", ["!!!", "2026", "板", "ъъъ", "7 дней", "a" * 200])
async def test_every_title_gives_a_key_that_reads_well(api: Api, title: str) -> None:
    board = await (await api.user()).board(title)

    assert re.fullmatch("[A-Z][A-Z0-9]{0,9}", board["key"])


async def test_a_client_may_name_the_id_of_a_new_board(api: Api) -> None:
    anna, made_id = await api.user(), new_id()

    response = await anna.post("/boards", title="Website", id=made_id.upper())

    assert response.status_code == 201
    assert response.json()["id"] == made_id
    assert response.headers["location"] == f"/boards/{made_id}"


async def test_an_id_that_exists_is_taken_whoever_has_it(api: Api) -> None:
    anna, stranger = await api.user(), await api.user()
    board = await anna.board()

    for person in (anna, stranger):
        refused(await person.post("/boards", title="B", id=board["id"]), 409, "already-exists")


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({}, "/body/title"),
        ({"title": ""}, "/body/title"),
        ({"title": "  "}, "/body/title"),
        ({"title": "x" * 201}, "/body/title"),
        ({"title": "two\nlines"}, "/body/title"),
        ({"title": None}, "/body/title"),
        ({"title": "B", "color": "red"}, "/body/color"),
        ({"title": "B", "is_public": "yes"}, "/body/is_public"),
        ({"title": "B", "is_archived": 1}, "/body/is_archived"),
        ({"title": "B", "description": None}, "/body/description"),
        ({"title": "B", "description": "x" * 50_001}, "/body/description"),
        ({"title": "B", "id": "7"}, "/body/id"),
        ({"title": "B", "columns": ["C"] * 51}, "/body/columns"),
        ({"title": "B", "columns": ["C", ""]}, "/body/columns/1"),
        ({"title": "B", "key": "WEB"}, "/body/key"),
        ({"title": "B", "seq": 7}, "/body/seq"),
        ({"title": "B", "version": 7}, "/body/version"),
        ({"title": "B", "colour": "#000000"}, "/body/colour"),
    ],
)
async def test_a_board_that_cannot_be_is_not_made(api: Api, body: Json, pointer: str) -> None:
    anna = await api.user()

    invalid(await anna.post("/boards", **body), pointer)

    assert len(await anna.items("/boards", archived="all")) == 1  # the one of every new user


async def test_nobody_makes_a_board_without_signing_in(api: Api) -> None:
    refused(await api.nobody().post("/boards", title="B"), 401, "unauthenticated")


async def test_deleting_a_board_deletes_all_that_is_on_it(api: Api) -> None:
    anna, boris, board = await board_with(api, "MEMBER")
    column = await anna.column(board)
    task = await anna.task(column, assignee_ids=[boris.id])
    subtask = await anna.subtask(task)

    response = await anna.delete(at(board))

    assert (response.status_code, response.content) == (204, b"")
    gone = [("boards", board), ("columns", column), ("tasks", task), ("subtasks", subtask)]
    for person in (anna, boris):
        for kind, thing in gone:
            refused(await person.get(f"/{kind}/{thing['id']}"), 404, "not-found")


async def test_everybody_may_delete_the_board_that_they_have_from_the_start(api: Api) -> None:
    anna = await api.user()
    (home,) = await anna.items("/boards")

    assert (await anna.delete(at(home))).status_code == 204
    assert await anna.items("/boards", archived="all") == []
    refused(await anna.delete(at(home)), 404, "not-found")


@pytest.mark.parametrize("role", ["MODERATOR", "MEMBER", "COMMENTER", "OBSERVER"])
async def test_only_its_creator_deletes_a_board(api: Api, role: str) -> None:
    anna, boris, board = await board_with(api, role)

    refused(await boris.delete(at(board)), 403, "not-allowed", role=role)

    assert (await anna.get(at(board))).status_code == 200


async def test_a_board_that_one_may_not_see_does_not_exist(api: Api) -> None:
    anna, stranger = await api.user(), await api.user()
    path = at(await anna.board())

    for refusal in (
        await stranger.get(path),
        await stranger.put(path, title="Mine"),
        await stranger.patch(path, title="Mine"),
        await stranger.delete(path),
    ):
        refused(refusal, 404, "not-found")


async def test_a_path_needs_a_uuid(api: Api) -> None:
    anna = await api.user()

    for refusal in (await anna.get("/boards/7"), await anna.delete("/boards/7")):
        invalid(refusal, "/path/board_id")


async def test_a_passer_by_reads_a_public_board_without_a_role_and_changes_nothing(
    api: Api,
) -> None:
    anna, passer_by = await api.user(), await api.user()
    board = await anna.board(is_public=True)

    assert await passer_by.read(at(board)) == {**board, "role": None}
    refused(await passer_by.patch(at(board), title="Mine"), 403, "not-allowed", role=None)
    refused(await passer_by.delete(at(board)), 403, "not-allowed", role=None)
