"""What may be a reaction: something to look at, not to read."""

import re
import unicodedata
from typing import Annotated

from pydantic import AfterValidator, Field, StringConstraints
from pydantic_core import PydanticCustomError

EMOJI_CHARS_MAX = 8  # code points: a family with its joiners has seven

_KEYCAP = re.compile("[0-9#*]\ufe0f?\u20e3")
# What a pattern can say: which letters and digits of other scripts there are, it cannot.
_PATTERN = r"^(?:[^\sA-Za-z0-9\u0000-\u001f\u007f-\u00a0]+|[0-9#*]\ufe0f?\u20e3)$"
# Joins parts, chooses how they look, and spells flags of regions.
_BETWEEN = {"\u200d", "\ufe0e", "\ufe0f", "\u20e3", *map(chr, range(0xE0020, 0xE0080))}
_NOTHING = "\u2800\ufffd"  # symbols for nothing, and for what cannot be read
_NOT_YET_KNOWN = range(0x1F000, 0x20000)  # emoji that are newer than this Python


def _is_seen(char: str) -> bool:
    """Return whether it is a symbol, or a sign of punctuation."""
    category = unicodedata.category(char)
    is_new = category == "Cn" and ord(char) in _NOT_YET_KNOWN
    return is_new or (category[0] in "SP" and char not in _NOTHING)


def emoji(value: str) -> str:
    """Accept what has no letter, digit, space or control character; keycaps have a digit."""
    signs = [char for char in value if char not in _BETWEEN]
    if not _KEYCAP.fullmatch(value) and not (signs and all(map(_is_seen, signs))):
        raise PydanticCustomError("emoji", "should be an emoji, without letters, digits and spaces")
    return value


Emoji = Annotated[
    str,
    StringConstraints(min_length=1, max_length=EMOJI_CHARS_MAX, strip_whitespace=False),
    AfterValidator(emoji),
    Field(description="an emoji", examples=["👍"], json_schema_extra={"pattern": _PATTERN}),
]
