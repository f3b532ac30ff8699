"""What people do in the model: each deed changes a board, or refuses."""

from machine_model import Board, Column, Model, Refused, Subtask, Task

Near = tuple[str, str]  # "before" or "after" and whose; or "at" and which end


def put(ladder: list[Task], moved: Task, near: Near) -> None:
    """Put a task at its place in a column."""
    if moved in ladder:
        ladder.remove(moved)
    ladder.insert(_index([task.id for task in ladder], near), moved)


def _index(ids: list[str], near: Near) -> int:
    side, other = near
    if side == "at":
        return 0 if other == "top" else len(ids)
    return ids.index(other) + (side == "after")


def move_column(board: Board, column_id: str, near: Near) -> None:
    """Put a column beside another one of the board."""
    column = board.column(column_id)
    other = column if near[0] == "at" else board.column(near[1])
    column.must_be_open()
    other.must_be_open()
    if near[0] != "at" and other is column:
        return
    shown = [one for one in board.shown if one is not column]
    shown.insert(_index([one.id for one in shown], near), column)
    board.arrange(shown)


def create_column(board: Board, column: Column) -> None:
    """Put a new column at the right end."""
    board.arrange([*board.shown, column])


def archive_column(board: Board, column_id: str, *, is_archived: bool) -> None:
    """Hide a column with its tasks, or put it back at the right end."""
    column = board.column(column_id)
    if column.is_archived == is_archived:
        return
    others = [one for one in board.shown if one is not column]
    column.is_archived = is_archived
    board.arrange(others if is_archived else [*others, column])


def delete_column(board: Board, column_id: str, way: str | None, to_id: str | None) -> None:
    """Delete a column; its tasks go with it, or to the bottom of another one."""
    column = board.column(column_id)
    if way is None and (column.tasks or column.archived):
        raise Refused(409)
    if way == "move":
        other = board.column(to_id or "")
        if other is column:
            raise Refused(422)
        other.must_be_open()
        other.make_room(len(column.tasks))
        for task in [*column.tasks, *column.archived.values()]:
            other.welcome(task)
        other.tasks += column.tasks
        other.archived |= column.archived
    board.columns.remove(column)


def create_task(board: Board, column_id: str, task: Task) -> None:
    """Put a new task at the bottom."""
    column = board.column(column_id)
    column.make_room()
    must_be_there(board, *task.assignees)
    column.welcome(task)
    column.tasks.append(task)


def move_task(board: Board, task_id: str, column_id: str | None, near: Near) -> None:
    """Put a task beside another one, or to an end of a column."""
    column, task = board.task(task_id)
    beside = board.task(near[1]) if near[0] != "at" else None
    target = board.column(column_id) if column_id else (beside[0] if beside else column)
    if task.id in column.archived:
        raise Refused(409)
    target.must_be_open()
    if beside and (beside[1].id in beside[0].archived or beside[0] is not target):
        raise Refused(409)
    if beside and beside[1] is task:
        return
    _enter(column, target, task)
    put(target.tasks, task, near)


def _enter(column: Column, target: Column, task: Task) -> None:
    """Let a task change its column, if it does."""
    if target is not column:
        target.make_room()
        target.welcome(task)
        column.tasks.remove(task)


def set_status(board: Board, task_id: str, status: str) -> None:
    """Give a task a status; it goes to the column of that status, if its own is for another."""
    column, task = board.task(task_id)
    target = column
    if task.status != status and column.status not in (None, status):
        target = next((c for c in board.shown if c.status == status), column)
    change_column(board, task_id, target.id)
    task.status = status


def change_column(board: Board, task_id: str, column_id: str) -> None:
    """Put a task at the bottom of a column, unless it is there; archived ones stand nowhere."""
    column, task = board.task(task_id)
    target = board.column(column_id)
    if target is column:
        return
    target.must_be_open()
    if task.id in column.archived:
        target.archived[task.id] = column.archived.pop(task.id)
        target.welcome(task)
        return
    _enter(column, target, task)
    target.tasks.append(task)


def archive(board: Board, task_id: str, *, is_archived: bool) -> None:
    """Take a task from its place, or put it back at the bottom."""
    column, task = board.task(task_id)
    if is_archived and task.id not in column.archived:
        column.tasks.remove(task)
        column.archived[task.id] = task
    elif not is_archived and task.id in column.archived:
        column.make_room()
        column.tasks.append(column.archived.pop(task.id))


def delete_task(board: Board, task_id: str) -> None:
    """Delete a task with all that hangs on it."""
    column, task = board.task(task_id)
    column.archived.pop(task_id, None)
    column.tasks = [other for other in column.tasks if other is not task]


def must_be_there(board: Board, *people: str) -> None:
    """Refuse people who are not on the board."""
    if set(people) - board.roles.keys():
        raise Refused(422)


def assign(board: Board, task_id: str, person: str) -> None:
    """Put somebody on a task."""
    _, task = board.task(task_id)
    must_be_there(board, person)
    task.assignees.add(person)


def unassign(board: Board, task_id: str, person: str) -> None:
    """Take somebody off a task."""
    _, task = board.task(task_id)
    if person not in task.assignees:
        raise Refused(404)
    task.assignees.remove(person)


def move_subtask(board: Board, task_id: str, subtask_id: str, near: Near) -> None:
    """Put a subtask beside another one of its task."""
    _, task = board.task(task_id)
    ids = [subtask.id for subtask in task.subtasks]
    if near[0] != "at" and near[1] not in ids:
        raise Refused(404)
    if near[1] == subtask_id:
        return
    moved: Subtask = task.subtasks.pop(ids.index(subtask_id))
    ids.remove(subtask_id)
    task.subtasks.insert(_index(ids, near), moved)


def add_person(model: Model, actor: str, board: Board, person: str, role: str) -> None:
    """Put somebody on a board, in a role lower than one's own."""
    if person in board.roles:
        raise Refused(409)
    model.outrank(actor, board, role)
    if person in model.logs[board.id].gone and person != actor:
        raise Refused(409)  # they come back by an invitation
    board.roles[person] = role


def set_role(model: Model, actor: str, board: Board, person: str, role: str) -> None:
    """Give somebody another role; CREATOR hands the board over."""
    if person not in board.roles:
        raise Refused(404)
    if role == "CREATOR":
        model.require(actor, board, "OWN")
        (creator,) = [who for who, found in board.roles.items() if found == "CREATOR"]
        board.roles |= {creator: "MODERATOR"}
        board.roles |= {person: "CREATOR"}
        return
    _leave_creator(model, actor, board, person)
    model.outrank(actor, board, board.roles[person])
    model.outrank(actor, board, role)
    board.roles[person] = role


def remove_person(model: Model, actor: str, board: Board, person: str) -> None:
    """Leave, or remove somebody of a lower role; the assignments end with it."""
    if model.role(actor, board) is None:
        raise Refused(403)  # who passes by has no place to leave
    if person not in board.roles:
        raise Refused(404)
    if person != actor:
        model.require(actor, board, "MANAGE_PEOPLE")
    _leave_creator(model, actor, board, person)
    if person != actor:
        model.outrank(actor, board, board.roles[person])
    del board.roles[person]
    for _, task in board.tasks():
        task.assignees.discard(person)


def _leave_creator(model: Model, actor: str, board: Board, person: str) -> None:
    """Refuse whoever has a CREATOR's rights to touch the CREATOR; others are refused by rank."""
    if board.roles[person] == "CREATOR" and model.role(actor, board) == "CREATOR":
        raise Refused(409)
