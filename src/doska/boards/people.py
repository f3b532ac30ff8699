"""What people do with each other on a board: adding, changing roles, transferring, leaving."""

from typing import Any

from doska.boards.access import BOARD, Access
from doska.boards.declared import PEOPLE_MAX
from doska.boards.hanging import delete_all, left_by
from doska.boards.log import Change
from doska.boards.models import Role, known_role
from doska.boards.opening import Action, change
from doska.boards.policy import RANKS, NotAllowed, Right
from doska.boards.queries import ONE_PERSON
from doska.boards.rows import BoardUserRow
from doska.boards.schemas import PersonNew, PersonOut
from doska.errors import AlreadyExists, Conflict, NotFound
from doska.http.answers import Answer
from doska.identity.actions import lock_user
from doska.identity.queries import is_there, user_view
from doska.schemas import new_id


class AccountDisabled(Conflict):
    """The account is disabled."""


class HandOverFirst(Conflict):
    """Hand the board over first: it needs a CREATOR."""


class MustAccept(Conflict):
    """This person has left the board or was removed: they can return only by accepting an invitation."""


def others_on_tasks(board: str, person: str) -> str:
    """Write the SQL of who else is assigned to somebody's tasks, by task."""
    return f"""(select coalesce(json_object_agg(o.task_id, o.faces), '{{}}') from (
        select a.task_id, json_agg({user_view("x")} order by a.id) as faces
        from task_assignees a join users x on x.id = a.user_id and {is_there("x")}
        where a.board_id = {board} and a.user_id <> {person} and a.task_id in (
            select m.task_id from task_assignees m
            where m.board_id = {board} and m.user_id = {person})
        group by a.task_id) o)"""


PERSON = f"""(select to_jsonb(p) from board_users p join users x on x.id = p.user_id
    where p.board_id = b.id and p.user_id = :person_id and {is_there("x")})"""
USER = f"(select {user_view('x')} from users x where x.id = :person_id)"
# Locked, so that an account is deleted either before, and is not found, or after, and its boards
# are looked up when this has been written.
NEW_USER = f"""(select {user_view("x")} from users x where x.id = :person_id and x.is_active
    for key share)"""
CREATOR = "(select to_jsonb(p) from board_users p where p.board_id = b.id and p.role = 'CREATOR')"
ASSIGNED = """(select coalesce(jsonb_agg(to_jsonb(t) order by t.id), '[]') from tasks t
    where t.id in (select a.task_id from task_assignees a
                   where a.board_id = b.id and a.user_id = :person_id))"""
OTHERS = others_on_tasks("b.id", ":person_id")

FORMER = """(select to_jsonb(true) from former_people f
    where f.board_id = b.id and f.user_id = :person_id)"""
COUNT = "(select to_jsonb(count(*)) from board_users p where p.board_id = b.id)"
_OWN_BOARDS = "select count(*) from board_users where user_id = $1 and role = 'CREATOR'"

ADD_PERSON = Action(BOARD, user=NEW_USER, person=PERSON, former=FORMER, count=COUNT)
SET_ROLE = Action(BOARD, target=ONE_PERSON, user=USER, person=PERSON, creator=CREATOR)
REMOVE_PERSON = Action(
    BOARD,
    target=ONE_PERSON,
    person=PERSON,
    left=lambda: left_by("b.id", ":person_id"),
    assigned=ASSIGNED,
    others=OTHERS,
)


async def add_person(access: Access, body: PersonNew) -> Answer[PersonOut]:
    """Add somebody in a role lower than one's own."""
    async with change(access, ADD_PERSON, person_id=body.user_id) as opened:
        if opened.parts["user"] is None:
            raise NotFound
        if opened.parts["person"] is not None:
            raise AlreadyExists("This person is already on the board.")
        must_outrank(opened, body.role)
        if opened.parts["former"] and body.user_id != access.caller.user_id:
            raise MustAccept
        opened.limits.check(PEOPLE_MAX, opened.parts["count"] + 1)
        person = add(opened, body.user_id, body.role)
        return opened.show_new(person, body.user_id, version=body.role)


def add(opened: Change, user_id: str, role: Role) -> dict[str, Any]:
    """Make somebody a member, and record it; returns the person as shown."""
    row: BoardUserRow = {
        "id": new_id(),
        "board_id": opened.board["id"],
        "user_id": user_id,
        "role": role,
        "joined_at": opened.at,
    }
    opened.insert("board_users", row)
    person = _person(opened, row)
    opened.record("person.added", {"person": person})
    return person


