"""Passwords that attackers try first."""

from functools import cache
from importlib.util import find_spec, module_from_spec, spec_from_file_location
from pathlib import Path
from typing import Any

from doska.preparing import guess_of

OWN_WORDS = frozenset({"doska", "kanban", "доска", "канбан"})
# Russian words that the list below lacks in Latin letters.
_WORDS = frozenset(
    ("админ", "дима", "зенит", "любовь", "люблю", "мама", "папа", "пользователь", "родина", "саша",
     "серёжа", "сережа", "цска")
)  # fmt: skip
_BESIDE = "0123456789!?._-"  # what people put around a word
# The same keys in the other layout.
_KEYS = str.maketrans(
    "йцукенгшщзхъфывапролджэячсмитьбюёіїє", "qwertyuiop[]asdfghjkl;'zxcvbnm,.`s]'"
)
_ROWS = ("1234567890-=", "qwertyuiop[]", "asdfghjkl;'", "zxcvbnm,./")


def is_guessable(password: str, *names: str) -> bool:
    """Return whether others would guess a password: a common one, or one of the person's names."""
    guess = guess_of(password)
    known = {*OWN_WORDS, *map(guess_of, names)}
    known |= {name.partition("@")[0] for name in known}
    return guess in known or len(set(guess)) == 1 or _is_common(guess)


def _is_common(guess: str) -> bool:
    keys, known = guess.translate(_KEYS), common_passwords()
    if guess in known or any(keys in row for row in _ROWS):
        return True
    if keys == guess:
        return False
    word = guess.strip(_BESIDE)
    return keys in known or word in _WORDS | OWN_WORDS or word.translate(_KEYS) in known


@cache
def common_passwords() -> frozenset[str]:
    """Return zxcvbn's list; read when first needed.

    It has no Cyrillic, but what Russians type with the Latin layout: ``gfhjkm`` for ``пароль``.
    Only the file is read: the package also builds tables of all English words, 9 MB.
    """
    (place,) = find_spec("zxcvbn").submodule_search_locations  # type: ignore[union-attr, misc]
    spec = spec_from_file_location("common_words", Path(place) / "frequency_lists.py")
    words: Any = module_from_spec(spec)  # type: ignore[arg-type]
    spec.loader.exec_module(words)  # type: ignore[union-attr]
    return frozenset(words.FREQUENCY_LISTS["passwords"])
