"""Whom a text mentions: ``@`` and a username, but not in code."""

import re
import unicodedata
from collections.abc import Iterator

from doska.identity.schemas import USERNAME_CHARS_MAX, is_in_username

MENTIONS_MAX = 50

_FENCE = re.compile(r" {0,3}(`{3,}(?=[^`]*$)|~{3,})")
_INDENTED = re.compile(r"(?: {4}| {0,3}\t)")
_QUOTED = re.compile(r"^(?: {0,3}> ?)+")
_TICKS = re.compile(r"`+")


def handles_in(body: str) -> list[str]:
    """Name those whom a text mentions, each once and as typed; the first fifty, in their order.

    The dots that end a sentence are no part of a name, and what comes after a letter, a digit, a
    slash or a dot is an address.
    """
    found: dict[str, str] = {}
    for text in _without_code(body):
        for handle in _handles(text):
            found.setdefault(handle.casefold(), handle)
            if len(found) == MENTIONS_MAX:
                return list(found.values())
    return list(found.values())


def _handles(text: str) -> Iterator[str]:
    place = text.find("@")
    while place >= 0:
        end = place + 1
        while end < len(text) and is_in_username(text[end]):
            end += 1
        handle = text[place + 1 : end].rstrip(".")
        if 0 < len(handle) <= USERNAME_CHARS_MAX and not _is_address(text[:place][-1:]):
            yield handle
        place = text.find("@", end)


def _is_address(before: str) -> bool:
    return bool(before) and (before in "/." or unicodedata.category(before)[0] in "LMN")


def _without_code(body: str) -> Iterator[str]:
    """Give the paragraphs of Markdown without what is code in them.

    As CommonMark has it, as far as it matters here: fenced and indented blocks, and spans between
    as many backticks as began them.
    """
    paragraph, fence = list[str](), ""
    for line in (_QUOTED.sub("", line, count=1) for line in body.splitlines()):
        marked = _FENCE.match(line)
        if fence:
            if marked and marked[1][:3] == fence[:3] and _closes(line, fence):
                fence = ""
            continue
        is_code = not paragraph and _INDENTED.match(line)
        if not marked and not is_code and line.strip():
            paragraph.append(line)
            continue
        yield _without_spans("\n".join(paragraph))
        paragraph, fence = [], marked[1] if marked else ""
    yield _without_spans("\n".join(paragraph))


def _closes(line: str, fence: str) -> bool:
    text = line.strip()
    return len(text) >= len(fence) and not text.strip(fence[0])


def _without_spans(text: str) -> str:
    """Leave out code between backticks; a run that nothing ends is a text like any other."""
    runs = list(_TICKS.finditer(text))
    ends = {}  # of each run, the next one as long
    last: dict[int, int] = {}
    for number in range(len(runs) - 1, -1, -1):
        length = len(runs[number][0])
        ends[number], last[length] = last.get(length), number
    kept, number, place = list[str](), 0, 0
    while number < len(runs):
        end = ends[number]
        if end is not None:
            kept.append(text[place : runs[number].start()])
            place = runs[end].end()
            number = end
        number += 1
    return "`".join([*kept, text[place:]])
