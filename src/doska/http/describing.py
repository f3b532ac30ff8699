"""What OpenAPI says about a route: who may call it, its input, its responses, its errors."""

import typing
from collections.abc import Iterator
from http import HTTPStatus
from typing import Any

from fastapi.routing import APIRoute

from doska.errors import (
    AnotherPerson,
    BadRequest,
    CrossSite,
    DoskaError,
    Forbidden,
    HeadTooLarge,
    Invalid,
    NotFound,
    OnlyInPerson,
    ScopeTooSmall,
    SearchGaveUp,
    TooDeep,
    TookTooLong,
    TooLarge,
    TooManyRequests,
    TooSlow,
    Unauthenticated,
    Unavailable,
    UnsupportedMediaType,
)
from doska.http.answers import Answer
from doska.http.marks import marks_of
from doska.http.parameters import known_parameters, takes_any_query
from doska.http.problems import problems
from doska.http.responses import (
    ANSWER_HEADERS,
    IF_CHANGED,
    PARAMETERS,
    Json,
    Tagged,
    described_dry_run,
)

SAFE_METHODS = {"GET", "HEAD", "OPTIONS"}
SEARCH = "q"  # the parameter that searches texts

Access = list[dict[str, str]]


def describe(route: APIRoute, access: Access, returned: Any) -> None:
    """Describe to OpenAPI who may call it, its headers, and its errors."""
    accepted = accepted_by(route, access, returned)
    extra = {**(route.openapi_extra or {}), "x-access": access, **_security(route, access)}
    if accepted:
        extra["parameters"] = [IF_CHANGED] if is_safe(route) else [PARAMETERS[n] for n in accepted]
    if "Prefer" in accepted:
        extra["x-dry-run"] = described_dry_run()
    route.openapi_extra = extra
    route.responses |= _headers(route, returned, accepted)
    if accepted and is_safe(route):
        route.responses[304] = {"description": "The client has the current version"}
    own = getattr(route.endpoint, "refusals", ())
    route.responses |= problems(*own, *_refusals(route, access, is_final=is_final(route, accepted)))
    if unsupported := route.responses.get(HTTPStatus.UNSUPPORTED_MEDIA_TYPE):
        taken = UnsupportedMediaType.taken(next(iter(route.methods or ())))
        unsupported["headers"] = {
            name: {"schema": {"type": "string"}, "example": types} for name, types in taken.items()
        }


def is_safe(route: APIRoute) -> bool:
    """Return whether it only reads."""
    return not set(route.methods or ()) - SAFE_METHODS


def is_final(route: APIRoute, accepted: list[str]) -> bool:
    """Return whether it is a write without dry runs."""
    return not is_safe(route) and "Prefer" not in accepted


def accepted_by(route: APIRoute, access: Access, returned: Any) -> list[str]:
    """List the conditions that a request can have."""
    if is_safe(route):
        return ["If-None-Match"] if typing.get_origin(returned) is Tagged else []
    found = {name for names in marks_of(route.dependant, "conditions") for name in names}
    found |= set() if _is_public(access) else {"Doska-Person"}
    is_making = route.status_code == HTTPStatus.CREATED  # new objects have no version yet
    return sorted(found - {"If-Match", "If-None-Match"} if is_making else found)


def _security(route: APIRoute, access: Access) -> dict[str, Any]:
    """List the accepted credentials, and the scope that an access token needs."""
    rules = {rule["rule"] for rule in access}
    if rules == {"public"}:
        return {}
    token = {"token": ["read" if is_safe(route) else "write"]}
    tokens = [] if "person" in rules else [token]
    return {"security": [{"cookie": []}, {"bearer": []}, *tokens]}


def _headers(route: APIRoute, returned: Any, accepted: list[str]) -> dict[int | str, Any]:
    """Describe the headers of a successful response."""
    given = ["ETag"] if typing.get_origin(returned) is Tagged or _shows(returned) else []
    given += ["Location"] if route.status_code == HTTPStatus.CREATED else []
    if "Idempotency-Key" in accepted:  # an action on a board
        given += ["Idempotency-Replayed", "Doska-Seq", "Doska-Event"]
    given += ["Doska-Seq"] if _reads_of_a_board(route, returned) else []
    described = {name: ANSWER_HEADERS[name] for name in given}
    success = int(route.status_code or HTTPStatus.OK)
    return {success: {**route.responses.get(success, {}), "headers": described}} if given else {}


def _reads_of_a_board(route: APIRoute, returned: Any) -> bool:
    """Return whether this shows the contents of one board."""
    if not is_safe(route) or typing.get_origin(returned) not in (Json, Tagged):
        return False
    return any("right" in found for found in marks_of(route.dependant, "access_rule"))


def _refusals(route: APIRoute, access: Access, *, is_final: bool) -> Iterator[type[DoskaError]]:
    """List the errors of any endpoint of this kind; the others are declared by itself."""
    yield from (Unavailable, TookTooLong, HeadTooLarge)
    if SEARCH in (known_parameters(route.dependant) or ()):
        yield SearchGaveUp
    yield from _refusals_of_callers(route, access)
    if not is_safe(route):
        yield from _refusals_of_writes(route)
    if any("right" in rule or rule["rule"] == "oneself-or-administrator" for rule in access):
        yield Forbidden
    if any("right" in rule for rule in access) or "{" in route.path:
        yield NotFound
    has_input = route.body_field or route.dependant.path_params or is_final
    if has_input or not takes_any_query(route.dependant):
        yield Invalid


def _refusals_of_callers(route: APIRoute, access: Access) -> Iterator[type[DoskaError]]:
    is_public = _is_public(access)
    if not is_public:
        yield from (AnotherPerson, Unauthenticated, TooManyRequests)
    if any(rule["rule"] == "person" for rule in access):
        yield OnlyInPerson
    elif not (is_public or is_safe(route)):
        yield ScopeTooSmall


def _refusals_of_writes(route: APIRoute) -> Iterator[type[DoskaError]]:
    yield from (CrossSite, BadRequest, TooDeep, TooLarge, TooSlow)
    if route.body_field:
        yield UnsupportedMediaType
    for kinds in marks_of(route.dependant, "refusals"):
        yield from kinds


def _is_public(access: Access) -> bool:
    return all(rule["rule"] == "public" for rule in access)


def _shows(annotation: Any) -> bool:
    """Return whether a write returns an object."""
    return typing.get_origin(annotation) is Answer and typing.get_args(annotation) != (type(None),)
