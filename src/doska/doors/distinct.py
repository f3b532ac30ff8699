"""Ids that a file has twice: the second thing gets another one, or one of the two would be lost."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from doska.doors.model import Board


def distinct(board: Board) -> Board:
    """Give a board whose things have ids of their own; references mean the first that has one."""
    tasks = [
        replace(
            task,
            subtasks=_renamed(task.subtasks),
            comments=_renamed(task.comments),
            attachments=_renamed(task.attachments),
        )
        for task in _renamed(board.tasks)
    ]
    return replace(
        board,
        labels=_renamed(board.labels),
        columns=_renamed(board.columns),
        tasks=tuple(tasks),
    )


def _renamed(things: Iterable[Any]) -> tuple[Any, ...]:
    seen: dict[str, int] = {}
    found = []
    for thing in things:
        count = seen[thing.id] = seen.get(thing.id, 0) + 1
        found.append(replace(thing, id=f"{thing.id}#{count}") if count > 1 else thing)
    return tuple(found)
