"""Writes and reads on a board tell its number then, and a write the event that it wrote."""

import httpx

from api import Api, Person
from batches import op, send
from doska.schemas import new_id
from works import a_task

Place = tuple[int | None, int | None]


def place(answer: httpx.Response) -> Place:
    """Read what an answer says of the log: the board's number, and the event."""
    seq, event = (answer.headers.get(name) for name in ("doska-seq", "doska-event"))
    return int(seq) if seq else None, int(event) if event else None


async def latest(person: Person, board_id: str) -> int:
    found: int = (await person.read(f"/boards/{board_id}"))["seq"]
    return found


async def test_every_kind_of_write_tells_its_event(api: Api) -> None:
    anna, boris = await api.user("anna"), await api.user("boris")
    made = await anna.post("/boards", title="Website")
    board = made.json()
    assert place(made) == (1, 1)
    path = f"/boards/{board['id']}"
    column = await anna.post("/columns", board_id=board["id"], title="To do")
    task = await anna.post("/tasks", column_id=column.json()["id"], title="Draw")
    subtask = await anna.post("/subtasks", task_id=task.json()["id"], title="Sketch")
    answers = [
        made, column, task, subtask,
        await anna.patch(path, title="Site"),
        await anna.post(f"{path}/users", user_id=boris.id),
        await anna.put(f"{path}/users/{boris.id}", role="MODERATOR"),
        await anna.delete(f"/subtasks/{subtask.json()['id']}"),
        await anna.delete(f"/tasks/{task.json()['id']}"),
        await anna.post(f"{path}/undo", seq=9),
    ]  # fmt: skip
    assert [place(answer) for answer in answers] == [(n, n) for n in range(1, 11)]
    assert await latest(anna, board["id"]) == 10


async def test_what_changes_nothing_has_a_place_and_no_event(api: Api) -> None:
    anna = await api.user("anna")
    board = await anna.board()
    same = await anna.patch(f"/boards/{board['id']}", title=board["title"])
    assert place(same) == (1, None)


async def test_of_a_batch_it_is_the_last_event_which_undo_takes(api: Api) -> None:
    anna = await api.user("anna")
    board = await anna.board()
    column = await anna.column(board)
    many = [op("create_task", {"column_id": column["id"], "title": str(n)}) for n in range(3)]
    answer = await send(anna, board["id"], *many)
    assert place(answer) == (5, 5)
    assert place(await anna.post(f"/boards/{board['id']}/undo", seq=5)) == (6, 6)
    assert await anna.items(f"/columns/{column['id']}/tasks") == []


async def test_a_repeated_request_tells_the_first_ones(api: Api) -> None:
    anna = await api.user("anna")
    board = await anna.board()
    body, headers = {"board_id": board["id"], "title": "To do"}, {"idempotency-key": new_id()}
    first = await anna.send("POST", "/columns", json=body, headers=headers)
    await anna.column(board, "Done")
    again = await anna.send("POST", "/columns", json=body, headers=headers)
    assert again.headers["idempotency-replayed"] == "true"
    assert place(first) == place(again) == (2, 2)


async def test_a_dry_run_and_what_is_of_no_board_have_none(api: Api) -> None:
    anna = await api.user("anna")
    board = await anna.board()
    tried = await anna.send(
        "PATCH", f"/boards/{board['id']}", json={"title": "Site"}, headers={"prefer": "dry-run"}
    )
    assert place(tried) == (None, None)
    assert place(await anna.patch(f"/users/{anna.id}", name="Anna")) == (None, None)
    assert place(await anna.delete(f"/boards/{board['id']}")) == (None, None)


async def test_pages_of_other_origins_can_read_them(api: Api) -> None:
    answer = await api.nobody().client.get("/about", headers={"origin": "http://localhost:8000"})
    exposed = answer.headers["access-control-expose-headers"]
    assert {"Doska-Seq", "Doska-Event"} <= set(exposed.split(", "))


async def test_reads_of_a_boards_things_tell_its_number_then(api: Api) -> None:
    """Lists and objects, what is unchanged, and the past, which has its own."""
    anna, board, task = await a_task(api)
    subtask = await anna.subtask(task)
    path = f"/boards/{board['id']}"
    for address in (
        path,
        f"{path}/columns",
        f"{path}/users",
        f"{path}/users/{anna.id}",
        f"{path}/snapshot",
        f"{path}/activity",
        f"/columns/{task['column_id']}",
        f"/columns/{task['column_id']}/tasks",
        f"/tasks/{task['id']}",
        f"/tasks/{task['id']}/subtasks",
        f"/subtasks/{subtask['id']}",
    ):
        assert place(await anna.get(address)) == (4, None), address
    tag = {"if-none-match": (await anna.get(path)).headers["etag"]}
    unchanged = await anna.send("GET", path, headers=tag)
    assert (unchanged.status_code, place(unchanged)) == (304, (4, None))
    for then in (f"/tasks/{task['id']}", f"{path}/snapshot"):
        assert place(await anna.get(then, at=3)) == (3, None)


async def test_what_is_of_many_boards_has_no_number(api: Api) -> None:
    anna, board, _ = await a_task(api)
    for address in ("/boards", "/columns", "/tasks", "/subtasks", f"/tasks?board_id={board['id']}"):
        assert place(await anna.get(address)) == (None, None)
