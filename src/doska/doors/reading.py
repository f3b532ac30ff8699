"""The process that reads files of strangers and plans what is written: bounded, and alone.

Run by ``doska.importing``, with a folder and its bounds. It takes one JSON object a line and
answers each with one:

    {"do": "read", "path", "format", "options", "bounds"}     {"ok": {"format", "boards", "people"}}
    {"do": "plan", "boards": [{"state", …}], "wish": {…}}     {"ok": {"boards": […], "report": …}}

What is wrong with the file comes as ``{"error": {"name", "detail", "more"}}``.
"""

import gc
import json
import os
import sys
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any, Protocol

import doska.doors.readers  # noqa: F401  # all formats
from doska.doors.cards import Cards
from doska.doors.desk import Desk, Wish
from doska.doors.distinct import distinct
from doska.doors.formats import recognise, unwrapped
from doska.doors.model import Board, Plan
from doska.doors.noticing import Noticed
from doska.doors.packing import packed
from doska.doors.reporting import board_told, reported
from doska.doors.source import HEAD, Bounds, Options, SourceFile
from doska.doors.state import State
from doska.doors.things import has_homeless, plan_board, plan_columns, plan_labels
from doska.errors import DoskaError, LimitReached

PEOPLE_MAX = 10_000


class Archive(Protocol):
    """An archive of ours, checked."""

    def read(self) -> dict[str, Any]:
        """Give what the server must know to decide."""

    def pack(self, verdict: dict[str, Any], importer_id: str) -> dict[str, Any]:
        """Pack what was decided."""


Opener = Callable[[SourceFile, Path, bytes], Archive]


class Reader:
    """What the process knows between two requests; ``opener`` opens an archive of ours."""

    def __init__(self, folder: Path, opener: Opener) -> None:
        self._folder, self._opener = folder, opener
        self._plan: Plan | None = None
        self._archive: Archive | None = None
        self._seconds: dict[str, float] = {}

    def answer(self, request: dict[str, Any]) -> dict[str, Any]:
        """Do what is asked."""
        began = time.monotonic()
        if request["do"] == "read":
            found = self._read(request)
            self._seconds["reading"] = round(time.monotonic() - began, 2)
            return found
        if request["do"] == "restore":
            assert self._archive is not None  # noqa: S101  # it has been read
            return self._archive.pack(request["verdict"], request["importer_id"])
        return self._plan_all(request, began)

    def _read(self, request: dict[str, Any]) -> dict[str, Any]:
        bounds = Bounds(**request["bounds"])
        data = Path(request["path"]).read_bytes()
        file = SourceFile(data, Options(**request["options"]), bounds)
        if request["format"] in ("auto", "doska") and HEAD in file.entries:
            self._archive = self._opener(file, self._folder, bytes.fromhex(request["key"]))
            return self._archive.read()
        file = unwrapped(file)
        found = recognise(file, request["format"])
        self._plan = plan = found.read(file)
        if len(plan.boards) > bounds.boards:
            raise LimitReached.at(bounds.boards, "boards of a file")
        people = {person.id: person for board in plan.boards for person in board.people}
        return {
            "format": plan.format,
            "boards": [
                {"source": _source(board), "tasks": len(board.tasks)} for board in plan.boards
            ],
            "people": [
                {"id": p.id, "username": p.username, "email": p.email, "name": p.name}
                for p in list(people.values())[:PEOPLE_MAX]
            ],
        }

    def _plan_all(self, request: dict[str, Any], began: float) -> dict[str, Any]:
        plan, wish = self._plan, Wish(**request["wish"])
        assert plan is not None  # noqa: S101  # it has been read
        noticed, told, packs = Noticed(), [], []
        aside: dict[str, int] = {}
        users: dict[str, str] = {}
        for warned in plan.warnings:
            noticed.note(warned)
        for n, (board, given) in enumerate(zip(plan.boards, request["boards"], strict=True)):
            desk = self._desk(board, given, wish, noticed)
            number = _planned(desk, is_own=given["is_own"], archives=wish.gone == "archive")
            packs.append(packed(desk, self._folder, f"board{n}", number))
            told.append(board_told(desk))
            users |= {p.id: user for p in board.people if (user := desk.user_of(p.id))}
            for to, count in desk.aside.items():
                aside[to] = aside.get(to, 0) + count
        self._seconds["planning"] = round(time.monotonic() - began, 2)
        report = {
            **reported(plan, told, users, aside),
            "warnings": [
                {"code": w.code, "count": w.count, "at": list(w.at)} for w in noticed.found()
            ],
            "seconds": self._seconds,
        }
        return {"boards": packs, "report": report}

    @staticmethod
    def _desk(board: Board, given: dict[str, Any], wish: Wish, noticed: Noticed) -> Desk:
        if path := given["state"]:
            state = State.read(json.loads(Path(path).read_text()))
        else:
            state = State.empty(given["board_id"])
        return Desk(distinct(board), state, wish, noticed)


