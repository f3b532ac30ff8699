"""What is told of a plan: its boards, who is in the file, and what became of each value."""

from typing import Any

from doska.doors.desk import OUTCOMES, Desk
from doska.doors.model import Plan


def reported(
    plan: Plan, boards: list[dict[str, Any]], users: dict[str, str], aside: dict[str, int]
) -> dict[str, Any]:
    """Report a plan; ``users`` are whom its people are here, ``aside`` is what found no place."""
    first = plan.boards[0] if plan.boards else None
    return {
        "format": plan.format,
        "source": {"id": first.id, "title": first.title[:200]} if first else None,
        "boards": boards,
        **_shifted(plan.account, aside),
        "people": _people(plan, users),
    }


def board_told(desk: Desk) -> dict[str, Any]:
    """Tell what becomes of a board: how much of what, and who will be able to read it."""
    rows = desk.state.rows["board_users"].values()
    told = {
        "board_id": desk.state.board_id,
        "is_new": desk.state.is_new,
        "readers": sorted({row["user_id"] for row in rows}),
    }
    counts = {
        name: {kind: n for kind, n in desk.counts[name].items() if n and kind != "boards"}
        for name in OUTCOMES
    }
    return {**told, **counts}


def _people(plan: Plan, users: dict[str, str]) -> list[dict[str, Any]]:
    uses: dict[str, int] = {}
    for board in plan.boards:
        for task in board.tasks:
            named = [*task.assignees, *(c.author for c in task.comments if c.author)]
            for person in named:
                uses[person] = uses.get(person, 0) + 1
    people = {person.id: person for board in plan.boards for person in board.people}
    return [
        {
            "id": p.id, "username": p.username if "@" not in (p.username or "") else None,
            "name": p.shown.partition("@")[0], "uses": uses.get(p.id, 0),
            "user": users.get(p.id),
        }
        for p in people.values()
    ]  # fmt: skip


def _shifted(account: dict[str, Any], aside: dict[str, int]) -> dict[str, Any]:
    """Count as aside what the reader could keep, but this server could not."""
    fields, totals = [dict(line) for line in account["fields"]], dict(account["totals"])
    for to, counted in aside.items():
        count = counted
        for line in reversed(fields):
            if line.get("to") == to and count:
                moving = min(count, line["kept"])
                line["kept"] -= moving
                line["aside"] += moving
                totals["kept"] -= moving
                totals["aside"] += moving
                count -= moving
    return {"fields": fields, "totals": totals}
