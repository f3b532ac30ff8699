"""Several callers at once, in SQL: rows ``k`` of lists, each with a sign-in of their own."""

import re
from collections.abc import Iterable
from typing import Any

from doska.identity.access import Caller

LISTS = ":session_ids::uuid[], :caller_ids::uuid[], :token_hashes::text[]"
COLUMNS = "session_id, user_id, token_hash"


def of_callers(sql: str) -> str:
    """Write what is asked about one caller, such as ``ASKING``, for each ``k``."""
    sql = re.sub(r":(session_id|user_id)\b", r"k.\1", sql)
    return sql.replace(":token_hash::bytea", "decode(k.token_hash, 'hex')")


def caller_values(callers: Iterable[Caller]) -> dict[str, list[Any]]:
    """Give the values of ``LISTS``."""
    known = [caller.values for caller in callers]
    hashes = [caller["token_hash"] for caller in known]
    return {
        "session_ids": [caller["session_id"] for caller in known],
        "caller_ids": [caller["user_id"] for caller in known],
        "token_hashes": [found and found.hex() for found in hashes],
    }
