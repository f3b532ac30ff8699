"""What a generated client knows of answers: mypy holds the types, a server the rest.

Run with the address of a Doska, in an environment that has the client.
"""

import secrets
import sys
from typing import TypeVar, assert_type

from doska_client import AuthenticatedClient, Client
from doska_client.api.accounts import register
from doska_client.api.boards import create_board, update_board
from doska_client.api.columns import create_column, move_column
from doska_client.api.tasks import create_task, list_tasks, move_task
from doska_client.api.the_live_board import run_batch
from doska_client.api.time import undo_change
from doska_client.models import (
    AccountOut,
    BatchIn,
    BatchOut,
    BoardNew,
    BoardOut,
    BoardPatch,
    ChangeUndone,
    ColumnNew,
    ColumnOut,
    CreateTask,
    CreateTaskTaskInBatch,
    End,
    MoveInType2,
    Problem,
    TaskMoveInType0,
    TaskMoveInType1,
    TaskMoveInType2,
    TaskMoveInType3,
    TaskNew,
    TaskOut,
    TaskPage,
    UndoIn,
    UserNew,
)

T = TypeVar("T")


def good(answer: T | Problem | None) -> T:
    """Leave out the refusals; what is left is what was asked for, and nothing else."""
    if answer is None or isinstance(answer, Problem):
        sys.exit(f"refused: {answer}")
    return answer


def signed_in(origin: str) -> AuthenticatedClient:
    """Register somebody, and go on with the token of the cookie."""
    client = Client(base_url=origin)
    name = f"anna-{secrets.token_hex(4)}"
    new = UserNew(username=name, email=f"{name}@example.com", password="horse battery 9")
    assert_type(good(register.sync(client=client, body=new)), AccountOut)
    token = client.get_httpx_client().cookies["doska_session"]
    return AuthenticatedClient(base_url=origin, token=token)


def flow(client: AuthenticatedClient) -> str:
    """Make a board, a column and a task, and move it: each answer has its own type, none a union."""
    board = good(create_board.sync(client=client, body=BoardNew(title="Website", columns=["Done"])))
    assert_type(board, BoardOut)
    renamed = good(update_board.sync(board.id, client=client, body=BoardPatch(title="Site")))
    assert_type(renamed, BoardOut)
    made = ColumnNew(title="To do", board_id=board.id)
    column = good(create_column.sync(client=client, body=made))
    assert_type(column, ColumnOut)
    task, other = (
        good(create_task.sync(client=client, body=TaskNew(title=title, column_id=column.id)))
        for title in ("Draw", "Print")
    )
    assert_type(task, TaskOut)
    moves = (
        TaskMoveInType0(column_id=column.id, before=other.id),
        TaskMoveInType1(column_id=column.id, after=other.id),
        TaskMoveInType2(column_id=column.id, at=End.TOP),
        TaskMoveInType3(column_id=column.id),
    )
    for move in moves:
        moved = good(move_task.sync(task.id, client=client, body=move))
        assert_type(moved, TaskOut)
    assert_type(
        good(move_column.sync(column.id, client=client, body=MoveInType2(at=End.TOP))), ColumnOut
    )
    new = CreateTaskTaskInBatch(title="Fold", column_id=str(column.id))
    batch = BatchIn(operations=[CreateTask(op="create_task", body=new)])
    done = good(run_batch.sync(board.id, client=client, body=batch))
    assert_type(done, BatchOut)
    undone = good(undo_change.sync(board.id, client=client, body=UndoIn(seq=done.seq)))
    assert_type(undone, ChangeUndone)
    page = list_tasks.sync(client=client, board_id=board.id)
    if not isinstance(page, TaskPage):  # a page of cards is asked for with `fields`
        sys.exit(f"no page of tasks: {page}")
    return f"{len(page.items)} tasks"


if __name__ == "__main__":
    sys.stdout.write(flow(signed_in(sys.argv[1])) + "\n")