def _planned(desk: Desk, *, is_own: bool, archives: bool) -> int:
    """Plan a board; gives the last number of its tasks."""
    plan_board(desk, is_own=is_own)
    labels = plan_labels(desk)
    found = plan_columns(desk, has_homeless=has_homeless(desk))
    cards = Cards(desk, labels, found)
    cards.plan()
    for ref, row in desk.left_behind():
        if archives and ref.kind == "task" and row["archived_at"] is None:
            desk.update("tasks", row, archived_at=desk.wish.at, rank=None)
    _check(desk)
    return cards.task_number


def _check(desk: Desk) -> None:
    """Refuse what is beyond the limits, and name all of them."""
    limits, found = desk.wish.limits, []
    new = Counter(table for table, _, before, _ in desk.changes if before is None)
    for table, of in (("tasks", "tasks of a board"), ("columns", "columns of a board"),
                      ("labels", "labels of a board"), ("board_users", "people of a board")):  # fmt: skip
        added = new[table]
        count = added + (len(desk.state.rows[table]) if table != "board_users" else 0)
        if added and count > limits[table]:
            found.append({"of": of, "limit": limits[table], "count": count})
    comments = [(before, after) for t, _, before, after in desk.changes if t == "comments"]
    added = sum(_bytes(after) - _bytes(before) for before, after in comments)
    size = added + sum(map(_bytes, desk.state.rows["comments"].values()))
    if added > 0 and size > limits["comment_bytes"]:
        found.append(
            {"of": "bytes of a board's comments", "limit": limits["comment_bytes"], "count": size}
        )
    size, most = sum(len(content) for _, content in desk.blobs), limits["board_attachment_bytes"]
    size += desk.state.file_bytes if size else 0
    if size > most:
        found.append({"of": "bytes of a board's files", "limit": most, "count": size})
    if found:
        raise LimitReached(
            "; ".join(f"The limit is {f['limit']} {f['of']}, these are {f['count']}" for f in found),
            limit=found[0]["limit"], of=found[0]["of"], limits=found,
        )  # fmt: skip


def _bytes(comment: dict[str, Any] | None) -> int:
    return len(comment["body"].encode()) if comment else 0


def _source(board: Board) -> str:
    return board.id or f"title:{board.title}"


def main(opener: Opener) -> None:
    """Serve one file, until nobody asks any more."""
    gc.disable()  # what is read lives as long as the process
    if hasattr(os, "nice"):  # Windows has none
        os.nice(10)  # who waits for a page goes first
    _bound(int(sys.argv[2]), int(sys.argv[3]))
    reader = Reader(Path(sys.argv[1]), opener)
    for line in sys.stdin:
        try:
            answer = {"ok": reader.answer(json.loads(line))}
        except DoskaError as error:
            name = type(error).__name__
            answer = {"error": {"name": name, "detail": error.detail, "more": error.more}}
        except MemoryError:
            answer = {"error": {"name": "ImportTooHeavy", "detail": None, "more": {}}}
        sys.stdout.write(json.dumps(answer) + "\n")
        sys.stdout.flush()


def _bound(memory_bytes: int, cpu_seconds: int) -> None:
    """Bound this process: a file may be made to exhaust whoever opens it."""
    try:
        import resource  # noqa: PLC0415  # Windows has none
    except ImportError:
        return
    resource.setrlimit(resource.RLIMIT_AS, (memory_bytes, memory_bytes))
    resource.setrlimit(resource.RLIMIT_CPU, (cpu_seconds, cpu_seconds))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
