"""Signs in the text of an Obsidian card: dates, tags, block ids."""

import re
from datetime import date, datetime

from doska.doors.readers.dates import dated

_DUE = re.compile(
    r"@\{(\d{4}-\d\d-\d\d)\}|\U0001f4c5\ufe0f? ?(\d{4}-\d\d-\d\d)|@\[\[(\d{4}-\d\d-\d\d)\]\]"
)
_TIME = re.compile(r"@@\{(\d{1,2}:\d\d(?: ?[APap][Mm])?)\}")
FINISHED = re.compile(r"\u2705\ufe0f? ?(\d{4}-\d\d-\d\d)")
_TAG = re.compile(r"(?:^|(?<=\s))#([^\s#\d,;.!?()\[\]{}][^\s#,;!?()\[\]{}]*)")
_BLOCK = re.compile(r"(?:^|\s)\^([A-Za-z0-9-]+)\s*$")
# What an export of ours has escaped; no other text loses a backslash.
_ESCAPED = re.compile(r"\\([\\#@^\U0001f4c5\u2705])")
_HIDDEN = re.compile("\x00(.)")
_ESCAPED_ITEM = re.compile(r"^(\s*)\\(\\*[-*+])(?=\s)")
_ESCAPED_FRAME = re.compile(
    r"^\\(?=\\*(?:#{1,6}(?:[ \t]|$)|(?:\*\*\*|---|___)\s*$|%% kanban:settings))", re.MULTILINE
)
_OWN_TAG = re.compile(r"(?:^|(?<=\s))#(\S+)")
_PLAIN = {sign: chr(0xE000 + n) for n, sign in enumerate("\\#@^\U0001f4c5\u2705")}
_SIGNS = {plain: sign for sign, plain in _PLAIN.items()}


def hidden(text: str) -> str:
    """Hide what is escaped from who looks for signs."""
    return _ESCAPED.sub(lambda match: f"\x00{_PLAIN[match[1]]}", text)


def unhidden(text: str) -> str:
    """Give the text that was meant."""
    return _HIDDEN.sub(lambda match: _SIGNS[match[1]], text)


def unescaped_item(line: str) -> str:
    """Give a line of a description in which no item is a subtask."""
    return _ESCAPED_ITEM.sub(r"\1\2", line)


def unescaped_frame(text: str) -> str:
    """Give a board's description in which no line begins anything else."""
    return _ESCAPED_FRAME.sub("", text)


class Marks:
    """What the text of a card says in signs; ``rest`` is the text without them."""

    def __init__(self, text: str, *, is_ours: bool = False) -> None:
        self.rest = text
        self._tag = _OWN_TAG if is_ours else _TAG
        self.block = self._taken(_BLOCK)
        found, clock = self._taken(_DUE), self._taken(_TIME)
        self.due: datetime | date | None = dated(
            f"{found} {clock}" if found and clock else found or ""
        )
        finished = self._taken(FINISHED)
        self.finished = dated(finished or "")
        first, _, below = self.rest.partition("\n")
        self.tags = list(dict.fromkeys(self._tag.findall(first)))
        bare = self._tag.sub("", first)
        first = bare if bare.strip() else first
        first = first if is_ours else re.sub(r"[ \t]{2,}", " ", first)
        self.rest = first.rstrip() + "\n" + below

    def _taken(self, sign: re.Pattern[str]) -> str | None:
        match = sign.search(self.rest)
        if match is None:
            return None
        self.rest = self.rest[: match.start()] + self.rest[match.end() :]
        return next(group for group in match.groups() if group)
