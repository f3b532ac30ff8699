"""What a column asks of a task that enters it: room, and a status."""

from api import Api
from log_desk import desk_with, kind_of


async def test_a_hard_limit_refuses_a_task_and_says_why(api: Api) -> None:
    desk = await desk_with(api, "AB", "XY", task_limit=2, limit_is_hard=True)
    full = desk.column(1)
    refusals = [
        await desk.move("A", column_id=full, at="top"),
        await desk.move("A", before="X"),
        await desk.person.patch(f"/tasks/{desk.id_of('A')}", column_id=full),
        await desk.person.post("/tasks", column_id=full, title="Z"),
    ]

    assert [kind_of(refusal) for refusal in refusals] == [(409, "/problems/column-full")] * 4
    found = [(refusal.json()["limit"], refusal.json()["current"]) for refusal in refusals]
    assert found == [(2, 2)] * 4
    assert await desk.orders() == ["AB", "XY"]


async def test_a_full_column_still_orders_its_own_tasks(api: Api) -> None:
    desk = await desk_with(api, "AB", "XY", task_limit=2, limit_is_hard=True)

    assert (await desk.move("Y", at="top")).status_code == 200
    assert await desk.orders() == ["AB", "YX"]


async def test_a_soft_limit_only_shows(api: Api) -> None:
    desk = await desk_with(api, "AB", "XY", task_limit=2)

    assert (await desk.move("A", before="X")).status_code == 200
    assert await desk.orders() == ["B", "AXY"]


async def test_archived_tasks_leave_room_under_a_hard_limit(api: Api) -> None:
    desk = await desk_with(api, "AB", "XY", task_limit=2, limit_is_hard=True)
    await desk.person.patch(f"/tasks/{desk.id_of('X')}", is_archived=True)

    assert (await desk.move("A", before="Y")).status_code == 200
    back = await desk.person.patch(f"/tasks/{desk.id_of('X')}", is_archived=False)
    assert kind_of(back) == (409, "/problems/column-full")
    assert await desk.orders() == ["B", "AY"]


async def test_entering_a_column_with_a_status_takes_it_on(api: Api) -> None:
    desk = await desk_with(api, "A", "X", status="DONE")
    done = (await desk.move("A", before="X")).json()
    assert (done["status"], done["completed_at"]) == ("DONE", done["updated_at"])

    await desk.person.patch(f"/columns/{desk.column(0)}", status="TODO")
    back = (await desk.move("A", column_id=desk.column(0), at="top")).json()
    assert (back["status"], back["completed_at"]) == ("TODO", None)


async def test_a_column_without_a_status_leaves_a_task_as_it_is(api: Api) -> None:
    desk = await desk_with(api, "A", "X", status="DONE")
    done = (await desk.move("A", before="X")).json()

    moved = (await desk.move("A", column_id=desk.column(0))).json()

    assert (moved["status"], moved["completed_at"]) == ("DONE", done["completed_at"])


async def test_a_column_over_its_limit_still_takes_what_counts_nothing(api: Api) -> None:
    """Seen to fail with a limit that is compared also when no task enters."""
    desk = await desk_with(api, "A", "XY", task_limit=1, limit_is_hard=True)
    await desk.person.patch(f"/tasks/{desk.id_of('A')}", is_archived=True)
    old, full = desk.column(0), desk.column(1)

    response = await desk.person.delete(f"/columns/{old}", tasks="move", to=full)

    assert response.status_code == 204
    assert (await desk.person.read(f"/tasks/{desk.id_of('A')}"))["column_id"] == full
