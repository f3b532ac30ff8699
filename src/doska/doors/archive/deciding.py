"""What comes back of an archive, and for whom; decided within the transaction that writes it.

Of the archive only facts are asked: it may be in another process.
"""

from dataclasses import dataclass
from typing import Any

from doska.boards.kinds import kind_of
from doska.boards.models import Role
from doska.doors.archive.dealing import OF_PLACES, PLACES, dealt, ended
from doska.doors.archive.opening import Archive, Row
from doska.postgres.database import Connection, json_of

_OWNER = """
    select exists (select from boards where id = $1) as is_there,
        (select to_jsonb(i) from used_ids i where i.id = $1 and i.kind = 'board') as used"""
# Whatever else has one of the ids now, or had it once.
_TAKEN = """
    select exists (select from used_ids i where i.id = any($2::uuid[]) and i.board_id <> $1)
        or exists (select from blobs y where y.id = any($3::uuid[]) and y.board_id is not null)"""
_KNOWN = "select array(select x.id::text from users x where x.id = any($1::uuid[]))"
# Active people who had this place when the board was deleted; of a board that was never here, all.
_RETURNING = """
    select array(select p.user_id::text
        from unnest($2::uuid[], $3::uuid[]) p (place_id, user_id)
        join users x on x.id = p.user_id and x.is_active
        where not $4 or exists (select from used_ids i where i.id = p.place_id
            and i.kind = 'person' and i.board_id = $1 and i.owner_id = p.user_id))"""


@dataclass(frozen=True, slots=True)
class Importer:
    """Who brings an archive back; ``is_trusting``: an administrator who vouches for it."""

    user_id: str
    is_admin: bool
    is_trusting: bool = False


@dataclass(frozen=True, slots=True)
class Facts:
    """What is to be known of an archive."""

    board_id: str
    is_ours: bool
    ids: list[str]  # of all that has a name
    blob_ids: list[str]
    people: list[str]
    places: list[tuple[str, str, str]]  # id, user, role


@dataclass(frozen=True, slots=True)
class Verdict:
    """What is to be made of it: by default a copy, which names nobody but its importer."""

    keeps_ids: bool = False
    back: tuple[str, ...] | None = None  # whose places come back; None: nobody's, and no author
    is_new_creator: bool = True  # the importer


def facts_of(archive: Archive) -> Facts:
    """Give the facts."""
    return Facts(
        archive.board_id,
        archive.is_ours,
        sorted({archive.board_id, *(found for _, found in named_ids(archive))}),
        [row["id"] for row in archive.blobs],
        sorted(archive.people),
        [(row["id"], row["user_id"], row["role"]) for row in archive.rows[PLACES]],
    )


async def decide(connection: Connection, facts: Facts, importer: Importer) -> Verdict:
    """Decide whether a board is restored as it was, or dealt as a copy."""
    is_known = await _may_restore(connection, facts, importer)
    if is_known is None:
        return Verdict()
    if {*facts.people} != {*await connection.fetchval(_KNOWN, facts.people)}:
        return Verdict(keeps_ids=True)
    ids = [place for place, _, _ in facts.places], [user for _, user, _ in facts.places]
    found = await connection.fetchval(_RETURNING, facts.board_id, *ids, is_known)
    return _with_people(facts, importer, {*found})


async def _may_restore(connection: Connection, facts: Facts, importer: Importer) -> bool | None:
    """Return whether the board was once here; None: its ids do not come back for this importer."""
    row = await connection.fetchrow(_OWNER, facts.board_id)
    used: Any = json_of(row["used"])
    is_owner = used is not None and used["owner_id"] == importer.user_id
    is_trusted = facts.is_ours or (importer.is_admin and importer.is_trusting)
    if row["is_there"] or not is_trusted or not (importer.is_admin or is_owner):
        return None
    is_taken = await connection.fetchval(_TAKEN, facts.board_id, facts.ids, facts.blob_ids)
    return None if is_taken else used is not None


def _with_people(facts: Facts, importer: Importer, returning: set[str]) -> Verdict:
    """Say who comes back; the importer owns the board if its owner does not."""
    owner = next((user for _, user, role in facts.places if role == Role.CREATOR), "")
    is_own = owner == importer.user_id
    if is_own or (importer.is_admin and owner in returning):
        back = returning | ({importer.user_id} if is_own else set())
        return Verdict(keeps_ids=True, back=tuple(sorted(back)), is_new_creator=False)
    back = returning - {importer.user_id, owner}
    return Verdict(keeps_ids=True, back=tuple(sorted(back)))


def applied(archive: Archive, verdict: Verdict, importer_id: str) -> Archive:
    """Make of an archive what was decided."""
    if verdict.back is None:
        return dealt(archive, importer_id, keeps_ids=verdict.keeps_ids)
    back = {*verdict.back}
    creator_id = importer_id if verdict.is_new_creator else None
    return ended(archive, lambda kind, row: _is_gone(kind.table, row, back), creator_id)


def _is_gone(table: str, row: Row, back: set[str]) -> bool:
    return table in OF_PLACES and row["user_id"] not in back


def named_ids(archive: Archive) -> set[tuple[str, str]]:
    """Return the table and id of everything whose id is never given twice."""
    rows = {(table, row["id"]) for table, found in archive.rows.items() for row in found}
    logged = {(c["table"], c["id"]) for event in archive.events for c in event["changes"]}
    return {(table, one) for table, one in rows | logged if kind_of(table).is_named}
