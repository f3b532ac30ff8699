"""Ids that a file has twice: the second thing gets another one, or one of the two would be lost.

An id of any length is one that an index can hold: a long one is known by its hash.
"""

from collections.abc import Iterable
from dataclasses import replace
from hashlib import sha256
from typing import Any

from doska.doors.model import Board, Task

ID_CHARS_MAX = 200


def distinct(board: Board) -> Board:
    """Give a board whose things have ids of their own; references mean the first that has one."""
    tasks = [_with_own(task) for task in _renamed(board.tasks)]
    return replace(
        board,
        id=_short(board.id) if board.id is not None else None,
        labels=_renamed(board.labels),
        columns=_renamed(board.columns),
        tasks=tuple(tasks),
    )


def _with_own(task: Task) -> Task:
    column = _short(task.column) if task.column is not None else None
    labels = tuple(map(_short, task.labels))
    own = [_renamed(things) for things in (task.subtasks, task.comments, task.attachments)]
    given = [task.column, task.labels, task.subtasks, task.comments, task.attachments]
    if [column, labels, *own] == given:
        return task
    subtasks, comments, attachments = own
    return replace(
        task, column=column, labels=labels,
        subtasks=subtasks, comments=comments, attachments=attachments,
    )  # fmt: skip


def _short(known: str) -> str:
    return known if len(known) <= ID_CHARS_MAX else sha256(known.encode()).hexdigest()


def _renamed(things: Iterable[Any]) -> tuple[Any, ...]:
    seen: dict[str, int] = {}
    found = []
    for thing in things:
        known = _short(thing.id)
        count = seen[known] = seen.get(known, 0) + 1
        known = f"{known}#{count}" if count > 1 else known
        found.append(thing if known == thing.id else replace(thing, id=known))
    return tuple(found)
