"""A day on which a task is due, beside the moment at which it may be due."""

from typing import Any

import asyncpg
import pytest

from api import Api, Json, Person
from checks import invalid
from walks import walked
from works import a_column, a_task, at, ids

DAY, MOMENT = "2026-05-03", "2026-05-03T12:00:00+00:00"


def due(task: Json) -> tuple[Any, Any]:
    return task["due_at"], task["due_on"]


async def test_a_day_is_kept_as_it_is_and_shown_wherever_the_task_is(api: Api) -> None:
    anna, board, column = await a_column(api)
    task = await anna.task(column, due_on=DAY)
    assert due(task) == (None, DAY)
    shown = await anna.read(f"/boards/{board['id']}/snapshot")
    cards = await anna.items("/tasks", fields="card")
    events = await anna.items(f"/boards/{board['id']}/events", after=shown["seq"] - 1)
    for found in (shown["tasks"][0], cards[0], events[0]["payload"]["task"]):
        assert due(found) == (None, DAY)


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"due_on": DAY}, (None, DAY)),
        ({"due_at": MOMENT}, (MOMENT, None)),
        ({"due_on": DAY, "due_at": None}, (None, DAY)),
        ({"due_at": MOMENT, "due_on": None}, (MOMENT, None)),
        ({"title": "Paint"}, "kept"),
    ],
    ids=str,
)
@pytest.mark.parametrize(
    "made", [{"due_on": "2026-01-01"}, {"due_at": "2026-01-01T00:00:00+00:00"}], ids=str
)
@pytest.mark.parametrize("way", ["patch", "batch"])
async def test_setting_one_clears_the_other(
    api: Api, made: Json, fields: Json, expected: Any, way: str
) -> None:
    anna, board, task = await a_task(api, **made)
    if way == "patch":
        answer = await anna.patch(at(task), **fields)
    else:
        operation = {"op": "update_task", "task_id": task["id"], "body": fields}
        answer = await anna.post(f"/boards/{board['id']}/batch", operations=[operation])
    assert answer.status_code == 200
    found = await anna.read(at(task))
    assert due(found) == (due(task) if expected == "kept" else expected)
    seq = (await anna.read(f"/boards/{board['id']}"))["seq"]
    await anna.post(f"/boards/{board['id']}/undo", seq=seq)
    assert due(await anna.read(at(task))) == due(task)


async def test_replacing_sets_what_it_names_and_clears_the_rest(api: Api) -> None:
    anna, _, task = await a_task(api, due_on=DAY)
    assert due((await anna.put(at(task), title="Draw", due_at=MOMENT)).json()) == (MOMENT, None)
    assert due((await anna.put(at(task), title="Draw", due_on=DAY)).json()) == (None, DAY)
    assert due((await anna.put(at(task), title="Draw")).json()) == (None, None)


@pytest.mark.parametrize(
    "day",
    [
        "tomorrow",
        "2026-02-30",
        "03.05.2026",
        MOMENT,
        "2026-5-3",
        20260503,
        True,
        "0000-01-01",
        "\uff12026-05-03",
    ],
)
async def test_what_is_no_day_is_refused(api: Api, day: Any) -> None:
    anna, _, task = await a_task(api)
    invalid(await anna.patch(at(task), due_on=day), "/body/due_on")


async def test_a_day_and_a_moment_together_are_refused(api: Api) -> None:
    anna, board, task = await a_task(api)
    both = {"due_at": MOMENT, "due_on": DAY}
    invalid(await anna.patch(at(task), **both), "/body/due_on")
    invalid(await anna.put(at(task), title="Draw", **both), "/body/due_on")
    invalid(await anna.post("/tasks", title="Draw", **both), "/body/due_on")
    operation = {"op": "update_task", "task_id": task["id"], "body": both}
    answer = await anna.post(f"/boards/{board['id']}/batch", operations=[operation])
    assert answer.status_code == 422


