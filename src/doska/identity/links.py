"""Links that let somebody in once: 32 bytes of chance, which only the link itself holds.

They stand in the link's fragment: browsers send it to nobody, so that no log and no other site sees
it; the page posts it in a body. The database has the hash.
"""

import secrets

from doska.errors import NotFound
from doska.identity.access_tokens import CHANCE_BYTES, hash_of


class LinkVoid(NotFound):
    """This link is not valid, or no longer valid: ask for a new one."""


def make_link(public_url: str, page: str) -> tuple[str, bytes]:
    """Write a new link to a page of the interface; gives its address, and the hash to keep."""
    token = secrets.token_urlsafe(CHANCE_BYTES)
    return f"{public_url}/{page}#{token}", hash_of(token)
