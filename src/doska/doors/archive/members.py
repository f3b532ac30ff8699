"""What is in an archive, and in which order."""

from doska.boards.following import following
from doska.boards.kinds import Kind, on_board
from doska.doors import source

VERSION = 1
HEAD = source.HEAD
BOARD, PEOPLE, REFS, BLOBS, EVENTS = (
    "board.json", "people.jsonl", "refs.jsonl", "blobs.jsonl", "events.jsonl",
)  # fmt: skip
FILES = "files/"
MANIFEST, SIGNATURE = "manifest.json", "signature"
HEAD_BYTES = b'{"format":"doska-board","version":1}\n'

# First what somebody would look for; tables of which a release has none are empty.
FIRST = ("columns", "labels", "custom_fields", "tasks", "subtasks", "comments", "attachments")


def member_of(table: str) -> str:
    """Name the member with the rows of a table."""
    return f"{table}.jsonl"


@following()
def tables() -> tuple[str, ...]:
    """List the tables in their order in the archive."""
    others = (kind.table for kind in on_board() if kind.table not in FIRST)
    return (*FIRST, *sorted(others))


@following()
def stored() -> dict[str, Kind]:
    """Give the kinds that this release has, by table, parents first."""
    return {kind.table: kind for kind in on_board()}


@following()
def members() -> tuple[str, ...]:
    """List all members of every archive in their order, without files and signature."""
    rows = [member_of(table) for table in tables()]
    place = len(FIRST)
    return (HEAD, BOARD, PEOPLE, *rows[:place], REFS, *rows[place:], BLOBS, EVENTS)
