"""The soak's checker: what may come of a history of calls, and what may not."""

import pytest

from api import Json
from calls import Call, Outcome, Thing
from checker import explains, wrong_things
from model import Move, wrong_moves

OK, REFUSED, UNKNOWN = Outcome.OK, Outcome.REFUSED, Outcome.UNKNOWN


def call(title: str, outcome: Outcome) -> Call:
    kind = "task.created" if title == "new" else "task.updated"
    return Call(kind, "/tasks", {}, {"title": title}, outcome=outcome)


def event(title: str, task: str = "t") -> Json:
    kind = "task.created" if title == "new" else "task.updated"
    row = {"table": "tasks", "id": task, "after": {"title": title}}
    return {"seq": 1, "type": kind, "task_id": task, "changes": [row]}


@pytest.mark.parametrize(
    ("outcome", "logged", "is_explained"),
    [
        (OK, [], False),
        (OK, ["a"], True),
        (OK, ["b"], False),
        (OK, ["a", "a"], False),
        (REFUSED, [], True),
        (REFUSED, ["a"], False),
        (UNKNOWN, [], True),
        (UNKNOWN, ["a"], True),
        (UNKNOWN, ["a", "a"], False),
    ],
)
def test_a_write_is_there_as_often_as_its_client_knows(
    *, outcome: Outcome, logged: list[str], is_explained: bool
) -> None:
    calls = [call("new", OK), call("a", outcome), call("z", OK)]
    events = [event(title) for title in ("new", *logged, "z")]
    assert explains(calls, events) is is_explained


def test_writes_that_changed_places_are_not_explained() -> None:
    calls = [call("new", OK), call("a", UNKNOWN), call("b", OK)]
    assert not explains(calls, [event("new"), event("b"), event("a")])


def test_a_task_that_nobody_asked_for_is_wrong() -> None:
    thing = Thing("new", "t", [call("new", OK)])
    assert wrong_things([thing], {"t": [event("new")]}) == []
    assert wrong_things([], {"t": [event("new")]}) == ["nobody asked for task t"]
    assert len(wrong_things([thing], {})) == 1


def row(task: str, rank: str, version: int = 1) -> Json:
    return {"id": task, "column_id": "c", "rank": rank, "status": "TODO", "version": version}


def test_a_move_is_compared_with_where_the_task_stood_at_that_moment() -> None:
    """Later moves do not matter: B goes after A, and then A away."""
    changes = [row("a", "1"), row("b", "9"), row("x", "3"), row("b", "2", 2), row("a", "8", 2)]
    kinds = ["task.created"] * 3 + ["task.moved"] * 2
    events = [
        {"seq": n, "type": kind, "task_id": after["id"], "changes": [
            {"table": "tasks", "id": after["id"], "after": after}]}
        for n, (kind, after) in enumerate(zip(kinds, changes, strict=True))
    ]  # fmt: skip
    right = [Move({"after": "a"}, changes[3]), Move({"at": "bottom"}, changes[4])]
    assert wrong_moves(events, right) == []
    assert len(wrong_moves(events, [Move({"before": "a"}, changes[3]), right[1]])) == 1
    assert len(wrong_moves(events, right[:1])) == 1
    assert len(wrong_moves(events, [*right, Move({"at": "top"}, row("x", "4", 2))])) == 1
