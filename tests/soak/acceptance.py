"""What schemathesis loads beside its own checks: is what the document allows also accepted?

Its own check of that knows only statuses. This one is the same, but for single rules between
values, or about the state of things, which a schema cannot say. Each is named by where and how the
answer refuses; whatever else is refused is a failure, as it is there.
"""

from typing import Any

import schemathesis
from schemathesis.specs.openapi.checks import positive_data_acceptance

# Pointer and code of a refusal, and why the schema does not say so.
UNSAYABLE = {
    ("/query/cursor", "cursor"): "only what a list has given as next_cursor",
    ("/header/If-Match", "tags"): "is documented as a pattern, beside which schemathesis sends 0",
    ("/query/time_zone", "value_error"): "one of hundreds of names, and new ones come",
    ("/query/to", "missing"): "goes with another parameter, which OpenAPI cannot say",
    ("/query/to", "same_column"): "must differ from a value of the path",
    ("/body/expires_at", "past"): "depends on the time",
    ("/body/username", "username"): "letters, marks and digits of one script: tables of Unicode",
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
    "not_on_board": "is about who is on the board: the contract has it answered with 422",
}
# If-Match names a version, and it is not this one; a position is beyond the log.
STATE_OF_THINGS = (412, 410)
USED = "/problems/key-reused"  # depends on what was asked before


@schemathesis.check
def acceptance(ctx: Any, response: Any, case: Any) -> bool | None:
    """Fail where valid data is refused, unless by a rule that cannot be said."""
    if response.status_code in STATE_OF_THINGS or is_explained(response):
        return None
    found: bool | None = positive_data_acceptance(ctx, response, case)
    return found


def is_explained(response: Any) -> bool:
    """Tell whether all that was refused was refused by such rules."""
    if response.status_code != 422:
        return False
    problem = response.json()
    if problem["type"] == USED:
        return True
    errors = problem.get("errors") or []
    return bool(errors) and all(_is_unsayable(**error) for error in errors)


def _is_unsayable(pointer: str, code: str, **_: str) -> bool:
    return (pointer, code) in UNSAYABLE or code in ANYWHERE
