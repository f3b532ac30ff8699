"""Links that can be used once: 32 random bytes, which only the link itself contains.

They are in the link's fragment: browsers send it to nobody, so that no log and no other site sees
it; the page posts it in a body. The database has the hash.
"""

import secrets

from doska.errors import NotFound
from doska.identity.access_tokens import CHANCE_BYTES, hash_of


class LinkVoid(NotFound):
    """This link is not valid, or no longer valid: ask for a new one."""


def make_link(public_url: str, page: str) -> tuple[str, bytes]:
    """Create a link to a page of the interface; returns its address, and the hash to store."""
    token = secrets.token_urlsafe(CHANCE_BYTES)
    return f"{public_url}/{page}#{token}", hash_of(token)
