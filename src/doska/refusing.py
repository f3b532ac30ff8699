"""How errors are answered: whatever is raised becomes a problem document, or a page for people."""

from typing import Any

from fastapi import Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.routing import Match

from doska.browser import lost
from doska.errors import (
    BadRequest,
    Conflict,
    DoskaError,
    Forbidden,
    InternalError,
    Invalid,
    MethodNotAllowed,
    NotFound,
    PreconditionFailed,
    SearchGaveUp,
    TookTooLong,
    TooLarge,
    TooManyRequests,
    TooSlow,
    Unauthenticated,
    Unavailable,
    UnsupportedMediaType,
)
from doska.http.bodies import BodyRefused
from doska.http.describing import SEARCH
from doska.http.telemetry import problem_response
from doska.postgres.errors import translate
from doska.texts import pointer

ERRORS_MAX = 50  # of one request; nobody reads more
BOUNDS = ("max_length", "min_length", "le", "lt", "ge", "gt")  # as pydantic calls limits
METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
BY_STATUS: dict[int, type[DoskaError]] = {
    int(kind.status): kind
    for kind in (
        BadRequest,
        Unauthenticated,
        Forbidden,
        NotFound,
        MethodNotAllowed,
        Conflict,
        PreconditionFailed,
        TooLarge,
        TooSlow,
        UnsupportedMediaType,
        Invalid,
        TooManyRequests,
        Unavailable,
        InternalError,
    )
}


async def refuse(request: Request, error: Exception) -> Response:
    """Answer with the error that an action has raised."""
    assert isinstance(error, DoskaError)  # noqa: S101  # what it is registered for
    return problem_response(error, request.scope)


async def refuse_body(request: Request, error: Exception) -> Response:
    """Answer with what a body was refused for while it was read."""
    assert isinstance(error, BodyRefused)  # noqa: S101  # what it is registered for
    return problem_response(error.refusal, request.scope)


async def refuse_http(request: Request, error: Exception) -> Response:
    """Answer with the page for people, or the problem document, of a status."""
    assert isinstance(error, HTTPException)  # noqa: S101  # what it is registered for
    kind = BY_STATUS.get(error.status_code, InternalError)
    if kind is NotFound and (page := lost(request)):
        return page
    response = problem_response(kind(), request.scope)
    response.headers.update(error.headers or {})
    if kind is MethodNotAllowed:
        response.headers["allow"] = ", ".join(_methods_here(request))
    return response


def _methods_here(request: Request) -> list[str]:
    """List the methods of this address; the router by itself names only one route's."""
    routes = request.app.router.routes
    scopes = {method: {**request.scope, "method": method} for method in METHODS}
    found = [m for m in METHODS if any(r.matches(scopes[m])[0] is Match.FULL for r in routes)]
    return ["GET", "HEAD", *found[1:]] if "GET" in found else found


async def refuse_input(request: Request, error: Exception) -> Response:
    """Say where and why, and never echo the input."""
    assert isinstance(error, RequestValidationError)  # noqa: S101  # what it is registered for
    errors = [
        {
            "pointer": pointer(*found["loc"]),
            "code": found["type"],
            "message": found["msg"].removeprefix("Value error, "),
            **_limit(found.get("ctx", {})),
        }
        for found in error.errors()[:ERRORS_MAX]
    ]
    return problem_response(Invalid(errors=errors), request.scope)


def _limit(context: dict[str, Any]) -> dict[str, Any]:
    """Name the limit that a value exceeds."""
    limits = [context[name] for name in BOUNDS if name in context]
    return {"limit": limits[0]} if limits else {}


async def refuse_database(request: Request, error: Exception) -> Response:
    """Answer with what a database error means for a client, if it means anything."""
    refusal = translate(error)
    if refusal is None:
        raise error
    if isinstance(refusal, TookTooLong) and request.query_params.get(SEARCH, "").strip():
        refusal = SearchGaveUp()
    return problem_response(refusal, request.scope)
