from api import Api


async def test_a_new_user_gets_a_board_and_can_fill_it(api: Api) -> None:
    anna = await api.user("anna")
    board = await anna.board("Сайт", columns=["To do", "Done"])
    columns = await anna.items(f"/boards/{board['id']}/columns")
    task = await anna.task(columns[0], "Draw")
    subtask = await anna.subtask(task)
    assert subtask["rank"]
    assert (await anna.read(f"/tasks/{task['id']}"))["subtasks"] == {"total": 1, "completed": 0}
