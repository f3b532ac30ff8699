"""Comments on tasks: writing, reading, editing and deleting them."""

from api import Api
from comments import a_comment, a_task, comment_at


async def test_a_comment_is_made_read_and_counted(api: Api) -> None:
    anna, board, task = await a_task(api)
    made = await a_comment(anna, task, "Looks **good**\n")
    assert (made["body"], made["version"], made["edited_at"]) == ("Looks **good**\n", 1, None)
    assert (made["task_id"], made["board_id"]) == (task["id"], board["id"])
    assert (made["author"]["id"], made["author_name"]) == (anna.id, None)
    assert (made["mentions"], made["reactions"]) == ([], [])
    assert await anna.read(comment_at(made)) == made
    assert await anna.items(f"/tasks/{task['id']}/comments") == [made]
    assert await anna.items("/comments", task_id=task["id"]) == [made]
    assert (await anna.read(f"/tasks/{task['id']}"))["comment_count"] == 1
