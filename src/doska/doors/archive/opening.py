"""An archive as somebody has sent it: taken apart, and checked against itself.

Nothing here asks the database: it runs where files of strangers are read.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any, Protocol

from doska.boards.kinds import kind_of
from doska.boards.statements import COUNTERS
from doska.doors.archive import members as names
from doska.doors.archive.canonical import read_back
from doska.doors.archive.rules import COUNT_MAX, complaint, is_id, whole
from doska.doors.archive.signing import is_signed
from doska.doors.errors import ArchiveInconsistent, ArchiveTooNew, BrokenFile
from doska.doors.parsing import parsed

Row = dict[str, Any]
DEPTH_MAX = 160  # what is deeper could be stored, and not be read again
SEQ_MAX, TASK_NUMBER_MAX = 10**12, COUNT_MAX  # a board has room for more
DERIVED = {"tasks": ("assignees", "label_ids")}
REF = {"source", "kind", "source_id", "object_id", "fields"}
EVENT = {"seq", "type", "actor_id", "task_id", "payload", "changes", "at", "batch_id"}


class Entries(Protocol):
    """A zip that is safe to open: its names, and what they hold."""

    @property
    def entries(self) -> list[str]:
        """List the names."""
        ...

    def entry(self, name: str) -> bytes:
        """Read one."""
        ...


@dataclass(slots=True)
class Archive:
    """What an archive holds, in the form of rows and of the log; files stay where they are."""

    board: Row  # without counters
    seq: int
    task_number: int
    first_seq: int
    people: dict[str, Row]  # by id
    rows: dict[str, list[Row]]  # by table
    blobs: list[Row]
    events: list[Row]
    refs: list[Row]
    extras: dict[str, Row]  # by the id of what they belong to
    is_ours: bool
    files: frozenset[str] = field(default_factory=frozenset)  # digests
    dropped: frozenset[str] = field(default_factory=frozenset)  # places that do not come back

    @property
    def board_id(self) -> str:
        """Return the id of the board, as it was."""
        return str(self.board["id"])


def opened(source: Entries, key: bytes) -> Archive:
    """Take an archive apart; ArchiveTooNew, ArchiveInconsistent."""
    _check_version(source)
    manifest = _manifest(source)
    return _Reading(source, manifest, key).archive()


def _check_version(source: Entries) -> None:
    head = _json(names.HEAD, source.entry(names.HEAD))
    version = head.get("version") if isinstance(head, dict) else None
    if not isinstance(version, int) or head.get("format") != "doska-board":
        raise ArchiveInconsistent(at=names.HEAD)
    if version > names.VERSION:
        raise ArchiveTooNew(version=version, known=names.VERSION)


def _manifest(source: Entries) -> Row:
    """Compare what is there with what is listed: names, sizes, digests."""
    listed = {*source.entries}
    if names.MANIFEST not in listed:
        raise ArchiveInconsistent(at=names.MANIFEST)
    manifest = _json(names.MANIFEST, source.entry(names.MANIFEST))
    try:
        files = {entry["name"]: entry for entry in manifest["files"]}
        is_whole = len(files) == len(manifest["files"]) and is_id(manifest["board"])
    except (KeyError, TypeError):
        raise ArchiveInconsistent(at=names.MANIFEST) from None
    expected = {*files, names.MANIFEST, names.SIGNATURE}
    if not is_whole or listed | {names.SIGNATURE} != expected or {*names.members()} - {*files}:
        raise ArchiveInconsistent(at=names.MANIFEST)
    for name, entry in files.items():
        _check_sum(name, entry, source.entry(name))
    return dict(manifest)


def _check_sum(name: str, entry: Row, data: bytes) -> None:
    digest = sha256(data).hexdigest()
    is_file = name.startswith(names.FILES)
    lines = None if is_file else data.count(b"\n")
    told = {key: entry.get(key) for key in ("bytes", "lines", "sha256")}
    if told != {"bytes": len(data), "lines": lines, "sha256": digest}:
        raise ArchiveInconsistent(at=name)
    if is_file and name != f"{names.FILES}{digest}":
        raise ArchiveInconsistent(at=name)


class _Reading:
    """Reads the members of one archive."""

    def __init__(self, source: Entries, manifest: Row, key: bytes) -> None:
        self._source, self._manifest = source, manifest
        signature = source.entry(names.SIGNATURE) if names.SIGNATURE in source.entries else b""
        self._is_ours = is_signed(key, source.entry(names.MANIFEST), signature)
        self._board_id = str(manifest["board"])
        self._extras: dict[str, Row] = {}

    def archive(self) -> Archive:
        board = self._board()
        counters = {name: board.pop(name, None) for name in COUNTERS}
        first = self._manifest.get("first_seq")
        for number in (*counters.values(), first):
            self._must(type(number) is int and 0 <= number <= SEQ_MAX + 1, names.BOARD)
        self._must(counters["seq"] <= SEQ_MAX, names.BOARD)
        self._must(counters["task_number"] <= TASK_NUMBER_MAX, names.BOARD)
        self._must(self._manifest.get("seq") == counters["seq"], names.MANIFEST)
        return Archive(
            board=self._whole("boards", board, names.BOARD),
            seq=counters["seq"],
            task_number=counters["task_number"],
            first_seq=int(first),  # type: ignore[arg-type]  # it was looked at
            people=self._people(),
            rows={table: self._rows(table) for table in names.stored()},
            blobs=self._blobs(),
            events=self._events(),
            refs=self._refs(),
            extras=self._extras,
            is_ours=self._is_ours,
            files=frozenset(
                name.removeprefix(names.FILES)
                for name in self._source.entries
                if name.startswith(names.FILES)
            ),
        )

    def _must(self, holds: bool, at: str) -> None:  # noqa: FBT001  # reads as a sentence
        if not holds:
            raise ArchiveInconsistent(at=at)

    def _lines(self, name: str) -> Iterator[tuple[str, Row]]:
        """Give each line as an object, with its place."""
        for n, data in enumerate(self._source.entry(name).split(b"\n")[:-1], 1):
            place = f"{name}:{n}"
            row = _json(place, data)
            self._must(isinstance(row, dict), place)
            yield place, row

    def _whole(self, table: str, row: Row, at: str) -> Row:
        try:
            return whole(kind_of(table), row, self._board_id, is_ours=self._is_ours)
        except ValueError as error:
            raise ArchiveInconsistent(f"{error} is not valid.", at=at) from None

    def _board(self) -> Row:
        rows = [self._read("boards", row, place) for place, row in self._lines(names.BOARD)]
        self._must(len(rows) == 1 and rows[0].get("id") == self._board_id, names.BOARD)
        return rows[0]

    def _read(self, table: str, row: Row, at: str) -> Row:
        """Read a row; what is aside of it is put aside here, too."""
        extra = row.pop("extra", None)
        self._must(extra is None or (isinstance(extra, dict) and is_id(row.get("id"))), at)
        if extra:
            self._extras[row["id"]] = extra
        try:
            return read_back(table, row)
        except ValueError as error:
            raise ArchiveInconsistent(str(error), at=at) from None

    def _rows(self, table: str) -> list[Row]:
        found = []
        for place, row in self._lines(names.member_of(table)):
            own = {k: v for k, v in row.items() if k not in DERIVED.get(table, ())}
            found.append(self._whole(table, self._read(table, own, place), place))
        self._must(len({row["id"] for row in found}) == len(found), names.member_of(table))
        return found

    def _refs(self) -> list[Row]:
        found = []
        for place, row in self._lines(names.REFS):
            texts = [row.get(name) for name in ("source", "kind", "source_id")]
            is_known = row.keys() == REF and all(isinstance(text, str) for text in texts)
            self._must(is_known and is_id(row["object_id"]), place)
            found.append(row)
        return found

    def _people(self) -> dict[str, Row]:
        found = {}
        for place, row in self._lines(names.PEOPLE):
            known = row.keys() == {"id", "username", "name", "role"} and is_id(row["id"])
            shown = {"author_name": row.get("name"), "title": row.get("username")}
            self._must(known and complaint("users", shown) is None, place)
            found[row["id"]] = row
        return found

    def _blobs(self) -> list[Row]:
        found = []
        for place, given in self._lines(names.BLOBS):
            row = self._read("blobs", given, place)
            known = {"id", "sha256", "size", "media_type", "width", "height", "state"}
            is_known = row.keys() == known | {"created_by", "created_at"}
            self._must(is_known and complaint("blobs", row) is None, place)
            found.append(row)
        return found

    def _events(self) -> list[Row]:
        found = []
        for place, row in self._lines(names.EVENTS):
            self._must(row.keys() == EVENT and self._is_event(row), place)
            found.append({**row, "at": self._read("events", {"at_at": row["at"]}, place)["at_at"]})
        return found

    def _is_event(self, row: Row) -> bool:
        ids = ("actor_id", "task_id", "batch_id")
        has_ids = all(row[name] is None or is_id(row[name]) for name in ids)
        is_told = isinstance(row["type"], str) and isinstance(row["payload"], dict)
        changes = row["changes"]
        is_list = isinstance(changes, list) and all(_is_change(change) for change in changes)
        return has_ids and is_told and is_list


def _is_change(change: Any) -> bool:
    if not isinstance(change, dict) or change.keys() != {"table", "id", "before", "after"}:
        return False
    images = [change["before"], change["after"]]
    rows = [image for image in images if image is not None]
    return bool(rows) and all(isinstance(r, dict) and r.get("id") == change["id"] for r in rows)


def _json(place: str, data: bytes) -> Any:
    try:
        found, repaired = parsed(data.decode(), DEPTH_MAX)
    except (BrokenFile, UnicodeDecodeError):
        raise ArchiveInconsistent(at=place) from None
    if repaired:  # it has what no text can hold, and we never wrote
        raise ArchiveInconsistent(at=place)
    return found
