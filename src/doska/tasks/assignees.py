"""Who works on a task."""

from typing import Any, ClassVar

from doska.boards.access import Part
from doska.boards.log import Change
from doska.boards.pieces import beside_row
from doska.errors import Invalid
from doska.identity.queries import is_there, user_view
from doska.schemas import new_id
from doska.tasks.declared import ASSIGNEES_AT_MOST
from doska.tasks.drawing import AUTHOR

TASK_PARTS: dict[str, Part] = {
    "task": "to_jsonb(t)",
    "author": AUTHOR,
    "beside": lambda: beside_row("tasks", "t.id", but=("assignees",)),
    "assignments": """(select coalesce(jsonb_agg(to_jsonb(a) order by a.id), '[]')
        from task_assignees a where a.task_id = t.id)""",
    "people": f"""(select coalesce(json_agg({user_view("x")}), '[]')
        from board_users p join users x on x.id = p.user_id
        where p.board_id = b.id and {is_there("x")} and (p.user_id = any(:assignee_ids::uuid[]) or p.user_id in
             (select a.user_id from task_assignees a where a.task_id = t.id)))""",
}

NEW_PEOPLE = f"""(select coalesce(json_agg({user_view("x")}), '[]')
    from board_users p join users x on x.id = p.user_id
    where p.board_id = b.id and {is_there("x")} and p.user_id = any(:assignee_ids::uuid[]))"""


class NotOnBoard(Invalid):
    """This person is not on the board."""

    example: ClassVar[dict[str, Any]] = {
        "errors": [
            {
                "pointer": "/body/assignee_ids/0",
                "code": "not_on_board",
                "message": "This person is not on the board.",
            }
        ]
    }


def assign(
    opened: Change,
    task_id: str,
    wanted: list[str],
    now_there: list[Any],
    pointer: str = "/body/assignee_ids/{}",
) -> list[Any]:
    """Make exactly these people the task's assignees; return the assignments in their order.

    ``pointer`` gives a person's position in the request.
    """
    if not (wanted or now_there):
        return []
    on_board = {person["id"] for person in opened.parts["people"]}
    if strangers := [index for index, user in enumerate(wanted) if user not in on_board]:
        errors = [
            {
                "pointer": pointer.format(i),
                "code": "not_on_board",
                "message": NotOnBoard.title(),
            }
            for i in strangers
        ]
        raise NotOnBoard("Only people on the board can be assigned to its tasks.", errors=errors)
    # People with deleted accounts are unassigned by the account's job, and shown to nobody until
    # then.
    kept = [row for row in now_there if row["user_id"] in wanted or row["user_id"] not in on_board]
    for row in now_there:
        if row not in kept:
            opened.delete("task_assignees", row)
    known = {row["user_id"] for row in kept}
    added = [
        opened.insert("task_assignees", _assignment(opened, task_id, user))
        for user in dict.fromkeys(wanted)
        if user not in known
    ]
    if added:
        opened.limits.check(ASSIGNEES_AT_MOST, len(kept) + len(added))
    return sorted([*kept, *added], key=lambda row: row["id"])


def people_of(opened: Change, assignments: list[Any]) -> list[Any]:
    """Show the people of these assignments, except those with deleted accounts."""
    people = {person["id"]: person for person in opened.parts["people"]}
    return [people[row["user_id"]] for row in assignments if row["user_id"] in people]


def _assignment(opened: Change, task_id: str, user_id: str) -> dict[str, Any]:
    return {
        "id": new_id(),
        "task_id": task_id,
        "user_id": user_id,
        "board_id": opened.board["id"],
    }
