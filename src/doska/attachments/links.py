"""Where a link may lead: a rule that a pattern says whole, so that clients know it, too."""

import re
from typing import Annotated

from pydantic import AfterValidator, Field, StringConstraints

from doska.schemas import COMPOSED
from doska.texts import IN_NO_WORD

URL_CHARS_MAX = 2000
_HEX = "[0-9A-Fa-f]{1,4}"
# Eight groups, or fewer with one gap.
_IPV6 = "|".join(
    [f"(?:{_HEX}:){{7}}{_HEX}", f"::(?:{_HEX}(?::{_HEX}){{0,6}})?"]
    + [f"(?:{_HEX}:){{{n}}}:(?:{_HEX}(?::{_HEX}){{0,{6 - n}}})?" for n in range(1, 7)]
    + [f"(?:{_HEX}:){{7}}:"]
)
# Signs that become one of / ? # @ : when browsers look for the host (NFKC), as U+2100 does.
_LIKE_SIGNS = (
    r"\u2047-\u2049\u2100\u2101\u2105\u2106\u2a74\ufe13\ufe16\ufe55\ufe56\ufe5f\ufe6b"
    r"\uff03\uff0f\uff1a\uff1f\uff20"
)
_IN_HOST = rf"[^{IN_NO_WORD}{_LIKE_SIGNS}/?#\[\]@:]"
_IN_PORT = rf"[^{IN_NO_WORD}{_LIKE_SIGNS}/?#\[\]@]"
_USER = rf"(?:[^{IN_NO_WORD}{_LIKE_SIGNS}/?#\[\]]*@)?"
_ADDRESS = (
    rf"[Hh][Tt][Tt][Pp][Ss]?://{_USER}(?:{_IN_HOST}+|\[(?:{_IPV6})\])(?::{_IN_PORT}*)?"
    rf"(?:[/?#][^{IN_NO_WORD}]*)?"
)


def _web_address(value: str) -> str:
    if not re.fullmatch(_ADDRESS, value):
        raise ValueError("should be an address that begins with https:// or http://")
    return value


LinkUrl = Annotated[
    str,
    StringConstraints(min_length=1, max_length=URL_CHARS_MAX),
    AfterValidator(_web_address),
    Field(
        description="a web address, which Doska itself never requests",
        json_schema_extra={"pattern": f"^{_ADDRESS}$"},
        examples=["https://example.com/plan"],
    ),
    COMPOSED,
]