# In Moscow 3 May ends at 21:00 of Greenwich, in Honolulu at 10:00 of the next day.
@pytest.mark.parametrize(
    ("params", "titles"),
    [
        ({"due_before": "2026-05-04T00:00:00Z"}, "day moment"),
        ({"due_before": "2026-05-03T23:59:59.999999Z"}, "moment"),
        ({"due_after": "2026-05-03T23:59:59.999999Z"}, "day"),
        ({"due_after": "2026-05-04T00:00:00Z"}, ""),
        ({"due_before": "2026-05-03T21:00:00Z", "time_zone": "Europe/Moscow"}, "day moment"),
        ({"due_before": "2026-05-03T20:59:59Z", "time_zone": "Europe/Moscow"}, "moment"),
        ({"due_before": "2026-05-04T09:59:59Z", "time_zone": "Pacific/Honolulu"}, "moment"),
        ({"due_before": "2026-05-04T10:00:00Z", "time_zone": "Pacific/Honolulu"}, "day moment"),
        ({"due_after": "0001-01-01T00:00:00Z", "time_zone": "Pacific/Honolulu"}, "day moment"),
        ({"due_before": "9999-12-31T23:59:59Z", "time_zone": "Europe/Moscow"}, "day moment"),
        ({"due": "none"}, "never"),
    ],
    ids=str,
)
async def test_filters_take_a_day_as_a_whole(api: Api, params: Json, titles: str) -> None:
    """A day is before a moment by which it is over."""
    anna, _, column = await a_column(api)
    for title, when in (("day", {"due_on": DAY}), ("moment", {"due_at": MOMENT}), ("never", {})):
        await anna.task(column, title, **when)
    found = await anna.items("/tasks", sort="title", **params)
    assert [task["title"] for task in found] == titles.split()


DUES: list[Json] = [
    {"due_on": "0001-01-01"},
    {"due_at": "2026-05-03T20:00:00Z"},
    {"due_on": DAY},
    {"due_at": "2026-05-03T23:00:00Z"},
    {"due_on": "2026-05-04"},
    {"due_on": "9999-12-31"},
    {},
]


@pytest.mark.parametrize(
    ("zone", "expected"),
    [(None, "0132456"), ("Europe/Moscow", "0123456"), ("Pacific/Honolulu", "0132456")],
)
async def test_a_day_is_sorted_by_its_end_and_what_is_never_due_comes_last(
    api: Api, zone: str | None, expected: str
) -> None:
    """Page by page."""
    anna, _, column = await a_column(api)
    for number, when in enumerate(DUES):
        await anna.task(column, str(number), **when)
    params: Json = {"time_zone": zone} if zone else {}
    for limit in (1, 200):
        up = await walked(anna, "/tasks", sort="due_at", limit=limit, **params)
        down = await walked(anna, "/tasks", sort="-due_at", limit=limit, **params)
        assert "".join(task["title"] for task in up) == expected
        assert "".join(task["title"] for task in down) == expected[-2::-1] + expected[-1]
        assert len(set(ids(up))) == len(DUES)


async def test_a_time_zone_that_there_is_not_is_refused(api: Api) -> None:
    anna = await api.user()
    invalid(await anna.get("/tasks", sort="due_at", time_zone="Mars/North"), "/query/time_zone")


async def events_of(anna: Person, board: Json) -> list[Json]:
    return await anna.items(f"/boards/{board['id']}/events")


async def test_an_earlier_day_is_not_brought_back_beside_a_moment(api: Api) -> None:
    anna, board, task = await a_task(api, due_on=DAY)
    await anna.patch(at(task), due_on=None)
    seq = (await events_of(anna, board))[-1]["seq"]
    await anna.patch(at(task), due_at=MOMENT)
    answer = await anna.post(f"/boards/{board['id']}/undo", seq=seq)
    assert answer.status_code == 409
    (conflict,) = answer.json()["conflicts"]
    assert (conflict["fields"], conflict["seq"]) == (["due_at"], seq + 1)


# As the release before days logged rows.
OLD = """
    update events set changes = regexp_replace(changes::text, '"due_on": null, ', '', 'g')::jsonb
    where board_id = $1"""


async def test_what_was_logged_before_there_were_days_is_taken_back(
    api: Api, db: asyncpg.Connection
) -> None:
    anna, board, task = await a_task(api)
    await anna.patch(at(task), title="Paint")
    await anna.delete(at(task))
    await db.execute(OLD, board["id"])
    path = f"/boards/{board['id']}/undo"
    last = (await events_of(anna, board))[-1]["seq"]
    assert (await anna.post(path, seq=last)).status_code == 200
    assert (await anna.post(path, seq=last - 1)).status_code == 200
    assert due(found := await anna.read(at(task))) == (None, None)
    assert found["title"] == "Draw"
    await anna.patch(at(task), due_on=DAY)
    answer = await anna.post(path, seq=last - 2)
    assert answer.json()["conflicts"][0]["fields"] == ["due_on"]


async def test_a_day_is_as_it_was_in_the_past(api: Api) -> None:
    anna, board, task = await a_task(api, due_on=DAY)
    seq = (await events_of(anna, board))[-1]["seq"]
    await anna.patch(at(task), due_at=MOMENT)
    past = await anna.read(f"/boards/{board['id']}/snapshot", at=seq)
    assert due(past["tasks"][0]) == due(await anna.read(at(task), at=seq)) == (None, DAY)
