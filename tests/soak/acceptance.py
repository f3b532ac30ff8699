"""What schemathesis loads beside its own checks: is what the document allows also accepted?

Its own check of that knows only statuses. This one is the same, but for single rules between
values, or about the state of things, which a schema cannot say. Each is named by where and how the
answer refuses; whatever else is refused is a failure, as it is there. Of a header it sends what has
letters and digits only, ``0`` where the document's pattern asks for more: what a pattern excludes
may be refused.

It does not know ``x-dry-run``, where the document has the report of a dry run (typed clients would
take a write's response for either of two types), so it is told.
"""

import re
from typing import Any

import schemathesis
from schemathesis.specs.openapi.checks import positive_data_acceptance

# Pointer and code of a refusal, and why the schema does not say so.
UNSAYABLE = {
    ("/query/cursor", "cursor"): "only what a list has given as next_cursor",
    ("/query/time_zone", "value_error"): "one of hundreds of names, and new ones come",
    ("/query/sort", "repeated"): "neither twice nor also reversed, of which a schema says half",
    ("/query/mapping", "json"): "JSON within a text",
    ("/query/to", "missing"): "goes with another parameter, which OpenAPI cannot say",
    ("/query/to", "same_column"): "must differ from a value of the path",
    ("/body/expires_at", "past"): "depends on the time",
    ("/body/username", "username"): "letters, marks and digits of one script: tables of Unicode",
    ("/path/emoji", "emoji"): "symbols and punctuation of all scripts: tables of Unicode",
    ("/body/current_password", "wrong_password"): "is a secret",
    ("/body/password", "password_common"): "is judged by a dictionary",
    ("/body/new_password", "password_common"): "is judged by a dictionary",
    ("/body/password", "password_too_short"): "the minimum is a setting",
    ("/body/new_password", "password_too_short"): "the minimum is a setting",
    ("/body/avatar_url", "not_yours"): "one's own picture only",
    ("/body/is_admin", "extra_forbidden"): "for administrators only",
    ("/body/is_active", "extra_forbidden"): "for administrators only",
    ("/body/scope", "not_administrator"): "for administrators only",
}
# Codes that say it wherever they stand.
ANYWHERE = {
    "reference": "names what an earlier operation of the batch creates",
    "unseen": "signs beyond U+FFFF that are drawn as nothing: not every client can read them in a "
    "pattern",
    "unknown_person": "is about who is on one's boards",
    "not_on_board": "is about who is on the board: the contract has it answered with 422",
}
# If-Match names a version, and it is not this one; a position is beyond the log.
STATE_OF_THINGS = (412, 410)
USED = "/problems/key-reused"  # depends on what was asked before


DRY_RUN = "application/vnd.doska.dry-run+json"


@schemathesis.hook
def before_load_schema(_: Any, raw_schema: dict[str, Any]) -> None:
    """Put the report of a dry run among an operation's responses."""
    for operation in (o for methods in raw_schema["paths"].values() for o in methods.values()):
        if report := operation.get("x-dry-run"):
            answer = operation["responses"].setdefault("200", {"description": ""})
            answer["content"] = {**answer.get("content", {}), **report["content"]}


@schemathesis.check
def acceptance(ctx: Any, response: Any, case: Any) -> bool | None:
    """Fail where valid data is refused, unless by a rule that cannot be said."""
    if response.status_code in STATE_OF_THINGS or is_explained(response, case):
        return None
    found: bool | None = positive_data_acceptance(ctx, response, case)
    return found


@schemathesis.check
def dry_runs(_: Any, response: Any, case: Any) -> None:
    """Fail where a dry run is not answered with its report, or anything else is."""
    is_asked = (case.headers or {}).get("Prefer") == "dry-run"
    is_reported = response.headers.get("content-type", [""])[0].startswith(DRY_RUN)
    if is_reported != (is_asked and response.status_code < 300):
        raise AssertionError("a dry run has a report, and nothing else has one")


def is_explained(response: Any, case: Any) -> bool:
    """Tell whether all that was refused was refused by such rules."""
    if response.status_code != 422:
        return False
    problem = response.json()
    if problem["type"] == USED:
        return True
    errors = problem.get("errors") or []
    return bool(errors) and all(
        (error["pointer"], error["code"]) in UNSAYABLE
        or error["code"] in ANYWHERE
        or _is_excluded(case, error["pointer"])
        for error in errors
    )


def _is_excluded(case: Any, pointer: str) -> bool:
    """Tell whether a header is not what the document's pattern of it says."""
    _, where, name = (*pointer.split("/", 2), "")[:3]
    sent = (case.headers or {}).get(name)
    if where != "header" or sent is None:
        return False
    declared = case.operation.definition.raw["parameters"]
    patterns = [p["schema"].get("pattern", "") for p in declared if p["name"] == name]
    return any(re.search(pattern, sent) is None for pattern in patterns)
