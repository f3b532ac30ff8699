"""What an import from Trello has left beside a board, on its way back to its place."""

import re
from collections.abc import Iterable
from typing import Any

from doska.doors.export.copying import values_in
from doska.doors.export.reading import Reading
from doska.doors.shown import COMMENT_CHARS_MAX, Whole
from doska.doors.state import digest
from doska.postgres.database import json_of
from doska.texts import TASK_TITLE_CHARS_MAX, TEXT_CHARS_MAX

Thing = dict[str, Any]

_IDS = """select json_build_array(r.object_id, r.kind, r.source_id)
    from import_refs r where r.board_id = $1 and r.source = 'trello'"""
_EXTRAS = """select coalesce(json_object_agg(e.object_id, e.extra), '{}')
    from extras e where e.board_id = $1 and e.object_id = any($2)"""

_PARTS = ("subtask", "comment", "attachment")
_MADE_UP = re.compile(
    r"title:.*|.*#.*|.*[^\w-].*", re.DOTALL
)  # by the reader, where there was none
_CHARS = {"name": TASK_TITLE_CHARS_MAX, "desc": TEXT_CHARS_MAX, "text": COMMENT_CHARS_MAX}
_FULL = {"name": "title", "desc": "description", "text": "body"}


class Aside:
    """Their ids by ours, and the extras of some objects; nothing for who may not see it."""

    def __init__(self, found: Reading) -> None:
        self._found = found
        self.ids: dict[str, str] = {}
        self._of_board: dict[str, Thing] = {}
        self._extras: dict[str, Thing] = {}

    async def open(self) -> None:
        """Learn the ids, and what is beside the board, its columns and labels."""
        if not self._found.sees_extras:
            return
        head, board_id = self._found.head, self._found.board["id"]
        ids = [board_id, *(row["id"] for row in head["columns"] + head["labels"])]
        found = await self._found.connection.fetchval(_EXTRAS, board_id, ids)
        self._extras = self._of_board = json_of(found)
        people = {digest(person["id"]): person["id"] for person in self.people()}
        await self._found.copied(
            lambda lines: self._learn(values_in(lines), people), _IDS, board_id
        )

    def _learn(self, refs: list[Any], people: dict[str, str]) -> None:
        for object_id, kind, source_id in refs:
            theirs = people.get(source_id) if kind == "person" else source_id
            if kind in _PARTS and theirs:
                theirs = theirs.rpartition("/")[2]
            if theirs and not (kind != "label" and _MADE_UP.fullmatch(theirs)):
                self.ids[object_id] = theirs

    def turn_to(self, rows: Iterable[Thing]) -> None:
        """Learn what is beside these, in place of the ones before."""
        self._extras = {row["id"]: row["extra"] for row in rows if row["extra"]} | self._of_board

    def of(self, object_id: str) -> Thing:
        """Give all that is beside an object."""
        return self._extras.get(object_id, {})

    def theirs(self, object_id: str) -> Thing:
        """Give the source's own fields of an object."""
        found: Thing = self.of(object_id).get("trello", {})
        return found

    def people(self) -> list[Thing]:
        """List the people of the source."""
        found: list[Thing] = self.of(self._found.board["id"]).get("people", [])
        return found

    def put_back(self, ours: Thing, object_id: str, *, but: tuple[str, ...] = ()) -> Thing:
        """Fill in what ours has not, and texts in full if nobody has edited them since."""
        extra = self.of(object_id)
        for name, value in extra.get("trello", {}).items():
            if name in but:
                continue
            if isinstance(ours.get(name), list) and isinstance(value, list):
                ours[name] = [*ours[name], *value]
            elif ours.get(name) in (None, "") or name == "idShort":
                ours[name] = value
        if full := extra.get("full"):
            for name in _CHARS.keys() & ours.keys():
                ours[name] = self._full(ours[name], full, name)
        return ours

    @staticmethod
    def _full(shown: str, full: Thing, name: str) -> str:
        known = _FULL[name]
        if f"{known}_line_ends" in full:
            return shown.replace("\n", full[f"{known}_line_ends"])
        if known not in full:
            return shown
        whole: str = full[known]
        cut = Whole().title if name == "name" else Whole().text
        return whole if cut(whole, _CHARS[name], name=known) == shown else shown
