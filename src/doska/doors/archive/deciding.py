"""What comes back of an archive, and for whom; decided within the transaction that writes it."""

from dataclasses import dataclass
from typing import Any

from doska.boards.kinds import kind_of
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
class Decided:
    """What is to be written; ``is_as_it_was``: under its old ids."""

    archive: Archive
    is_as_it_was: bool


async def decide(connection: Connection, archive: Archive, importer: Importer) -> Decided:
    """Decide whether a board is restored as it was, or dealt as a copy."""
    is_known = await _may_restore(connection, archive, importer)
    if is_known is None:
        return Decided(dealt(archive, importer.user_id), is_as_it_was=False)
    if not await _are_people(connection, archive):
        made = dealt(archive, importer.user_id, keeps_ids=True)
        return Decided(made, is_as_it_was=True)
    places = archive.rows[PLACES]
    ids = [row["id"] for row in places], [row["user_id"] for row in places]
    found = await connection.fetchval(_RETURNING, archive.board_id, *ids, is_known)
    return Decided(_with_people(archive, importer, {*found}), is_as_it_was=True)


async def _may_restore(connection: Connection, archive: Archive, importer: Importer) -> bool | None:
    """Return whether the board was once here; None: its ids do not come back for this importer."""
    row = await connection.fetchrow(_OWNER, archive.board_id)
    used: Any = json_of(row["used"])
    is_owner = used is not None and used["owner_id"] == importer.user_id
    is_trusted = archive.is_ours or (importer.is_admin and importer.is_trusting)
    if row["is_there"] or not is_trusted or not (importer.is_admin or is_owner):
        return None
    values = archive.board_id, sorted(ids_of(archive)), [row["id"] for row in archive.blobs]
    return None if await connection.fetchval(_TAKEN, *values) else used is not None


async def _are_people(connection: Connection, archive: Archive) -> bool:
    """Return whether all whom it names have an account here; else a copy has their names."""
    found = await connection.fetchval(_KNOWN, sorted(archive.people))
    return {*archive.people} == {*found}


def _with_people(archive: Archive, importer: Importer, returning: set[str]) -> Archive:
    """Leave out who does not come back; the importer owns the board if its owner does not."""
    owner = next((r["user_id"] for r in archive.rows[PLACES] if r["role"] == "CREATOR"), None)
    is_own = owner == importer.user_id
    if is_own or (importer.is_admin and owner in returning):
        back = returning | ({importer.user_id} if is_own else set())
        return ended(archive, lambda kind, row: _is_gone(kind.table, row, back), None)
    back = returning - {importer.user_id, str(owner)}
    return ended(archive, lambda kind, row: _is_gone(kind.table, row, back), importer.user_id)


def _is_gone(table: str, row: Row, back: set[str]) -> bool:
    return table in OF_PLACES and row["user_id"] not in back


def ids_of(archive: Archive) -> set[str]:
    """Return all ids that things of named kinds have or had."""
    return {archive.board_id, *(found for _, found in named_ids(archive))}


def named_ids(archive: Archive) -> set[tuple[str, str]]:
    """Return the table and id of everything whose id is never given twice."""
    rows = {(table, row["id"]) for table, found in archive.rows.items() for row in found}
    logged = {(c["table"], c["id"]) for event in archive.events for c in event["changes"]}
    return {(table, one) for table, one in rows | logged if kind_of(table).is_named}
