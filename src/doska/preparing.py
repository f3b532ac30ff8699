"""Names and passwords in normalized form: by the IETF's profiles, whatever the database's locale.

RFC 8265 (UsernameCaseMapped, OpaqueString) and RFC 8266 (Nickname). The normalized form is
compared, hashed and counted; people are shown what they have typed.
"""

import unicodedata
from functools import cache
from typing import Any


@cache
def _profile(name: str) -> Any:
    from precis_i18n import get_profile  # noqa: PLC0415  # loaded when somebody first signs in

    return get_profile(name)


def _folded(typed: str) -> str:
    """Fold what no profile accepts: old names are compared, too."""
    text = unicodedata.normalize("NFKC", typed).casefold()
    return unicodedata.normalize("NFKC", text)


def enforced_username(typed: str) -> str:
    """Normalize a username; UnicodeEncodeError if the profile refuses it.

    With case folding: otherwise ``ΝΙΚΟΣ`` for ``Νίκος`` in capitals, or ``STRASSE`` for ``straße``,
    would be another name. NFKC comes first: Thai has letters that the profile would split.
    """
    text = unicodedata.normalize("NFKC", typed)
    prepared: str = _profile("UsernameCaseMapped:CaseFold").enforce(text)
    return prepared


def username_key(typed: str) -> str:
    """Return what two usernames have in common if they are the same name."""
    try:
        return enforced_username(typed)
    except UnicodeEncodeError:
        return _folded(typed)


def login_key(typed: str) -> str:
    """Return what identifies an account: a username's key, or an e-mail address without case."""
    folded = _folded(typed)
    return folded if "@" in folded else username_key(typed)


def prepared_password(typed: str) -> str:
    """Compose a password's letters, and make every space a plain one.

    Nothing is refused that the profile disallows: such passwords are in use.
    """
    prepared: str = _profile("OpaqueString").apply_five_rules(typed)
    return prepared


def guess_of(typed: str) -> str:
    """Return the form in which a password is guessed: capitals or full width do not help."""
    try:
        guess: str = _profile("Nickname").enforce(typed)
    except UnicodeEncodeError:
        return _folded(typed)
    return guess
