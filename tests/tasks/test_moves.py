import asyncpg
import pytest

from api import Api, Json
from log_board import log_of
from log_desk import KINDS, Desk, desk_of, desk_with, kind_of

PLACES = [
    ("A", {"at": "bottom"}, "BCDA"),
    ("D", {"at": "top"}, "DABC"),
    ("D", {"before": "A"}, "DABC"),
    ("D", {"before": "B"}, "ADBC"),
    ("A", {"before": "D"}, "BCAD"),
    ("A", {"after": "D"}, "BCDA"),
    ("A", {"after": "B"}, "BACD"),
    ("D", {"after": "A"}, "ADBC"),
]
STANDING = [
    ("A", {"at": "top"}),
    ("D", {"at": "bottom"}),
    ("B", {"before": "C"}),
    ("B", {"after": "A"}),
    ("B", {"before": "B"}),
    ("B", {"after": "B"}),
]


async def last_event(db: asyncpg.Connection, desk: Desk) -> Json:
    return (await log_of(db, desk.board["id"]))[-1]


def reordered(event: Json) -> list[str]:
    """Give the ids of the rows whose place an event has changed."""
    pairs = [(change["before"], change["after"]) for change in event["changes"]]
    return [new["id"] for old, new in pairs if "rank" in new and old["rank"] != new["rank"]]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(("name", "where", "order"), PLACES)
async def test_a_move_puts_one_thing_where_it_was_told(
    api: Api, db: asyncpg.Connection, kind: str, name: str, where: Json, order: str
) -> None:
    desk = await desk_of(api, kind, "ABCD")

    response = await desk.move(name, **where)

    assert response.status_code == 200
    assert response.json()["version"] == desk.things[name]["version"] + 1
    assert await desk.order() == order
    event = await last_event(db, desk)
    assert event["type"] == f"{kind[:-1]}.moved"
    assert reordered(event) == [desk.id_of(name)]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(("name", "where"), STANDING)
async def test_a_move_to_where_it_stands_is_no_change(
    api: Api, db: asyncpg.Connection, kind: str, name: str, where: Json
) -> None:
    """Seen to fail with ``choose_rank`` that never keeps the row's own key."""
    desk = await desk_of(api, kind, "AXBYCZD")
    for gap in "XYZ":  # so that other keys would fit, too
        await desk.person.delete(f"/{kind}/{desk.id_of(gap)}")
    events = await log_of(db, desk.board["id"])
    thing = await desk.person.read(f"/{kind}/{desk.id_of(name)}")

    response = await desk.move(name, **where)

    assert (response.status_code, response.json()) == (200, thing)
    assert await log_of(db, desk.board["id"]) == events


@pytest.mark.parametrize(
    ("where", "orders"),
    [
        ({"before": "X"}, ["AC", "BXY"]),
        ({"after": "X"}, ["AC", "XBY"]),
        ({"at": "top"}, ["AC", "BXY"]),
        ({"at": "bottom"}, ["AC", "XYB"]),
        ({}, ["AC", "XYB"]),
    ],
)
async def test_a_task_moves_to_another_column(
    api: Api, db: asyncpg.Connection, where: Json, orders: list[str]
) -> None:
    desk = await desk_with(api, "ABC", "XY")

    response = await desk.move("B", column_id=desk.column(1), **where)

    assert response.json()["column_id"] == desk.column(1)
    assert await desk.orders() == orders
    assert [change["id"] for change in (await last_event(db, desk))["changes"]] == [desk.id_of("B")]


async def test_a_neighbour_alone_tells_the_column(api: Api) -> None:
    desk = await desk_with(api, "AB", "XY")

    response = await desk.move("A", after="X")

    assert response.json()["column_id"] == desk.column(1)
    assert await desk.orders() == ["B", "XAY"]


async def test_a_task_moves_into_an_empty_column(api: Api) -> None:
    desk = await desk_with(api, "AB", "")
    for where in ({"at": "top"}, {"at": "bottom"}):
        assert (await desk.move("A", column_id=desk.column(1), **where)).status_code == 200
        assert await desk.orders() == ["B", "A"]
        await desk.move("A", column_id=desk.column(0), at="top")


@pytest.mark.parametrize("side", ["before", "after"])
async def test_a_neighbour_in_another_column_is_a_conflict(api: Api, side: str) -> None:
    desk = await desk_with(api, "AB", "X")

    response = await desk.move("A", column_id=desk.column(0), **{side: "X"})

    assert kind_of(response) == (409, "/problems/neighbour-elsewhere")
    assert response.json()["column_id"] == desk.column(1)
    assert await desk.orders() == ["AB", "X"]


async def test_an_archived_task_has_no_place_to_move_from_or_to(api: Api) -> None:
    desk = await desk_with(api, "ABC")
    await desk.person.patch(f"/tasks/{desk.id_of('B')}", is_archived=True)

    assert kind_of(await desk.move("B", at="top")) == (409, "/problems/task-archived")
    assert kind_of(await desk.move("B", after="A")) == (409, "/problems/task-archived")
    assert kind_of(await desk.move("A", after="B")) == (409, "/problems/neighbour-elsewhere")
    assert await desk.order() == "AC"


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("side", ["before", "after"])
async def test_a_neighbour_on_a_foreign_board_is_not_there(api: Api, kind: str, side: str) -> None:
    desk, foreign = await desk_of(api, kind), await desk_of(api, kind)

    assert (await desk.move("A", **{side: foreign.id_of("B")})).status_code == 404
    assert await desk.order() == "ABC"


@pytest.mark.parametrize("kind", KINDS)
async def test_a_neighbour_on_another_board_of_ones_own_is_not_there(api: Api, kind: str) -> None:
    desk, other = await desk_of(api, kind), await desk_of(api, kind)
    await other.person.invite(other.board, desk.person)

    assert (await desk.move("A", after=other.id_of("B"))).status_code == 404


async def test_naming_the_column_tells_nothing_about_a_foreign_neighbour(api: Api) -> None:
    desk, foreign = await desk_with(api, "AB"), await desk_with(api, "XY")

    response = await desk.move("A", column_id=desk.column(0), after=foreign.id_of("X"))

    assert kind_of(response) == (404, "/problems/not-found")


async def test_a_column_of_another_board_is_not_there(api: Api) -> None:
    desk, foreign = await desk_with(api, "AB"), await desk_with(api, "XY")
    there = foreign.column(0)

    assert (await desk.move("A", column_id=there, at="top")).status_code == 404
    assert (await desk.move("A", column_id=there, after=foreign.id_of("X"))).status_code == 404
    await foreign.person.invite(foreign.board, desk.person)
    assert (await desk.move("A", column_id=there)).status_code == 404
    assert (
        await desk.person.patch(f"/tasks/{desk.id_of('A')}", column_id=there)
    ).status_code == 404
    assert await desk.orders() == ["AB"]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    "where", [{}, {"before": "B", "after": "C"}, {"at": "top", "after": "B"}, {"at": "middle"}]
)
async def test_a_move_names_exactly_one_place(api: Api, kind: str, where: Json) -> None:
    desk = await desk_of(api, kind)

    assert (await desk.move("A", **where)).status_code == 422
