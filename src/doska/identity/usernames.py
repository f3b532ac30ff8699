"""What may become a username. Existing ones stay, by whatever rule they were accepted."""

import unicodedata
from functools import cache
from typing import Any

from doska.errors import Invalid
from doska.preparing import enforced_username, username_key

POINTER = "/body/username"

# Scripts in everyday use (UAX 31, tables 5 and 7).
_SCRIPTS = (  # noqa: SIM905  # reads as the tables do
    "Latn Cyrl Grek Arab Armn Beng Bopo Deva Ethi Geor Gujr Guru Hang Hani Hebr Hira Kana Khmr "
    "Knda Laoo Mlym Mymr Orya Sinh Taml Telu Thaa Thai Tibt "
    "Adlm Bali Bamu Batk Cakm Cans Cham Cher Java Kali Lana Lepc Limb Lisu Mand Mtei Newa Nkoo "
    "Olck Osge Plrd Rohg Saur Sund Sylo Syrc Tale Talu Tavt Tfng Vaii Wcho Yiii"
).split()
# Scripts commonly mixed: UTS 39's highly restrictive level.
_TOGETHER = ("Latn Hani Hira Kana", "Latn Hani Bopo", "Latn Hani Hang")


def check_username(username: str) -> None:
    """Refuse a name that could be mistaken for another, or for no name at all."""
    text = unicodedata.normalize("NFKC", username)
    if ".." in text or not any(sign.isalnum() for sign in text):
        raise _refusal("should have a letter or a digit, and no two dots beside each other")
    if unicodedata.category(text[0])[0] == "M":
        raise _refusal("should not begin with a mark that has no letter")
    if not _of_one_script().fullmatch(text):
        raise _refusal("should be written in one script, such as Latin or Cyrillic, and digits")
    try:
        enforced_username(username)
    except UnicodeEncodeError:
        raise _refusal("should be a name by RFC 8265") from None


def key_columns(username: str) -> dict[str, Any]:
    """Return what is stored with a username: its key, and the spelling that it was computed from.

    A release without keys leaves both as they are; the spelling then shows that they belong to
    another name.
    """
    return {"username_key": username_key(username), "username_key_of": username}


def _refusal(message: str) -> Invalid:
    return Invalid.at(POINTER, "username", message)


@cache
def _of_one_script() -> Any:
    import regex  # noqa: PLC0415  # Unicode's scripts; loaded when a name is first chosen

    of_any = r"\p{scx=Zyyy}\p{scx=Zinh}"
    classes = (
        "".join(rf"\p{{scx={script}}}" for script in scripts.split())
        for scripts in (*_SCRIPTS, *_TOGETHER)
    )
    return regex.compile("|".join(f"[{found}{of_any}]+" for found in classes))
