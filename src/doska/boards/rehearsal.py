"""Dry runs: what an action would do, reported after it was done and before it is rolled back."""

from typing import Any

from pydantic_core import to_json

from doska.boards.changes import Entry, net
from doska.boards.kinds import kind_of
from doska.identity.faces import with_faces

WORDS = {"insert": "created", "update": "changed", "delete": "deleted"}

# The events written here, as clients will get them: they contain people by id only.
WRITTEN = f"""
    select json_build_object('type', e.type, 'task_id', e.task_id,
        'payload', {with_faces("e.payload")})
    from events e where e.board_id = $1 and e.seq > $2 order by e.seq"""

Counts = dict[str, dict[str, int]]


def report_of(entries: list[Entry], events: list[dict[str, Any]]) -> bytes:
    """Report what these events would do; ``events`` are they as clients will get them."""
    counts: Counts = {}
    for row in net(entries) if entries else ():
        count = counts.setdefault(kind_of(row.table).plural, dict.fromkeys(WORDS.values(), 0))
        count[WORDS[row.operation]] += 1
    return to_json({"events": events, "counts": counts, "is_replayed": False})


def report_of_deletion(board_id: str, deleted: dict[str, int]) -> bytes:
    """Report that a board would be deleted, with so many things of each kind."""
    event = {"type": "board.deleted", "task_id": None, "payload": {"board": {"id": board_id}}}
    counts = {kind: {"created": 0, "changed": 0, "deleted": n} for kind, n in deleted.items() if n}
    return to_json({"events": [event], "counts": counts, "is_replayed": False})


# For a request whose key was already used for it.
REPORT_OF_REPLAY = to_json({"events": [], "counts": {}, "is_replayed": True})
