"""The archive within the process that reads files: opened, checked, and packed as was decided."""

import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

from doska.doors.archive import members as names
from doska.doors.archive.deciding import Facts, Verdict, applied, facts_of
from doska.doors.archive.opening import Archive, opened
from doska.doors.archive.packing import Pack, packed
from doska.doors.archive.replaying import check
from doska.doors.source import SourceFile

OWN = (names.HEAD, names.MANIFEST, names.SIGNATURE)  # of the archive, not of the board


class ArchiveReader:
    """What is known of one archive between two requests; texts are in the folder."""

    def __init__(self, file: SourceFile, folder: Path, key: bytes) -> None:
        self._file, self._folder = file, folder
        self._archive: Archive = opened(file, key)
        check(self._archive)

    def read(self) -> dict[str, Any]:
        """Give the facts that the database is asked about, and unpack the files."""
        for sha256 in self._archive.files:
            (self._folder / sha256).write_bytes(self._file.entry(f"{names.FILES}{sha256}"))
        path = self._folder / "facts.json"
        path.write_text(json.dumps(asdict(facts_of(self._archive))), encoding="utf-8")
        total = len(self._archive.rows["tasks"])
        return {"format": "doska", "facts": str(path), "tasks": total, "boards": [], "people": []}

    def pack(self, verdict: dict[str, Any], importer_id: str) -> dict[str, Any]:
        """Pack what was decided, and tell what it is."""
        made = packed(applied(self._archive, Verdict(**verdict), importer_id), self._folder)
        path = self._folder / "pack.json"
        path.write_text(json.dumps(asdict(made)), encoding="utf-8")
        return {"pack": str(path), "report": self._report(made, Verdict(**verdict))}

    def _report(self, made: Pack, verdict: Verdict) -> dict[str, Any]:
        created = {table: count for table, count in made.counts.items() if count}
        board = {"board_id": made.board_id, "is_new": True, "readers": made.readers}
        source = {"id": self._archive.board_id, "title": str(self._archive.board["title"])[:200]}
        outcomes: dict[str, Any] = {
            "created": created, "updated": {}, "unchanged": {}, "kept_yours": {}, "gone": {},
        }  # fmt: skip
        return {
            "format": "doska",
            "source": source,
            "boards": [{**board, **outcomes}],
            **self._account(),
            "people": [],
            "warnings": [w for w in self._warnings(made, verdict) if w["count"]],
            "seconds": {},
        }

    def _warnings(self, made: Pack, verdict: Verdict) -> list[dict[str, Any]]:
        places = len(self._archive.rows["board_users"])
        others = len(self._archive.people) - (len(made.readers) if places else 0)
        is_named = verdict.back is None
        return [
            {"code": "ids-dealt-anew", "count": int(not verdict.keeps_ids), "at": []},
            {"code": "people-became-names", "count": others if is_named else 0, "at": []},
            {"code": "people-not-back", "count": places - len(made.readers), "at": []},
        ]

    def _account(self) -> dict[str, Any]:
        """Count every leaf, by member: of lines of JSON each, of other members one."""
        counts: dict[str, int] = {}
        for name in self._file.entries:
            path = names.FILES if name.startswith(names.FILES) else name
            counts[path] = counts.get(path, 0) + self._leaves(name)
        fields = [_field(path, count) for path, count in counts.items()]
        sums = ("values", "kept", "aside", "dropped")
        return {"fields": fields, "totals": {n: sum(f[n] for f in fields) for n in sums}}

    def _leaves(self, name: str) -> int:
        if not name.endswith((".json", ".jsonl")):
            return 1
        return sum(leaves(json.loads(data)) for data in self._file.entry(name).split(b"\n")[:-1])


def _field(path: str, count: int) -> dict[str, Any]:
    is_own = path in OWN
    told = {"reason": "derived"} if is_own else {"to": "boards"}
    sums = {"kept": 0 if is_own else count, "aside": 0, "dropped": count if is_own else 0}
    return {"path": path, "values": count, **sums, **told}


def leaves(value: Any) -> int:
    """Count the leaves of a JSON value; an empty list or object is one."""
    inner = value.values() if isinstance(value, dict) else value
    if isinstance(value, dict | list) and value:
        return sum(leaves(part) for part in inner)
    return 1


def facts_in(path: str) -> Facts:
    """Read the facts that the process has written."""
    return Facts(**json.loads(Path(path).read_text(encoding="utf-8")))


def pack_in(path: str) -> Pack:
    """Read the pack that the process has written."""
    return Pack(**json.loads(Path(path).read_text(encoding="utf-8")))
