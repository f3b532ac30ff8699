"""Whose an answer is that is kept under an Idempotency-Key: judged anew with each repeat."""

import asyncpg
import pytest

from api import PASSWORD, Api, Json
from checks import refused
from people import another_device, promote
from repeats import KEY, a_task, create, is_replayed, rename, shown


async def test_the_first_answer_is_for_those_who_may_still_see_the_board(api: Api) -> None:
    """Seen to fail when the right was not judged again before a replay."""
    anna, boris = await api.user("anna"), await api.user("boris")
    task = await a_task(anna)
    await anna.invite({"id": task["board_id"]}, boris)
    assert (await rename(boris, task)).status_code == 200
    assert is_replayed(await rename(boris, task))
    await anna.delete(f"/boards/{task['board_id']}/users/{boris.id}")
    refused(await rename(boris, task), 404, "not-found")


@pytest.mark.parametrize("way", ["removed", "a member", "a reader", "its CREATOR"])
async def test_of_a_board_that_is_gone_only_who_deleted_it_is_answered(
    api: Api, db: asyncpg.Connection, way: str
) -> None:
    """With what they did there, and the deletion. Seen to fail when a gone board hid nothing."""
    anna, boris = await api.user("anna"), await api.user("boris")
    root = await promote(db, await api.user("root"))
    board = await anna.board(is_public=way == "a reader", columns=["To do"])
    path, (column,) = f"/boards/{board['id']}", await anna.items(f"/boards/{board['id']}/columns")
    await anna.invite(board, boris)
    keyed: Json = {"json": {"column_id": column["id"], "title": "Secret"}, "headers": KEY}
    made = await boris.send("POST", "/tasks", **keyed)
    if way == "its CREATOR":
        await anna.put(f"{path}/users/{boris.id}", role="CREATOR")
    elif way != "a member":
        await anna.delete(f"{path}/users/{boris.id}")
    deleting: Json = {"headers": {"idempotency-key": "gone"}}
    assert (await root.send("DELETE", path, **deleting)).status_code == 204
    refused(await boris.send("POST", "/tasks", **keyed), 404, "not-found")
    assert made.status_code == 201
    again = await root.send("DELETE", path, **deleting)
    assert (again.status_code, is_replayed(again)) == (204, True)


async def test_who_deleted_the_board_is_answered_as_before(api: Api) -> None:
    """Also what they did there before."""
    anna = await api.user("anna")
    task = await a_task(anna)
    first = await rename(anna, task)
    assert (await anna.delete(f"/boards/{task['board_id']}")).status_code == 204
    again = await rename(anna, task)
    assert (shown(again), is_replayed(again)) == (shown(first), True)


async def test_the_first_answer_is_for_those_who_are_signed_in(api: Api) -> None:
    anna = await api.user("anna")
    phone = await another_device(api, anna, PASSWORD)
    assert (await create(phone)).status_code == 201
    token = dict(phone.client.cookies)
    await phone.post("/auth/logout")
    phone.client.cookies.update(token)
    refused(await create(phone), 401, "unauthenticated")
    assert is_replayed(await create(anna))
