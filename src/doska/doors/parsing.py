"""JSON from strangers: bounded in depth, without doubled keys, NaN or what no text can hold."""

import json
import math
import re
from collections.abc import Iterator
from itertools import accumulate
from typing import Any

from pydantic_core import from_json, to_json

from doska.doors.errors import BrokenFile
from doska.errors import TooDeep

REPLACEMENT = "\ufffd"
ROWS = 1000

_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")
_ESCAPED = re.compile(rb"\\u(?:0000|[dD][89a-fA-F])")
_TEXTS = re.compile(rb'"[^"]*"')
_OUTSIDE = b'[]{},:"\\'
_OTHERS = bytes(set(range(256)) - set(_OUTSIDE))
_STEPS = {ord("["): 1, ord("{"): 1, ord("]"): -1, ord("}"): -1}


def parsed(given: str | bytes, depth: int) -> tuple[Any, int]:
    """Parse JSON, of UTF-8 if bytes are given; return it, and how many texts were repaired.

    BrokenFile, TooDeep.
    """
    data = given.encode("utf-8", "surrogatepass") if isinstance(given, str) else given
    bare = _bare(data)
    if _is_deeper(bare, depth):
        raise TooDeep(limit=depth)
    is_escaped = b"\\u" in data and _ESCAPED.search(data) is not None
    if not is_escaped and (found := _quickly(data, bare.count(b":"))) is not None:
        return found, 0
    found = _carefully(given if isinstance(given, str) else given.decode(), depth)
    return mended(found) if is_escaped else (found, 0)


def _bare(data: bytes) -> bytes:
    """Leave of JSON only its brackets, commas and colons, without those in texts.

    A text with none of them is then two quotes, and between two texts there is always one: so those
    two quotes are never the end of one text and the beginning of another.
    """
    if b"\\" in data:
        data = data.replace(b"\\\\", b"").replace(b'\\"', b"")
    return _TEXTS.sub(b"", data.translate(None, _OTHERS).replace(b'""', b""))


def _quickly(data: bytes, keys: int) -> Any:
    """Parse what is as it should be, in less time and memory; else None."""
    try:
        found = from_json(data, allow_inf_nan=False)
    except ValueError:  # what is wrong is told by the other parser
        return None
    return found if sum(map(_keys_of, _pieces(found))) == keys else None  # or one stands twice


def _pieces(value: Any) -> Iterator[Any]:
    """Give a document in pieces, so that no long text is made of it."""
    if not isinstance(value, dict):
        yield value
        return
    for key, inner in value.items():
        yield {key: []}
        rows = inner if isinstance(inner, list) else [inner]
        for n in range(0, len(rows), ROWS):
            yield rows[n : n + ROWS]


def _keys_of(value: Any) -> int:
    """Count the keys of all objects, by their colons; a number that is none has some too many."""
    data = to_json(value, inf_nan_mode="constants")
    return _bare(data).count(b":") + data.count(b"Infinity")


def _carefully(text: str, depth: int) -> Any:
    try:
        return json.loads(
            text, object_pairs_hook=_object, parse_float=_finite, parse_constant=_no_constant
        )
    except RecursionError:
        raise TooDeep(limit=depth) from None
    except json.JSONDecodeError as error:
        raise BrokenFile(f"{error.msg}.", at=f"line {error.lineno}") from None
    except ValueError as error:
        raise BrokenFile(str(error)) from None


def _is_deeper(bare: bytes, depth: int) -> bool:
    """Take away the innermost brackets, as often as there may be some in others."""
    rest = bare.translate(None, b",:")
    for found in range(depth + 1):
        shorter = rest.replace(b"[]", b".").replace(b"{}", b".").replace(b".", b"")
        if len(shorter) == len(rest):
            steps = accumulate(_STEPS.get(sign, 0) for sign in rest)
            return found + max(steps, default=0) > depth
        rest = shorter
    return True


def repaired(text: str) -> tuple[str, int]:
    """Replace what PostgreSQL cannot store; return the text, and 1 if anything was."""
    if not _UNSTORABLE.search(text):
        return text, 0
    return _UNSTORABLE.sub(REPLACEMENT, text), 1


def mended(value: Any) -> tuple[Any, int]:
    """Repair all texts of a JSON value; return it, and how many were."""
    if isinstance(value, str):
        return repaired(value)
    if isinstance(value, list):
        items = [mended(item) for item in value]
        return [item for item, _ in items], sum(count for _, count in items)
    if isinstance(value, dict):
        pairs = [(repaired(key), mended(inner)) for key, inner in value.items()]
        found = {key: inner for (key, _), (inner, _) in pairs}
        return found, sum(of_key + count for (_, of_key), (_, count) in pairs)
    return value, 0


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError("An object has one key twice.")
    return found


def _finite(text: str) -> float:
    number = float(text)
    if math.isinf(number):
        raise ValueError("A number is too large.")
    return number


def _no_constant(name: str) -> float:
    raise ValueError(f"{name} is no number.")
