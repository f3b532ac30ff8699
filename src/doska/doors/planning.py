"""Planning an import: into which boards, with whom, and what the database must tell for it."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from doska.boards.access import BOARD, Access, Judgement
from doska.boards.limits import Limits
from doska.boards.models import Role
from doska.boards.policy import Right
from doska.doors.people import matched
from doska.doors.process import Child
from doska.doors.state import TABLES
from doska.errors import Invalid, NotFound
from doska.identity.access import Question, within
from doska.postgres.database import fetch_row
from doska.schemas import new_id, now

_MADE_FROM = Question(
    found=f"""(select r.board_id::text from import_refs r
        join board_users m on m.board_id = r.board_id and m.user_id = u.id
            and m.role = '{Role.CREATOR}'
        where r.kind = 'board' and r.source = :source and r.source_id = :source_id
            and r.fields ->> 'imported_by' = u.id::text and {within("r.board_id")}
        order by r.board_id desc limit 1)"""
)
_SEQ = Judgement(BOARD, body="b.seq::text")
_ROWS = ", ".join(
    f"'{table}', (select json_agg(to_jsonb(x)) from {table} x where x.board_id = $1)"
    for table in TABLES
    if table != "boards"
)
_STATE = f"""
    select b.seq, exists (select from import_refs r where r.board_id = b.id and r.source = $2
        and r.kind = 'board' and r.source_id = $3) as is_own, json_build_object('board_id', b.id, 'task_number', b.task_number,
        'file_bytes', (select coalesce(sum(y.size), 0)::bigint from blobs y
            where y.board_id = b.id and y.state = 'KEPT'),
        'boards', json_build_array(to_jsonb(b) - 'seq' - 'task_number'), {_ROWS},
        'refs', (select json_agg(json_build_array(r.kind, r.source_id, r.object_id, r.fields))
            from import_refs r where r.board_id = $1 and r.source = $2),
        'extras', (select json_agg(json_build_array(e.object_id, e.extra))
            from extras e where e.board_id = $1))::text as state
    from boards b where b.id = $1"""


@dataclass(frozen=True, slots=True)
class Target:
    """A board that something is imported into; ``seq`` is what it was planned for."""

    board_id: str
    is_new: bool
    is_own: bool  # made from this very board of the source
    seq: int = 0
    state: str | None = None


@dataclass(frozen=True, slots=True)
class Planned:
    """What is to be written, and what is told of it."""

    targets: list[Target]
    packs: list[dict[str, Any]]
    report: dict[str, Any]

    def blobs(self) -> list[dict[str, Any]]:
        """List the files that are attached."""
        return [blob for pack in self.packs for blob in pack["blobs"]]


async def plan(
    child: Child, read: dict[str, Any], access: Access, options: dict[str, Any], folder: Path
) -> Planned:
    """Plan all boards of a file."""
    targets = [
        await _target(access, read["format"], board["source"], options, folder, n)
        for n, board in enumerate(_fitting(read["boards"], options["into"]))
    ]
    people = await matched(
        fetch_row, access.caller, read["people"],
        matches=options["people"] == "known", named=options["named"],
    )  # fmt: skip
    wish = {
        "me": access.caller.user_id, "at": now(), "format": read["format"], "people": people,
        "named": options["named"],
        "gone": options["gone"], "limits": _limits(access.limits),
    }  # fmt: skip
    boards = [{"board_id": t.board_id, "state": t.state, "is_own": t.is_own} for t in targets]
    answer = await child.ask("plan", boards=boards, wish=wish)
    return Planned(targets, answer["boards"], answer["report"])


def _fitting(boards: list[dict[str, Any]], into: str) -> list[dict[str, Any]]:
    if into not in ("auto", "new") and len(boards) > 1:
        raise Invalid.at("/query/into", "several_boards", "should be auto or new: it has several")
    return boards


async def _target(
    access: Access, source: str, source_id: str, options: dict[str, Any], folder: Path, n: int
) -> Target:
    into = options["into"]
    if into == "auto":
        row = await _MADE_FROM.ask(access.caller, source=source, source_id=source_id)
        board_id = row["found"]
    else:
        board_id = None if into == "new" else into
    if board_id is None:
        return Target(new_id(), is_new=True, is_own=True)
    standing, _ = await _SEQ.ask(access.at(board_id))  # 404, or 403
    standing.require(Right.EDIT_TASKS)
    found = await fetch_row(_STATE, board_id, source, source_id)
    if found is None:
        raise NotFound
    path = folder / f"state{n}"
    path.write_text(found["state"], encoding="utf-8")
    return Target(board_id, is_new=False, is_own=found["is_own"], seq=found["seq"], state=str(path))


def _limits(limits: Limits) -> dict[str, int]:
    s = limits.settings
    return {
        "tasks": s.tasks_per_board_max,
        "columns": s.columns_per_board_max,
        "labels": s.labels_per_board_max,
        "board_users": s.people_per_board_max,
        "subtasks": s.subtasks_per_task_max,
        "comments": s.comments_per_task_max,
        "attachments": s.attachments_per_task_max,
        "comment_bytes": s.comments_per_board_mb_max << 20,
        "attachment_bytes": s.attachment_mb_max << 20,
        "board_attachment_bytes": s.attachments_per_board_mb_max << 20,
    }
