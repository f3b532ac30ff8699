"""What is done with boards, the people on them, and columns."""

from typing import Any

import machine_deeds as deeds
from doska.schemas import new_id
from machine import SIDE, STATUS, YES, N, Tried, beside, deed, needs
from machine_model import Board, Column, Log, Refused, Unknown

BOARDS_MAX, BOARDS_MIN = 8, 6
ROLE = ("OBSERVER", "COMMENTER", "MEMBER", "MODERATOR", "CREATOR")
WITH_TASKS = (None, "delete", "move")

has_columns = needs(lambda self: self.columns)


class Boards(Tried):
    """Boards, their people and columns, and taking things back."""

    @needs(lambda self: len(self.model.logs) < BOARDS_MAX)
    @deed(who=N, is_public=YES)
    def create_board(self, who: int, *, is_public: bool) -> None:
        actor, made = self.person(who), new_id()
        body: dict[str, Any] = {"id": made, "title": "Board", "is_public": is_public}
        assert self.send(actor, "POST", "/boards", **body) == 201
        self.model.logs[made] = Log(Board(made, is_public, {actor: "CREATOR"}), [None])
        self.compare(actor, made)

    @deed(who=N, which=N, is_public=YES)
    def publish(self, who: int, which: int, *, is_public: bool) -> None:
        board = self.board(which)
        actor = self.actor(who, board)

        def done(found: Board) -> None:
            found.is_public = is_public

        path = f"/boards/{board.id}"
        self.attempt(actor, board, "EDIT_BOARD", done, "PATCH", path, is_public=is_public)

    @needs(lambda self: len(self.model.logs) > BOARDS_MIN)
    @deed(who=N, which=N)
    def delete_board(self, who: int, which: int) -> None:
        board, expected = self.board(which), 204
        actor = self.actor(who, board)
        try:
            self.model.require(actor, board, "OWN")
        except Refused as refused:
            (expected,) = refused.statuses
        assert self.send(actor, "DELETE", f"/boards/{board.id}") == expected
        if expected == 204:
            del self.model.logs[board.id]
            assert self.send(actor, "GET", f"/boards/{board.id}") == 404

    @deed(who=N, which=N, whom=N, role=ROLE)
    def add_person(self, who: int, which: int, whom: int, role: str) -> None:
        board = self.board(which)
        person = self.person(whom)
        actor = self.actor(who, board)
        path, body = f"/boards/{board.id}/users", {"user_id": person, "role": role}

        def done(found: Board) -> None:
            deeds.add_person(self.model, actor, found, person, role)

        self.attempt(actor, board, "MANAGE_PEOPLE", done, "POST", path, **body)

    @deed(times=3, who=N, which=N, whom=N, role=ROLE)
    def set_role(self, who: int, which: int, whom: int, role: str) -> None:
        board = self.board(which)
        person = self.whom(whom, board)
        actor = self.actor(who, board)
        path = f"/boards/{board.id}/users/{person}"

        def done(found: Board) -> None:
            deeds.set_role(self.model, actor, found, person, role)

        self.attempt(actor, board, "MANAGE_PEOPLE", done, "PUT", path, role=role)

    @deed(who=N, which=N, whom=N)
    def remove_person(self, who: int, which: int, whom: int) -> None:
        board = self.board(which)
        person = self.whom(whom, board)
        actor = self.actor(who, board)
        path = f"/boards/{board.id}/users/{person}"

        def done(found: Board) -> None:
            deeds.remove_person(self.model, actor, found, person)

        self.attempt(actor, board, "VIEW", done, "DELETE", path)

    @deed(who=N, which=N, status=(None, *STATUS))
    def create_column(self, who: int, which: int, status: str | None) -> None:
        board, made = self.board(which), new_id()
        actor = self.actor(who, board)
        body = {"id": made, "board_id": board.id, "title": "Column", "status": status}

        def done(found: Board) -> None:
            deeds.create_column(found, Column(made, status))

        self.attempt(actor, board, "EDIT_BOARD", done, "POST", "/columns", **body)

    @has_columns
    @deed(who=N, which=N, limit=(None, 1, 2, 3), is_hard=YES)
    def limit_column(self, who: int, which: int, limit: int | None, *, is_hard: bool) -> None:
        board, column = self.pick(self.columns, which)
        actor = self.actor(who, board)
        body = {"task_limit": limit, "limit_is_hard": is_hard}

        def done(found: Board) -> None:
            changed = found.column(column.id)
            changed.limit, changed.is_hard = limit, is_hard

        self.attempt(actor, board, "EDIT_BOARD", done, "PATCH", f"/columns/{column.id}", **body)

    @has_columns
    @deed(who=N, which=N, is_archived=YES)
    def archive_column(self, who: int, which: int, *, is_archived: bool) -> None:
        board, column = self.pick(self.columns, which)
        actor = self.actor(who, board)

        def done(found: Board) -> None:
            deeds.archive_column(found, column.id, is_archived=is_archived)

        path = f"/columns/{column.id}"
        self.attempt(actor, board, "EDIT_BOARD", done, "PATCH", path, is_archived=is_archived)

    @has_columns
    @deed(who=N, which=N, side=SIDE, other=N)
    def move_column(self, who: int, which: int, side: str, other: int) -> None:
        board, column = self.pick(self.columns, which)
        actor = self.actor(who, board)
        near = beside(side, self.column_near(other, board))
        path = f"/columns/{column.id}/move"

        def done(found: Board) -> None:
            deeds.move_column(found, column.id, near)

        self.attempt(actor, board, "EDIT_BOARD", done, "POST", path, **dict([near]))

    @has_columns
    @deed(who=N, which=N, way=WITH_TASKS, other=N)
    def delete_column(self, who: int, which: int, way: str | None, other: int) -> None:
        board, column = self.pick(self.columns, which)
        actor = self.actor(who, board)
        to = self.column_near(other, board) if way == "move" else None
        query = {name: value for name, value in {"tasks": way, "to": to}.items() if value}

        def done(found: Board) -> None:
            deeds.delete_column(found, column.id, way, to)

        self.attempt(actor, board, "EDIT_BOARD", done, "DELETE", f"/columns/{column.id}", **query)

    @needs(lambda self: any(log.past[1:] for log in self.model.logs.values()))
    @deed(times=4, who=N, which=N, back=(*6 * (0,), 1, 2, 3, 4))
    def undo(self, who: int, which: int, back: int) -> None:
        """Take back the last event, of which all is known, or an earlier one."""
        changed = [(log.board,) for log in self.model.logs.values() if log.past[1:]]
        (board,) = self.pick(changed, which)
        actor, log = self.actor(who, board), self.model.logs[board.id]
        expected: tuple[int, ...] = (200,)
        seq = max(1, log.seq - back)
        try:
            self.model.check_undo(actor, board.id, seq)
        except Refused as refused:
            expected = refused.statuses
        except Unknown:
            expected = (200, 403, 409)
        allowed = (200, 409) if back and expected == (200,) else expected
        status = self.send(actor, "POST", f"/boards/{board.id}/undo", seq=seq)
        assert status in allowed, f"undo {seq} of {log.seq}: {status}, not {allowed}"
        if status == 200:
            known, before = None if back else log.past[-1], log.board
            log.past.append(before)
            log.board = known or self.stage.run(self.stage.board(board.id))
            log.note("", before, log.board)
        self.compare(actor, board.id)
