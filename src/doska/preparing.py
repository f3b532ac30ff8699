"""Names and passwords as they are compared: by the IETF's profiles, in no locale of a database.

RFC 8265 (UsernameCaseMapped, OpaqueString) and RFC 8266 (Nickname). What is prepared is compared,
hashed and counted by; what people are shown is what they have typed.
"""

import unicodedata
from functools import cache
from typing import Any


@cache
def _profile(name: str) -> Any:
    from precis_i18n import get_profile  # noqa: PLC0415  # loaded when somebody first signs in

    return get_profile(name)


def _folded(typed: str) -> str:
    """Fold what no profile takes: names of old are compared, too."""
    text = unicodedata.normalize("NFKC", typed).casefold()
    return unicodedata.normalize("NFKC", text)


def enforced_username(typed: str) -> str:
    """Prepare a username; UnicodeEncodeError for what the profile refuses.

    By case folding, or who types ``ΝΙΚΟΣ`` for ``Νίκος`` in capitals, or ``STRASSE`` for
    ``straße``, would be somebody else. NFKC goes before: Thai has letters that are two for it.
    """
    text = unicodedata.normalize("NFKC", typed)
    prepared: str = _profile("UsernameCaseMapped:CaseFold").enforce(text)
    return prepared


def username_key(typed: str) -> str:
    """Give what two usernames have in common that are the same name."""
    try:
        return enforced_username(typed)
    except UnicodeEncodeError:
        return _folded(typed)


def login_key(typed: str) -> str:
    """Give what names an account: the key of a username, or an e-mail address without case."""
    folded = _folded(typed)
    return folded if "@" in folded else username_key(typed)


def prepared_password(typed: str) -> str:
    """Compose a password's letters, and make every space a plain one.

    Nothing is refused that the profile disallows: such passwords are in use.
    """
    prepared: str = _profile("OpaqueString").apply_five_rules(typed)
    return prepared


def guess_of(typed: str) -> str:
    """Give what a password is guessed by: it is as weak in capitals, or in full width."""
    try:
        guess: str = _profile("Nickname").enforce(typed)
    except UnicodeEncodeError:
        return _folded(typed)
    return guess
