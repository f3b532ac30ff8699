"""JSON from strangers: bounded in depth, without doubled keys, NaN or what no text can hold."""

import json
import math
import re
from itertools import accumulate
from typing import Any

from doska.doors.errors import BrokenFile
from doska.errors import TooDeep

REPLACEMENT = "\ufffd"

_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")
_ESCAPED = re.compile(r"\\u(?:0000|[dD][89a-fA-F])")
_STEPS = {"[": 1, "{": 1, "]": -1, "}": -1}
_OTHERS = re.compile(r'[^\[\]{}"]+')


def parsed(text: str, depth: int) -> tuple[Any, int]:
    """Parse JSON; return it, and how many texts were repaired. BrokenFile, TooDeep."""
    if depth_of(text) > depth:
        raise TooDeep(limit=depth)
    try:
        found = json.loads(
            text, object_pairs_hook=_object, parse_float=_finite, parse_constant=_no_constant
        )
    except RecursionError:
        raise TooDeep(limit=depth) from None
    except json.JSONDecodeError as error:
        raise BrokenFile(f"{error.msg}.", at=f"line {error.lineno}") from None
    except ValueError as error:
        raise BrokenFile(str(error)) from None
    return mended(found) if _ESCAPED.search(text) else (found, 0)


def depth_of(text: str) -> int:
    """Tell how deeply JSON is nested, without parsing it."""
    plain = text.replace("\\\\", "").replace('\\"', "")
    bare = re.sub(r'"[^"]*"', "", _OTHERS.sub("", plain))
    return max(accumulate(_STEPS.get(letter, 0) for letter in bare), default=0)


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
