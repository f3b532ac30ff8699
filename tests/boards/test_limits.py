"""How many of each kind there may be: the last one is taken, one beyond is refused and told why."""

import pytest

from api import Api
from checks import events, refused
from full import OF, shelf_on
from people import moved

each_kind = pytest.mark.parametrize("kind", OF)


@each_kind
async def test_the_last_is_taken_and_one_beyond_refused(
    api: Api, database_url: str, kind: str
) -> None:
    """Until one goes. Seen to fail with one more of each let through."""
    async with shelf_on(api, database_url) as shelf:
        last = await shelf.fill(kind)
        async with events(shelf.owner, shelf.board, 0):
            answer = await shelf.add(kind)
            problem = refused(answer, 409, "limit-reached", limit=3, of=OF[kind])
        assert problem["detail"] == f"The limit is 3 {OF[kind]}."
        assert await shelf.count(kind) == 3
        assert (await shelf.owner.delete(last["path"])).status_code == 204
        assert (await shelf.add(kind)).status_code == 201


@each_kind
async def test_trying_out_and_repeating_tell_the_same(
    api: Api, database_url: str, kind: str
) -> None:
    """What was done is not refused when it is repeated."""
    async with shelf_on(api, database_url) as shelf:
        await shelf.fill(kind, room=1)
        path, body = await shelf.request(kind)
        key = {"idempotency-key": "once"}
        first = await shelf.owner.send("POST", path, json=body, headers=key)
        assert first.status_code == 201
        refused(await shelf.add(kind, prefer="dry-run"), 409, "limit-reached", limit=3)
        again = await shelf.owner.send("POST", path, json=body, headers=key)
        assert (again.status_code, again.content) == (201, first.content)


async def test_archived_tasks_count(api: Api, database_url: str) -> None:
    async with shelf_on(api, database_url) as shelf:
        last = await shelf.fill("tasks")
        await shelf.owner.patch(last["path"], is_archived=True)
        refused(await shelf.add("tasks"), 409, "limit-reached", limit=3)


async def test_tasks_that_name_no_column_count_too(api: Api, database_url: str) -> None:
    async with shelf_on(api, database_url) as shelf:
        for status in (201, 201, 201, 409):
            answer = await shelf.owner.post("/tasks", title="Draw")
            assert answer.status_code == status, answer.text


async def test_a_board_begins_with_no_more_columns_than_it_may_have(
    api: Api, database_url: str
) -> None:
    async with shelf_on(api, database_url) as shelf:
        await shelf.owner.delete(f"/boards/{shelf.board['id']}")
        answer = await shelf.owner.post("/boards", title="Shop", columns=["A"] * 4)
        refused(answer, 409, "limit-reached", limit=3, of=OF["columns"])
        await shelf.owner.board("Shop", columns=["A"] * 3)


async def test_a_new_home_board_counts(api: Api, database_url: str) -> None:
    """Seen to fail when it was made whatever there was."""
    async with shelf_on(api, database_url) as shelf:
        await shelf.fill("boards")
        for board in await shelf.owner.items("/boards"):
            await shelf.owner.patch(f"/boards/{board['id']}", is_archived=True)
        refused(await shelf.owner.post("/tasks", title="Draw"), 409, "limit-reached", limit=3)


async def test_nobody_is_handed_more_boards_than_one_may_have(api: Api, database_url: str) -> None:
    """Seen to fail without a look at what the heir has."""
    async with shelf_on(api, database_url) as shelf:
        heir = moved(await api.user(), shelf.owner.api)
        path = f"/boards/{shelf.board['id']}/users"
        await shelf.owner.invite(shelf.board, heir)
        own = [await heir.board() for _ in range(2)]
        answer = await shelf.owner.put(f"{path}/{heir.id}", role="CREATOR")
        refused(answer, 409, "limit-reached", limit=3, of=OF["boards"])
        await heir.delete(f"/boards/{own[0]['id']}")
        answer = await shelf.owner.put(f"{path}/{heir.id}", role="CREATOR")
        assert answer.status_code == 200, answer.text
        assert (await shelf.owner.get(f"{path}/{shelf.owner.id}")).json()["role"] == "MODERATOR"


async def test_boards_that_others_hand_over_use_up_nobodys_limit(
    api: Api, database_url: str
) -> None:
    """Seen to fail when they counted as one's own: a victim could make none."""
    async with shelf_on(api, database_url) as shelf:
        victim = moved(await api.user(), shelf.owner.api)
        for _ in range(2):
            board = await shelf.owner.board()
            await shelf.owner.invite(board, victim)
            path = f"/boards/{board['id']}/users/{victim.id}"
            assert (await shelf.owner.put(path, role="CREATOR")).status_code == 200
        for _ in range(2):
            await victim.board()
        refused(await victim.post("/boards", title="One"), 409, "limit-reached", limit=3)


async def test_nobody_is_given_a_board_back_beyond_what_one_may_have(
    api: Api, database_url: str
) -> None:
    """By taking the hand-over back. Seen to fail when only handing over was counted."""
    async with shelf_on(api, database_url) as shelf:
        heir = moved(await api.user(), shelf.owner.api)
        path = f"/boards/{shelf.board['id']}"
        await shelf.owner.invite(shelf.board, heir)
        answer = await shelf.owner.put(f"{path}/users/{heir.id}", role="CREATOR")
        assert answer.status_code == 200
        seq = (await heir.read(path))["seq"]
        boards = [await shelf.owner.board() for _ in range(2)]
        refused(await heir.post(f"{path}/undo", seq=seq), 409, "limit-reached", limit=3)
        await shelf.owner.delete(f"/boards/{boards[0]['id']}")
        answer = await heir.post(f"{path}/undo", seq=seq)
        assert answer.status_code == 200, answer.text


async def test_a_task_has_no_more_assignees_than_its_body_could_name(api: Api) -> None:
    """Seen to fail without the check where one at a time is added."""
    anna = await api.user()
    board = await anna.board()
    task = await anna.task(await anna.column(board))
    for _ in range(50):
        await anna.invite(board, await api.user())
    people = [p["user"]["id"] for p in await anna.items(f"/boards/{board['id']}/users", limit=60)]
    answer = await anna.patch(f"/tasks/{task['id']}", assignee_ids=people[:50])
    assert len(answer.json()["assignees"]) == 50
    path = f"/tasks/{task['id']}/assignees"
    refused(await anna.put(f"{path}/{people[50]}"), 409, "limit-reached", limit=50)
    assert (await anna.put(f"{path}/{people[0]}")).status_code == 200  # twice is as once
    assert (await anna.delete(f"{path}/{people[0]}")).status_code == 204
    assert (await anna.put(f"{path}/{people[50]}")).status_code == 200
