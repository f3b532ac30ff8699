"""Personal access tokens: how they are written and parsed.

A token contains its own id, its owner's, and 32 random bytes. So one statement finds the row and
checks it; what is compared is the hash of the whole token, which reveals nothing about it.
"""

import base64
import hashlib
import re
import secrets
from dataclasses import dataclass
from uuid import UUID

from doska.schemas import Word

PREFIX = "doska_pat_"  # so that secret scanners can find one
CHANCE_BYTES = 32

_FORM = re.compile(rf"{PREFIX}([A-Za-z0-9_-]{{86}})")  # 64 bytes


class Scope(Word):
    """What an access token may do; each includes those before it."""

    READ = "read"
    WRITE = "write"
    ADMIN = "admin"


# A session has none; one that only a newer release knows is treated as the least.
WRITING = (None, Scope.WRITE, Scope.ADMIN)
MAY_WRITE = f"(s.scope is null or s.scope in ('{Scope.WRITE}', '{Scope.ADMIN}'))"


@dataclass(frozen=True, slots=True)
class ReadToken:
    """A parsed token, and the hash by which the database recognizes it."""

    id: str
    user_id: str
    hash: bytes


def make_token(token_id: str, user_id: str) -> str:
    """Write a new token."""
    chance = secrets.token_bytes(CHANCE_BYTES)
    content = UUID(token_id).bytes + UUID(user_id).bytes + chance
    return PREFIX + base64.urlsafe_b64encode(content).rstrip(b"=").decode()


def read_token(text: str) -> ReadToken | None:
    """Parse a token; None if it does not even look like one."""
    found = _FORM.fullmatch(text)
    if not found:
        return None
    content = base64.urlsafe_b64decode(found[1] + "==")
    token_id, user_id = UUID(bytes=content[:16]), UUID(bytes=content[16:32])
    return ReadToken(str(token_id), str(user_id), hash_of(text))


def hash_of(token: str) -> bytes:
    """Hash a token for storage; it is too random to be guessed, so this need not be slow."""
    return hashlib.sha256(token.encode()).digest()
