"""An id belongs for ever to what first bore it: to others it is refused, and undo brings it back."""

import asyncio

import asyncpg
import httpx
import pytest

from api import Api
from batches import op, send
from checks import invalid, refused, seq_of
from doska.schemas import new_id
from log_rival import Rival
from used_ids import NAMED, create, lose, things

WAYS = ("deleted", "undone", "gone with what it is on", "gone with the board", "gone in a batch")


def same(one: httpx.Response, other: httpx.Response) -> None:
    """Check that two are refused with the same words."""
    first, second = ({**answer.json(), "request_id": ""} for answer in (one, other))
    refused(one, 409, "already-exists")
    assert first == second


GONE = [
    (kind, way)
    for kind in NAMED
    for way in WAYS
    if kind in ("task", "subtask") or way != "gone with what it is on"
    if kind != "board" or way in ("deleted", "gone with the board")
]


@pytest.mark.parametrize("new", NAMED)
@pytest.mark.parametrize(("kind", "way"), GONE)
async def test_the_id_of_what_is_gone_is_refused_as_one_in_use(
    api: Api, new: str, kind: str, way: str
) -> None:
    """To others as to oneself, for whatever it is wanted. Seen to fail while only rows had ids."""
    anna, boris = await api.user(), await api.user()
    made, theirs, used = await things(anna), await things(boris), await things(anna)
    await lose(anna, made, kind, way)
    for person, own in ((boris, theirs), (anna, used)):
        answer = await create(person, own, new, made[kind]["id"])
        same(answer, await create(person, own, new, used[kind]["id"]))
        dry = await create(person, own, new, made[kind]["id"], prefer="dry-run")
        same(answer, dry)


@pytest.mark.parametrize("kind", NAMED[1:])
async def test_undo_brings_an_id_back_whatever_others_have_tried(api: Api, kind: str) -> None:
    """And takes it away and brings it back again. Seen to fail when it counted as a new one."""
    anna, boris = await api.user(), await api.user()
    made, theirs = await things(anna), await things(boris)
    board = made["board"]
    await lose(anna, made, kind, "deleted")
    refused(await create(boris, theirs, kind, made[kind]["id"]), 409, "already-exists")
    for turn in range(3):
        answer = await anna.post(f"/boards/{board['id']}/undo", seq=await seq_of(anna, board))
        assert answer.status_code == 200, answer.text
        found = await anna.get(f"/{kind}s/{made[kind]['id']}")
        assert found.status_code == (404 if turn % 2 else 200)
    refused(await create(boris, theirs, kind, made[kind]["id"]), 409, "already-exists")


async def test_what_was_never_made_leaves_its_id_free(api: Api) -> None:
    """A dry run and a refusal use no id up."""
    anna = await api.user()
    made, wanted = await things(anna), new_id()
    assert (await create(anna, made, "task", wanted, prefer="dry-run")).status_code == 200
    refused(
        await create(anna, {**made, "column": {"id": new_id()}}, "task", wanted), 404, "not-found"
    )
    assert (await create(anna, made, "task", wanted)).status_code == 201


@pytest.mark.parametrize("kind", NAMED[1:])
async def test_a_batch_tells_which_operation_wants_a_used_id(api: Api, kind: str) -> None:
    """Seen to fail while it asked only for what there is."""
    anna, boris = await api.user(), await api.user()
    made, theirs = await things(anna), await things(boris)
    await lose(anna, made, kind, "deleted")
    first = op("create_column", {"title": "New"})
    second = op("create_column", {"title": "New", "id": made[kind]["id"]})
    answer = await send(boris, theirs["board"]["id"], first, second)
    refused(answer, 409, "already-exists", operation=1)


async def test_what_a_batch_makes_and_deletes_again_has_had_its_id(api: Api) -> None:
    """Within the batch and after it. Seen to fail with ids of what is left only."""
    anna = await api.user()
    made, wanted = await things(anna), new_id()
    board = made["board"]["id"]
    make = op("create_task", {"title": "A", "id": wanted, "column_id": made["column"]["id"]})
    unmake = op("delete_task", task_id=wanted)
    refused(await send(anna, board, make, unmake, make), 409, "already-exists", operation=2)
    assert (await send(anna, board, make, unmake)).status_code == 200
    refused(await create(anna, made, "task", wanted), 409, "already-exists")
    column = op("create_column", {"title": "A", "id": new_id()})
    twice = op(
        "create_subtask", {"task_id": made["task"]["id"], "title": "A", "id": column["body"]["id"]}
    )
    refused(await send(anna, board, column, twice), 409, "already-exists", operation=1)


async def test_an_id_that_is_just_being_freed_is_not_free(
    api: Api, db: asyncpg.Connection, database_url: str
) -> None:
    """A rival deletes the task, and commits while we wait. Seen to fail with a look beforehand."""
    anna, boris = await api.user(), await api.user()
    made, theirs = await things(anna), await things(boris)
    connection = await asyncpg.connect(database_url)
    await connection.execute("begin")
    await connection.execute("delete from tasks where id = $1", made["task"]["id"])
    wanted = create(boris, theirs, "task", made["task"]["id"])
    refused(await Rival(connection, db).outrun(wanted), 409, "already-exists")
    await connection.close()


async def test_two_at_once_do_not_get_one_id_for_two_kinds(api: Api) -> None:
    anna, boris = await api.user(), await api.user()
    made, theirs, wanted = await things(anna), await things(boris), new_id()
    answers = await asyncio.gather(
        create(anna, made, "column", wanted), create(boris, theirs, "subtask", wanted)
    )
    assert sorted(int(answer.status_code) for answer in answers) == [201, 409]


async def test_nobody_makes_up_the_id_of_an_account(api: Api) -> None:
    """Of one that was deleted, what it wrote would be the newcomer's."""
    body = {"username": "eve", "email": "eve@example.com", "password": "horse battery staple 9"}
    invalid(await api.nobody().post("/users", **body, id=new_id()), "/body/id")
    anna = await api.user()
    await anna.delete(f"/users/{anna.id}")
    invalid(await api.nobody().post("/users", **body, id=anna.id), "/body/id")