async def set_role(access: Access, person_id: str, role: Role) -> Answer[PersonOut]:
    """Give somebody another role; CREATOR transfers the board."""
    async with change(access, SET_ROLE, person_id=person_id) as opened:
        row: BoardUserRow | None = opened.parts["person"]
        if row is None:
            raise NotFound
        is_heir = role is Role.CREATOR
        after = await _hand_over(opened, row) if is_heir else _change_role(opened, row, role)
        return opened.show(_person(opened, after), version=after["role"])


async def remove_person(access: Access, person_id: str) -> Answer[None]:
    """Remove somebody with a lower role, or leave; the assignments end with the membership."""
    async with change(access, REMOVE_PERSON, person_id=person_id) as opened:
        row: BoardUserRow | None = opened.parts["person"]
        if row is None:
            raise NotFound
        is_leaving = person_id == access.caller.user_id
        if not is_leaving:
            opened.standing.require(Right.MANAGE_PEOPLE)
        _must_not_be_creator(opened, row)
        if not is_leaving:
            must_outrank(opened, row["role"])
        _take_off(opened, row)
        return opened.nothing()


def _take_off(opened: Change, row: BoardUserRow) -> None:
    opened.delete("board_users", row)
    tasks = off_tasks(opened, opened.parts["assigned"])
    opened.record("person.removed", {"person": {"user": {"id": row["user_id"]}}, "tasks": tasks})


def off_tasks(opened: Change, tasks: list[Any]) -> list[dict[str, Any]]:
    """End somebody's assignments; returns what has changed of the tasks, and remaining people."""
    delete_all(opened, opened.parts["left"])
    others = opened.parts["others"]
    touched = [opened.touch("tasks", task) for task in tasks]
    return [
        {name: task[name] for name in ("id", "version", "updated_at")}
        | {"assignees": others.get(task["id"], [])}
        for task in touched
    ]


def hand_over(opened: Change, creator: BoardUserRow, heir: BoardUserRow) -> BoardUserRow:
    """Make the CREATOR a MODERATOR and the heir the CREATOR."""
    opened.update("board_users", creator, role=Role.MODERATOR)
    return opened.update("board_users", heir, role=Role.CREATOR)  # type: ignore[no-any-return]


async def check_heir(opened: Change, user_id: str) -> None:
    """Refuse to transfer a board to a deleted account, or beyond its limit."""
    if not await lock_user(opened.connection, user_id):  # somebody who gets several boards at once
        raise AccountDisabled
    own_boards = await opened.connection.fetchval(_OWN_BOARDS, user_id)
    opened.limits.check_boards(own_boards + 1)


def must_outrank(opened: Change, role: str) -> None:
    """Refuse people without a higher role."""
    own = opened.standing.acting_role
    if own is None or RANKS[known_role(role)] >= RANKS[own]:
        raise NotAllowed("You can only give and take roles lower than your own.", role=own)


async def _hand_over(opened: Change, row: BoardUserRow) -> BoardUserRow:
    opened.standing.require(Right.OWN)
    creator: BoardUserRow = opened.parts["creator"]
    if creator["id"] == row["id"]:
        return row
    await check_heir(opened, row["user_id"])
    after = hand_over(opened, creator, row)
    before = {"user": {"id": creator["user_id"]}, "role": Role.MODERATOR}
    opened.record("board.handed_over", {"people": [before, _person(opened, after)]})
    return after


def _change_role(opened: Change, row: BoardUserRow, role: Role) -> BoardUserRow:
    _must_not_be_creator(opened, row)
    must_outrank(opened, row["role"])
    must_outrank(opened, role)
    after: BoardUserRow = opened.update("board_users", row, role=role)
    if after is not row:
        opened.record("person.updated", {"person": _person(opened, after)})
    return after


def _must_not_be_creator(opened: Change, row: BoardUserRow) -> None:
    if row["role"] == Role.CREATOR and opened.standing.acting_role is Role.CREATOR:
        raise HandOverFirst


def _person(opened: Change, row: BoardUserRow) -> dict[str, Any]:
    return {
        "user": opened.parts["user"],
        "role": known_role(row["role"]),
        "joined_at": row["joined_at"],
    }
