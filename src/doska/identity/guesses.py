"""Passwords that attackers try first."""

from functools import cache

from doska.preparing import guess_of

OWN_WORDS = frozenset({"doska", "kanban", "доска", "канбан"})
# Russian words that the list below does not know in Latin letters.
_WORDS = frozenset(
    ("админ", "дима", "зенит", "любовь", "люблю", "мама", "папа", "пользователь", "родина", "саша",
     "серёжа", "сережа", "цска")
)  # fmt: skip
_BESIDE = "0123456789!?._-"  # what people put around a word
# The same keys, with the other layout.
_KEYS = str.maketrans(
    "йцукенгшщзхъфывапролджэячсмитьбюёіїє", "qwertyuiop[]asdfghjkl;'zxcvbnm,.`s]'"
)
_ROWS = ("1234567890-=", "qwertyuiop[]", "asdfghjkl;'", "zxcvbnm,./")


def is_guessable(password: str, *names: str) -> bool:
    """Tell whether others would guess a password: a common one, or a name of who has it."""
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
    """Give zxcvbn's list; read when first needed.

    It knows no Cyrillic, but what Russians type with the Latin layout: ``gfhjkm`` for ``пароль``.
    """
    from zxcvbn.frequency_lists import FREQUENCY_LISTS  # noqa: PLC0415  # 2 MB of words

    return frozenset(FREQUENCY_LISTS["passwords"])
