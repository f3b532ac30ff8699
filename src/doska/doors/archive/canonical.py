"""How the archive writes values: one way for each, so that the same board has the same bytes."""

from datetime import UTC, datetime
from json import JSONEncoder
from json.encoder import c_make_encoder, encode_basestring  # type: ignore[attr-defined]  # it is there
from typing import Any

from doska.schemas import stamp

# What a table's column is called in the archive.
NAMES = {
    "tasks": {"author_id": "author"},
    "comments": {"author_id": "author", "body": "text"},
    "attachments": {"author_id": "author"},
}


# What ``JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"))`` makes anew for
# each value, which takes as long as writing a small one.
_SORTED, _SKIPPING, _WITH_NAN = True, False, False
_pieces = c_make_encoder(
    None, JSONEncoder().default, encode_basestring, None, ":", ",", _SORTED, _SKIPPING, _WITH_NAN
)


def encoded(value: Any) -> bytes:
    """Write JSON: keys sorted, no blanks, UTF-8 unescaped."""
    return "".join(_pieces(value, 0)).encode()


def line(value: Any) -> bytes:
    """Write JSON as a line."""
    return encoded(value) + b"\n"


def is_time(name: str) -> bool:
    """Return whether a column of a table is a time."""
    return name.endswith("_at")


def written(table: str, row: dict[str, Any]) -> dict[str, Any]:
    """Write a row as ``to_jsonb`` gives it: without its board, what is aside only if there is any."""
    names, found = NAMES.get(table, {}), {}
    for name, value in row.items():
        if name == "board_id" or (name == "extra" and not value):
            continue
        is_moment = is_time(name) and value is not None
        found[names.get(name, name)] = moment(value) if is_moment else value
    return found


def read_back(table: str, row: dict[str, Any]) -> dict[str, Any]:
    """Do the opposite; ValueError for what is no time."""
    names = {ours: name for name, ours in NAMES.get(table, {}).items()}
    return {
        names.get(name, name): at(value) if is_time(name) and value is not None else value
        for name, value in row.items()
    }


def moment(given: str) -> str:
    """Write a time: UTC, six decimals, ``Z``."""
    found = datetime.fromisoformat(given).astimezone(UTC).replace(tzinfo=None)
    return found.isoformat(timespec="microseconds") + "Z"


def at(given: Any) -> str:
    """Write a time as rows and the log have it; ValueError."""
    if not isinstance(given, str) or not given.endswith("Z"):
        raise ValueError("should be a time in UTC")
    return stamp(datetime.fromisoformat(given).astimezone(UTC))
