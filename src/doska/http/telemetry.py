"""One JSON line per request, with an id that the response has too; never a secret in either.

In addition, audit lines for whatever is relevant to security.
"""

import asyncio
import re
import time
import traceback
from collections.abc import Awaitable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import partial
from http import HTTPStatus
from typing import Any, Literal

import structlog
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from doska.errors import MEDIA_TYPE, DoskaError, Forbidden, InternalError, WrongCredentials
from doska.http.sources import source_of_request
from doska.postgres.commits import after_commit
from doska.schemas import new_id

log = structlog.get_logger("doska")

HEADER = "x-request-id"
STATUS = "doska.status"  # in a request's scope: of its response, once that has begun
SENT_AWAY = "doska.is_sent_away"  # in the scope of a request that gets no line of its own

# The events of the audit log; docs/decisions/23-audit.md describes them.
Event = Literal[
    "sign_in", "attempt", "registered", "session.ended", "password.changed", "password_link.made",
    "password.reset", "token.made", "token.ended", "account.created", "account.changed",
    "account.disabled", "account.enabled", "account.promoted", "account.demoted", "account.deleted", "member.added", "member.removed",
    "role.changed", "board.handed_over", "board.published", "board.hidden", "board.deleted", "board.imported",
    "invitation.made", "invitation.withdrawn", "invitation.accepted", "administrator.acted", "denied",
]  # fmt: skip

_NAME = HEADER.encode()
_request: ContextVar[Scope | None] = ContextVar("request", default=None)  # the request being served
_behind: ContextVar[dict[str, Any] | None] = ContextVar("behind", default=None)  # of a job
_ID = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")


def name_caller(scope: Scope, user_id: str, session_id: str, *, by: str) -> None:
    """Name the caller in the log; only call this with what is proven."""
    scope["doska.user_id"] = user_id
    scope["doska.caller"] = {"user": user_id, "session": session_id, "by": by}


def name_newcomer(user_id: str, session_id: str) -> None:
    """Name in the log who has just signed in by the request being served."""
    if (scope := _request.get()) is not None:
        name_caller(scope, user_id, session_id, by="sign-in")


def audit(event: Event, *, outcome: str = "ok", **fields: Any) -> None:
    """Write an audit line: ids and addresses, never user input.

    A success is logged when the open transaction has committed; a failure at once, because it
    happened whatever becomes of the transaction. Commands on the command line are no requests, and
    not logged.
    """
    if (who := asking()) is None:
        return
    line = {**who, "outcome": outcome, **fields}
    write = partial(log.info, event, audit=True, **line)
    if outcome == "ok":
        after_commit(write)
    else:
        write()


def asking() -> dict[str, Any] | None:
    """Return who requested this: the current caller, or the one who caused a background job."""
    if (scope := _request.get()) is None:
        return _behind.get()
    asked = {"request_id": scope["doska.request_id"], "source": source(scope)}
    return {**asked, **scope.get("doska.caller", {})}


@contextmanager
def behind_requests(job_id: object, asked: dict[str, Any] | None) -> Iterator[None]:
    """Let audit lines name who caused a job, and the job."""
    token = _behind.set({**(asked or {}), "job": str(job_id)})
    try:
        yield
    finally:
        _behind.reset(token)


def source(scope: Scope) -> str:
    """Return the address that a request comes from; a proxy is believed only if it is trusted."""
    return source_of_request(scope, scope["app"].state.settings.trusted_proxies)


def _audit_denial(error: DoskaError, scope: Scope) -> None:
    """Log who was refused what, by which rule."""
    route: Any = scope.get("route")
    rules = (getattr(route, "openapi_extra", None) or {}).get("x-access", ())
    ids = {k: v for k, v in scope.get("path_params", {}).items() if _ID.fullmatch(str(v))}
    audit(
        "denied",
        outcome="refused",
        status=int(error.status),
        reason=error.type().rpartition("/")[2],
        rule=", ".join(rule.get("right", rule["rule"]) for rule in rules) or None,
        method=scope["method"],
        route=getattr(route, "path", None),
        **ids,
    )


def _is_denial(error: DoskaError, scope: Scope) -> bool:
    """Return whether it is a denial: a 403, or a 401 for invalid credentials.

    A wrong password has a line of its own; and a request without credentials is anonymous.
    """
    if error.status == HTTPStatus.UNAUTHORIZED:
        return _shows_credential(scope) and not isinstance(error, WrongCredentials)
    return isinstance(error, Forbidden)


def _shows_credential(scope: Scope) -> bool:
    cookie = f"{scope['app'].state.settings.session_cookie}=".encode()
    return any(
        (name == b"authorization" and value.lower().startswith(b"bearer"))
        or (name == b"cookie" and cookie in value)
        for name, value in scope["headers"]
    )


def problem_response(error: DoskaError, scope: Scope) -> JSONResponse:
    """Respond with an error as a problem document."""
    if _is_denial(error, scope):
        _audit_denial(error, scope)
    return JSONResponse(
        error.document(scope.get("doska.request_id", "")),
        status_code=int(error.status),
        headers=error.headers,
        media_type=MEDIA_TYPE,
    )


class Unexpected:
    """Respond 500 to unexpected errors: inside CORS, or a browser would call it a CORS error."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        try:
            await self.app(scope, receive, send)
        except Exception as error:
            if scope["type"] != "http":
                raise
            request_id = scope["doska.request_id"]
            log.error("unexpected", request_id=request_id, **described(error))  # noqa: TRY400
            if STATUS in scope:
                raise
            await problem_response(InternalError(), scope)(scope, receive, send)


class Telemetry:
    """Pure ASGI, almost outermost: assign an id to the request, and log it."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        scope["doska.request_id"] = request_id = new_id()
        started = time.perf_counter()
        serving = _request.set(scope)

        def sending(message: Message) -> Awaitable[None]:
            if message["type"] == "http.response.start":
                scope[STATUS] = message["status"]
                message["headers"] = [*message["headers"], (_NAME, request_id.encode())]
            return send(message)

        try:
            await self.app(scope, receive, sending)
        finally:
            _write_line(scope, scope.get(STATUS, 0), time.perf_counter() - started)
            _request.reset(serving)


def described(error: BaseException) -> dict[str, Any]:
    """Return kind and place of an error; its message could contain input."""
    frames = traceback.extract_tb(error.__traceback__)
    return {
        "kind": type(error).__name__,
        "sqlstate": getattr(error.__cause__ or error, "sqlstate", None),
        "trace": [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in frames[-12:]],
    }


def log_unexpected(task: asyncio.Task[None]) -> None:
    """Log how a background task has ended if nobody expected it; a done callback."""
    if not task.cancelled() and (error := task.exception()):
        log.error("unexpected", **described(error))


def _write_line(scope: Scope, status: int, seconds: float) -> None:
    route: Any = scope.get("route")
    is_healthy = scope["path"].startswith("/health/") and status == HTTPStatus.OK
    quiet = is_healthy or SENT_AWAY in scope
    logger = log.bind()  # a logger's stand-in finds its methods by a search that fails first
    (logger.debug if quiet else logger.info)(
        "request",
        request_id=scope["doska.request_id"],
        method=scope["method"],
        route=getattr(route, "path", None),
        user=scope.get("doska.user_id"),
        status=status,
        ms=round(seconds * 1000, 1),
    )
