"""Access tokens that are no good."""

import base64
import hashlib
from collections.abc import Callable

from tokens import CLEAR


def parts(token: str) -> tuple[bytes, bytes, bytes]:
    content = base64.urlsafe_b64decode(token.removeprefix(CLEAR) + "==")
    return content[:16], content[16:32], content[32:]


def joined(*content: bytes) -> str:
    return CLEAR + base64.urlsafe_b64encode(b"".join(content)).rstrip(b"=").decode()


def other_last_letter(token: str, _: str) -> str:
    """Write the same bytes otherwise: the last letter holds four bits of none."""
    letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    other = token[:-1] + letters[letters.index(token[-1]) ^ 1]
    assert parts(other) == parts(token)
    return other


Forgery = Callable[[str, str], str]


FORGERIES: dict[str, Forgery] = {
    "one letter less": lambda own, _: own[:-1],
    "one letter more": lambda own, _: own + "A",
    "padded": lambda own, _: own + "==",
    "another last letter": other_last_letter,
    "other chance": lambda own, _: joined(*parts(own)[:2], b"x" * 32),
    "no chance": lambda own, _: joined(*parts(own)[:2]),
    "chance of another": lambda own, other: joined(*parts(own)[:2], parts(other)[2]),
    "user of another": lambda own, other: joined(parts(own)[0], parts(other)[1], parts(own)[2]),
    "id of another": lambda own, other: joined(parts(other)[0], *parts(own)[1:]),
    "the hash": lambda own, _: joined(*parts(own)[:2], hashlib.sha256(own.encode()).digest()),
    "prefix alone": lambda _own, _other: CLEAR,
    "no prefix": lambda own, _: own.removeprefix(CLEAR),
    "prefix in capitals": lambda own, _: own.replace(CLEAR, CLEAR.upper()),
    "twice": lambda own, _: f"{own} {own}",
    "no letters": lambda own, _: own[:-3] + "%\x7f=",
    "very long": lambda own, _: own + "A" * 60_000,
}
