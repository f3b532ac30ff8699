"""A board's key: the letters at the start of its tasks' keys, like WEB in WEB-12."""

import re
import unicodedata

KEY_CHARS_MAX = 4
WORD_CHARS = 3
FALLBACK = "TASK"

# GOST 7.79 system B, shortened to what reads well in a key.
_CYRILLIC = dict(
    zip(
        "абвгдеёжзийклмнопрстуфхцчшщъыьэюяєіїґ",
        [
            "a",
            "b",
            "v",
            "g",
            "d",
            "e",
            "e",
            "zh",
            "z",
            "i",
            "y",
            "k",
            "l",
            "m",
            "n",
            "o",
            "p",
            "r",
            "s",
            "t",
            "u",
            "f",
            "kh",
            "ts",
            "ch",
            "sh",
            "sch",
            "_",
            "y",
            "_",
            "e",
            "yu",
            "ya",
            "e",
            "i",
            "yi",
            "g",
        ],
        strict=True,
    )
)


def key_of(title: str) -> str:
    """Derive a key from a title: the initials of several words, or the beginning of one."""
    words = re.findall(r"[A-Z0-9]+", _latin(title).upper())
    key = words[0][:WORD_CHARS] if len(words) == 1 else "".join(word[0] for word in words)
    return key.lstrip("0123456789")[:KEY_CHARS_MAX] or FALLBACK


def _latin(text: str) -> str:
    letters = (
        _CYRILLIC.get(letter, letter) for letter in unicodedata.normalize("NFC", text.lower())
    )
    plain = unicodedata.normalize("NFKD", "".join(letters).replace("_", ""))
    return "".join(letter for letter in plain if not unicodedata.combining(letter))
