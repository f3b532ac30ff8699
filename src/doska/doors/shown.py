"""How texts of strangers are shown: what a title may not have is left out, the whole is kept aside."""

import re
import unicodedata
from dataclasses import dataclass, field
from typing import Any

from doska import texts

UNTITLED = "(untitled)"
ELLIPSIS = "…"
NAME_CHARS_MAX = 255
LABEL_CHARS_MAX = 50
COMMENT_CHARS_MAX = 20_000

_BREAKS = re.compile("\r\n|[\r\n\t\x0b\x0c\x85\u2028\u2029]")
_NOT_IN_TITLES = re.compile("[\x00-\x1f\x7f\u202a-\u202e\u2066-\u2069]")
_NOT_IN_TEXTS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


@dataclass(slots=True)
class Whole:
    """What is kept beside an object because it is not shown whole: ``extra.full``."""

    full: dict[str, Any] = field(default_factory=dict)
    shortened: int = 0

    def title(self, given: str, chars_max: int, *, name: str = "title") -> str:
        """Show a title: one line, cut at a word, never nothing."""
        if given.isascii() and given.isprintable() and _fits(given, chars_max):
            return given  # as nearly all are
        line = _NOT_IN_TITLES.sub("", _BREAKS.sub(" ", given)).strip()
        line = unicodedata.normalize("NFC", line)
        shown = _cut(line, chars_max)
        if not _is_title(shown):
            shown = UNTITLED
        if shown != given:
            self.full[name] = given
            self.shortened += len(line) > chars_max or line != given.strip()
        return shown

    def text(self, given: str, chars_max: int, *, name: str) -> str:
        """Show a text of several lines; ends of lines are the same everywhere."""
        if given.isprintable() and len(given) <= chars_max:
            return given
        lines = given.replace("\r\n", "\n")
        shown = _cut(_NOT_IN_TEXTS.sub("", lines), chars_max)
        if shown == given:
            return shown
        if lines == shown and lines.replace("\n", "\r\n") == given:
            self.full[f"{name}_line_ends"] = "\r\n"
        else:
            self.full[name] = given
            self.shortened += len(lines) > chars_max
        return shown

    def label(self, given: str) -> str:
        """Show a label's title, which may be empty."""
        return self.title(given, LABEL_CHARS_MAX) if given.strip() else ""


def _fits(given: str, chars_max: int) -> bool:
    return 0 < len(given) <= chars_max and given[0] != " " != given[-1]


def _is_title(line: str) -> bool:
    try:
        return bool(texts.title(line))
    except ValueError:
        return False


def _cut(text: str, chars_max: int) -> str:
    """Cut at a word, if there is one near the end."""
    if len(text) <= chars_max:
        return text
    head = text[: chars_max - 1]
    at_word = head.rstrip() if text[chars_max - 1].isspace() else head.rpartition(" ")[0].rstrip()
    return (at_word if len(at_word) > chars_max // 2 else head) + ELLIPSIS
