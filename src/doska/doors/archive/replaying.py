"""Whether an archive's log and rows tell the same, and whether all that is named is there.

The log is taken back from the rows to its first event: this holds where it was trimmed, too; one
that begins at the beginning must end with nothing.
"""

from typing import Any

from doska.boards.kinds import is_known, kind_of
from doska.doors.archive import members as names
from doska.doors.archive.opening import Archive, Row
from doska.doors.archive.people import in_row
from doska.doors.archive.rules import whole
from doska.doors.archive.telling import check_telling
from doska.doors.errors import ArchiveInconsistent


def check(archive: Archive) -> None:
    """Check all of it; ArchiveInconsistent, with the place."""
    _check_references(archive)
    _check_people(archive)
    _check_files(archive)
    _check_log(archive)
    if not archive.is_ours:
        check_telling(archive)


def _check_references(archive: Archive) -> None:
    keys: dict[tuple[str, str], set[Any]] = {}
    for table, rows in archive.rows.items():
        for parent in kind_of(table).parents:
            if parent.is_outlived:
                continue
            place = (parent.table, parent.key)
            above = archive.rows.get(parent.table, [])
            known = keys.setdefault(place, {row[parent.key] for row in above})
            for row in rows:
                if row[parent.column] is not None and row[parent.column] not in known:
                    raise ArchiveInconsistent(at=f"{names.member_of(table)}#{row['id']}")


def _check_people(archive: Archive) -> None:
    for table, rows in archive.rows.items():
        for row in rows:
            if {*in_row(kind_of(table), row)} - archive.people.keys():
                raise ArchiveInconsistent(at=f"{names.member_of(table)}#{row['id']}")


def _check_files(archive: Archive) -> None:
    blobs = {row["id"]: row for row in archive.blobs}
    kept = {row["sha256"] for row in archive.blobs if row["state"] == "KEPT"}
    if len(blobs) < len(archive.blobs) or kept != archive.files:
        raise ArchiveInconsistent(at=names.BLOBS)
    for table, rows in archive.rows.items():
        held = [column for column, other in kind_of(table).holds.items() if other == "blobs"]
        for row in rows:
            if any(row[column] and row[column] not in blobs for column in held):
                raise ArchiveInconsistent(at=f"{names.member_of(table)}#{row['id']}")


def _check_log(archive: Archive) -> None:
    _check_numbers(archive)
    state = {(table, row["id"]): row for table, rows in archive.rows.items() for row in rows}
    state["boards", archive.board_id] = archive.board
    for event in reversed(archive.events):
        for change in reversed(event["changes"]):
            _take_back(archive, state, event, change)
    if archive.events and archive.first_seq == 1 and state:
        raise ArchiveInconsistent("The log does not tell of all rows.", at=names.EVENTS)


def _take_back(archive: Archive, state: dict[Any, Row], event: Row, change: Row) -> None:
    place = f"{names.EVENTS}#{event['seq']}"
    if not is_known(change["table"]):
        raise ArchiveInconsistent(at=place)
    kind = kind_of(change["table"])
    try:
        before, after = (
            image and whole(kind, image, archive.board_id, is_ours=archive.is_ours)
            for image in (change["before"], change["after"])
        )
    except ValueError as error:
        raise ArchiveInconsistent(f"{error} is not valid.", at=place) from None
    if state.pop((kind.table, change["id"]), None) != after:
        raise ArchiveInconsistent("The log does not lead to the rows.", at=place)
    if before is not None:
        state[kind.table, change["id"]] = before


def _check_numbers(archive: Archive) -> None:
    found = [event["seq"] for event in archive.events]
    expected = [*range(archive.first_seq, archive.seq + 1)]
    if found != expected or archive.first_seq < 1 or (archive.first_seq > archive.seq + 1):
        raise ArchiveInconsistent("The log has gaps.", at=names.EVENTS)
    logged = (
        image["number"]
        for event in archive.events
        for change in event["changes"]
        if change["table"] == "tasks"
        for image in (change["before"], change["after"])
        if image and isinstance(image.get("number"), int)
    )
    highest = max((*logged, *(row["number"] for row in archive.rows["tasks"])), default=0)
    if archive.task_number < highest or (archive.first_seq == 1 and archive.task_number > highest):
        raise ArchiveInconsistent("The board's numbers do not fit.", at=names.BOARD)
