"""Who has made an archive: this server, or anybody else."""

import hmac
from hashlib import sha256

from doska.settings import Settings

_PURPOSE = b"doska archive, version 1"


def key_of(settings: Settings) -> bytes:
    """Derive the key from the server's secret: what it signs is of no use for anything else."""
    secret = settings.secret_key.get_secret_value() if settings.secret_key else ""
    return hmac.digest(secret.encode(), _PURPOSE, sha256)


def signature(key: bytes, manifest: bytes) -> bytes:
    """Sign a manifest, and with it all that it lists: a line of hex digits."""
    return hmac.new(key, manifest, sha256).hexdigest().encode() + b"\n"


def is_signed(key: bytes, manifest: bytes, given: bytes) -> bool:
    """Return whether this server has signed it."""
    return hmac.compare_digest(signature(key, manifest), given)
