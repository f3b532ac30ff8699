"""What happens to a board when the account of one of its people is deleted."""

from typing import Any

import doska.features  # noqa: F401  # all that goes with somebody
from doska.boards.deleting import drop_board
from doska.boards.following import following
from doska.boards.hanging import left_by
from doska.boards.log import Change
from doska.boards.models import Role
from doska.boards.people import off_tasks, others_on_tasks
from doska.identity.queries import is_there

_ROLES = ", ".join(f"'{role}'" for role in Role)  # from the most to the least powerful


@following()
def places() -> str:
    """Write the statement: $1 the board, $2 the deleted account, $3 how many boards one may have.

    The heir of a board: active people before disabled ones, then people with room for one more
    board, then the higher role, then the longer membership.
    """
    return f"""
    select json_build_object(
        'own', (select to_jsonb(p) from board_users p where p.board_id = $1 and p.user_id = $2),
        'heir', (select to_jsonb(p) from board_users p
            join users x on x.id = p.user_id and {is_there("x")}
            where p.board_id = $1 and p.user_id <> $2
            order by not x.is_active, $3 <= (
                    select count(*) from board_users o
                    where o.user_id = x.id and o.role = '{Role.CREATOR}'),
                array_position(array[{_ROLES}], p.role), p.joined_at, p.id limit 1),
        'left', {left_by("$1", "$2", with_account=True)},
        'others', {others_on_tasks("$1", "$2")},
        'tasks', (select coalesce(jsonb_agg(to_jsonb(t) order by t.id), '[]') from tasks t
            where t.id in (select a.task_id from task_assignees a
                where a.board_id = $1 and a.user_id = $2)))"""


async def leave(opened: Change, user_id: str) -> None:
    """Remove somebody from a locked board; delete it if nobody is left, or let somebody inherit it.

    Authors are not touched: they are shown while the account exists.
    """
    own, heir = opened.parts["own"], opened.parts["heir"]
    is_creator = own is not None and own["role"] == Role.CREATOR
    if is_creator and heir is None:
        await drop_board(opened.connection, opened.board["id"], opened.actor_id)
        return
    heirs = [opened.update("board_users", heir, role=Role.CREATOR)] if is_creator else []
    tasks = off_tasks(opened, opened.parts["tasks"])
    if own:
        opened.delete("board_users", own)
    payload: dict[str, Any] = {
        "user": {"id": user_id},
        "people": [{"user": {"id": p["user_id"]}, "role": p["role"]} for p in heirs],
        "tasks": tasks,
    }
    opened.record("user.deleted", payload)
    await opened.write()
