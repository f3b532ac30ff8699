"""Which texts are accepted, and how they are changed: lines are composed, the rest is unchanged.

The patterns say the same for the documentation, as far as patterns can.
"""

import re
import unicodedata
from typing import Any

from pydantic_core import PydanticCustomError

TITLE_CHARS_MAX = 200
TASK_TITLE_CHARS_MAX = 500  # people paste addresses into them
TEXT_CHARS_MAX = 50_000

# Control characters are not allowed in a text; NUL cannot even be stored.
_CONTROLS = r"\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f"
_LINE_CONTROLS = r"\u0000-\u001f\u007f\u0085\u2028\u2029"
# Embeddings, overrides and isolates: the text after such a line would be reversed as well.
_TURNING = r"\u202a-\u202e\u2066-\u2069"
# Unicode's default ignorable code points, and letters and symbols that are drawn as nothing.
_UNSEEN = (
    r"\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u2060-\u206f\u2800"
    r"\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb"
)
# No pattern contains these: clients that read patterns without JavaScript's flag `u` could not load
# it.
_UNSEEN_BEYOND = "\U0001bca0-\U0001bca3\U0001d159\U0001d173-\U0001d17a\U000e0000-\U000e0fff"
_IN_TITLE = f"[^{_LINE_CONTROLS}{_TURNING}]"
IN_NO_WORD = rf"\s{_LINE_CONTROLS}{_TURNING}"
_NOT_SEEN = rf"{IN_NO_WORD}{_UNSEEN}"

LABEL_PATTERN = f"^({_IN_TITLE}*[^{_NOT_SEEN}]{_IN_TITLE}*)?$"
TEXT_PATTERN = f"^[^{_CONTROLS}]*$"
SEEN_TEXT_PATTERN = f"^[^{_CONTROLS}]*[^{_NOT_SEEN}][^{_CONTROLS}]*$"
LINE_PATTERN = f"^[^{_LINE_CONTROLS}]*$"
TITLE_PATTERN = f"^{_IN_TITLE}*[^{_NOT_SEEN}]{_IN_TITLE}*$"

_IS_CONTROL = re.compile(f"[{_CONTROLS}]")
_IS_LINE_CONTROL = re.compile(f"[{_LINE_CONTROLS}]")
_IS_TURNING = re.compile(f"[{_TURNING}]")
_IS_SEEN = re.compile(f"[^{_NOT_SEEN}{_UNSEEN_BEYOND}]")


_MARKS = "".join(map(chr, range(0x300, 0x370)))
_LETTERS: dict[str, str | int | None] = {"ß": "ss", "æ": "ae", "œ": "oe"}
_AS_LETTERS = {
    **str.maketrans("ςıøłđðħ", "σiolddh", _MARKS),  # noqa: RUF001  # Greek
    **str.maketrans(_LETTERS),
}


def folded(value: str) -> str:
    """Return what is the same for texts that people consider the same; like ``folded`` in SQL."""
    plain = unicodedata.normalize("NFKD", value).lower()
    return plain.replace("и\u0306", "й").translate(_AS_LETTERS)


def composed(value: Any) -> Any:
    """Write letters in their composed form (NFC); before anything is counted."""
    return unicodedata.normalize("NFC", value) if isinstance(value, str) else value


def text(value: str) -> str:
    """Accept a text of several lines, as it is."""
    if _IS_CONTROL.search(value):
        raise ValueError("should not contain control characters")
    return value


def seen_text(value: str) -> str:
    """Accept a text of several lines that shows something."""
    if not _IS_SEEN.search(text(value)):
        raise PydanticCustomError("unseen", "should have a visible character")
    return value


def line(value: str) -> str:
    """Accept a single line."""
    if _IS_LINE_CONTROL.search(value):
        raise ValueError("should be one line without control characters")
    return value


def title(value: str) -> str:
    """Accept a line that is shown to people among others."""
    if _IS_TURNING.search(value):
        raise ValueError("should not change the writing direction (U+202A-202E, U+2066-2069)")
    if not _IS_SEEN.search(line(value)):
        raise PydanticCustomError("unseen", "should have a visible character")
    return value


def pointer(*steps: str | int) -> str:
    """Write a JSON pointer (RFC 6901); a name invented by a client is cut."""
    cut = (str(step)[:TITLE_CHARS_MAX].replace("~", "~0").replace("/", "~1") for step in steps)
    return "".join(f"/{step}" for step in cut)
