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


class Marks:
    """What the text of a card says in signs; ``rest`` is the text without them."""

    def __init__(self, text: str) -> None:
        self.rest = text
        self.block = self._taken(_BLOCK)
        found, clock = self._taken(_DUE), self._taken(_TIME)
        self.due: datetime | date | None = dated(
            f"{found} {clock}" if found and clock else found or ""
        )
        finished = self._taken(FINISHED)
        self.finished = dated(finished or "")
        first, _, below = self.rest.partition("\n")
        self.tags = list(dict.fromkeys(_TAG.findall(first)))
        first = _TAG.sub("", first) if _TAG.sub("", first).strip() else first
        self.rest = re.sub(r"[ \t]{2,}", " ", first).rstrip() + "\n" + below

    def _taken(self, sign: re.Pattern[str]) -> str | None:
        match = sign.search(self.rest)
        if match is None:
            return None
        self.rest = self.rest[: match.start()] + self.rest[match.end() :]
        return next(group for group in match.groups() if group)
