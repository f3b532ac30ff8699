"""Files of comments follow the comment's author."""

import pytest

from api import Api, Json, Person
from attaching import PNG, content_at
from casts import board_with
from checks import refused, seq_of
from works import at


async def scene(api: Api, role: str = "COMMENTER") -> tuple[Person, Person, Json, Json, Json]:
    """Give a CREATOR, somebody in this role, the board, a task, and a comment of theirs on it."""
    anna, person, board = await board_with(api, role)
    task = await anna.task(await anna.column(board))
    comment = await person.make("/comments", task_id=task["id"], body="See the plan")
    return anna, person, board, task, comment


async def on_comment(person: Person, task: Json, comment: Json) -> Json:
    params = {"name": "plan.png", "comment_id": comment["id"]}
    path = f"{at(task)}/attachments"
    response = await person.send("POST", path, params=params, content=PNG)
    assert response.status_code == 201, response.text
    made: Json = response.json()
    assert made["comment_id"] == comment["id"]
    return made


async def test_a_commenter_attaches_files_to_own_comments_only(api: Api) -> None:
    """Seen to fail when the right to the task was asked for, and when none was."""
    anna, ben, _, task, comment = await scene(api)
    made = await on_comment(ben, task, comment)
    path = f"{at(task)}/attachments"
    refused(await ben.send("POST", path, params={"name": "a"}, content=PNG), 403, "not-allowed")
    refused(await ben.post(f"{at(task)}/links", url="https://a.example"), 403, "not-allowed")
    others = {"name": "a", "comment_id": comment["id"]}
    refused(await anna.send("POST", path, params=others, content=PNG), 403, "not-allowed")
    assert (await ben.patch(f"/attachments/{made['id']}", title="b")).status_code == 200
    for title in ("b", "c"):  # whether it would change anything or not
        refused(await anna.patch(f"/attachments/{made['id']}", title=title), 403, "not-allowed")
    assert (await ben.delete(f"/attachments/{made['id']}")).status_code == 204


async def test_an_observer_attaches_nothing_to_a_comment(api: Api) -> None:
    anna, ben, board, task, comment = await scene(api)
    made = await on_comment(ben, task, comment)
    await anna.put(f"/boards/{board['id']}/users/{ben.id}", role="OBSERVER")
    params = {"name": "a", "comment_id": comment["id"]}
    answer = await ben.send("POST", f"{at(task)}/attachments", params=params, content=PNG)
    refused(answer, 403, "not-allowed")
    refused(await ben.delete(f"/attachments/{made['id']}"), 403, "not-allowed")


@pytest.mark.parametrize(("role", "status"), [("MEMBER", 403), ("MODERATOR", 204)])
async def test_anothers_comment_file_is_deleted_by_who_moderates(
    api: Api, role: str, status: int
) -> None:
    anna, ben, board, task, comment = await scene(api)
    other = await api.user()
    await anna.invite(board, other, role)
    made = await on_comment(ben, task, comment)
    assert (await other.delete(f"/attachments/{made['id']}")).status_code == status


async def test_a_comment_of_another_task_is_not_found(api: Api) -> None:
    anna, ben, _, task, comment = await scene(api, "MEMBER")
    other = await anna.task({"id": task["column_id"]})
    params = {"name": "a", "comment_id": comment["id"]}
    answer = await ben.send("POST", f"{at(other)}/attachments", params=params, content=PNG)
    refused(answer, 404, "not-found")


async def test_a_comments_files_go_with_it_and_come_back(api: Api) -> None:
    """Seen to fail with an event that does not tell of them."""
    anna, ben, board, task, comment = await scene(api)
    made = await on_comment(ben, task, comment)
    assert (await anna.read(at(task)))["attachment_count"] == 1
    await ben.delete(f"/comments/{comment['id']}")
    seq = await seq_of(anna, board)
    (event,) = await anna.items(f"/boards/{board['id']}/events", after=seq - 1)
    assert event["payload"]["task"] == {
        "id": task["id"], "comment_count": 0, "attachment_count": 0
    }  # fmt: skip
    refused(await anna.get(content_at(made)), 404, "not-found")
    assert (await ben.post(f"/boards/{board['id']}/undo", seq=seq)).status_code == 200
    assert (await anna.get(content_at(made))).content == PNG
    assert (await anna.read(at(task)))["attachment_count"] == 1


async def test_a_commenter_takes_back_own_files_by_undo(api: Api) -> None:
    anna, ben, board, task, comment = await scene(api)
    made = await on_comment(ben, task, comment)
    seq = await seq_of(anna, board)
    assert (await ben.post(f"/boards/{board['id']}/undo", seq=seq)).status_code == 200
    refused(await anna.get(f"/attachments/{made['id']}"), 404, "not-found")
