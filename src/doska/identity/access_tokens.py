"""Personal access tokens: how one is written, and how it is taken apart again.

A token holds its own id, its owner's, and 32 bytes of chance. So one statement finds the row and
judges it; and what is compared is the hash of all of it, which tells nothing about the token.
"""

import base64
import hashlib
import re
import secrets
from dataclasses import dataclass
from uuid import UUID

from doska.schemas import Word

PREFIX = "doska_pat_"  # so that tools that look for lost secrets can find one
CHANCE_BYTES = 32

_FORM = re.compile(rf"{PREFIX}([A-Za-z0-9_-]{{86}})")  # 64 bytes


class Scope(Word):
    """What an access token may do; each includes those before it."""

    READ = "read"
    WRITE = "write"
    ADMIN = "admin"


# A sign-in has none; one that only a newer release beside this knows is the least.
WRITING = (None, Scope.WRITE, Scope.ADMIN)
MAY_WRITE = f"(s.scope is null or s.scope in ('{Scope.WRITE}', '{Scope.ADMIN}'))"


@dataclass(frozen=True, slots=True)
class ReadToken:
    """What a token says, and the hash by which the database knows whether it is true."""

    id: str
    user_id: str
    hash: bytes


def make_token(token_id: str, user_id: str) -> str:
    """Write a new token."""
    chance = secrets.token_bytes(CHANCE_BYTES)
    content = UUID(token_id).bytes + UUID(user_id).bytes + chance
    return PREFIX + base64.urlsafe_b64encode(content).rstrip(b"=").decode()


def read_token(text: str) -> ReadToken | None:
    """Take a token apart; None if it does not even look like one."""
    found = _FORM.fullmatch(text)
    if not found:
        return None
    content = base64.urlsafe_b64decode(found[1] + "==")
    token_id, user_id = UUID(bytes=content[:16]), UUID(bytes=content[16:32])
    return ReadToken(str(token_id), str(user_id), hash_of(text))


def hash_of(token: str) -> bytes:
    """Hash a token for keeping; its chance is too long to be guessed, so this need not be slow."""
    return hashlib.sha256(token.encode()).digest()
