"""One JSON line a request, with an id that the answer carries too; never a secret in either.

Beside it a line of audit for whatever may matter to security.
"""

import asyncio
import re
import time
import traceback
from collections.abc import Iterator
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
SENT_AWAY = "doska.is_sent_away"  # in the scope of a request that gets no line of its own

# What the audit tells of; docs/decisions/23-audit.md says what each means.
Event = Literal[
    "sign_in", "attempt", "registered", "session.ended", "password.changed", "password_link.made",
    "password.reset", "token.made", "token.ended", "account.created", "account.changed",
    "account.disabled", "account.enabled", "account.promoted", "account.demoted", "account.deleted", "member.added", "member.removed",
    "role.changed", "board.handed_over", "board.published", "board.hidden", "board.deleted",
    "invitation.made", "invitation.withdrawn", "invitation.accepted", "administrator.acted", "denied",
]  # fmt: skip

_request: ContextVar[Scope | None] = ContextVar("request", default=None)  # what is being served
_behind: ContextVar[dict[str, Any] | None] = ContextVar("behind", default=None)  # of a job
_ID = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")


def name_caller(scope: Scope, user_id: str, session_id: str, *, by: str) -> None:
    """Tell the log who asks; to be called with what is proven only."""
    scope["doska.user_id"] = user_id
    scope["doska.caller"] = {"user": user_id, "session": session_id, "by": by}


def name_newcomer(user_id: str, session_id: str) -> None:
    """Tell the log who has just come in by the request that is being served."""
    if (scope := _request.get()) is not None:
        name_caller(scope, user_id, session_id, by="sign-in")


def audit(event: Event, *, outcome: str = "ok", **fields: Any) -> None:
    """Write down what may matter to security: ids and addresses, never what was typed.

    Once it is certain: when the transaction that is open has committed; what has failed is so
    whatever becomes of that. What is done on the command line is no request, and not written.
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
    """Tell who asks for what is done: now, or, of what is done behind the requests, earlier."""
    if (scope := _request.get()) is None:
        return _behind.get()
    asked = {"request_id": scope["doska.request_id"], "source": source(scope)}
    return {**asked, **scope.get("doska.caller", {})}


@contextmanager
def behind_requests(job_id: object, asked: dict[str, Any] | None) -> Iterator[None]:
    """Let lines of audit name who has asked for a job, and the job."""
    token = _behind.set({**(asked or {}), "job": str(job_id)})
    try:
        yield
    finally:
        _behind.reset(token)


def source(scope: Scope) -> str:
    """Name the address that a request comes from; a proxy is believed only if it is trusted."""
    return source_of_request(scope, scope["app"].state.settings.trusted_proxies)


def _audit_denial(error: DoskaError, scope: Scope) -> None:
    """Write down who was refused what, by which rule."""
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
    """Tell refusals of rights: 403, and 401 for whoever has shown something that is no good.

    A wrong password has a line of its own; and who shows nothing is nobody.
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
    """Answer a refusal as a problem document."""
    if _is_denial(error, scope):
        _audit_denial(error, scope)
    return JSONResponse(
        error.document(scope.get("doska.request_id", "")),
        status_code=int(error.status),
        headers=error.headers,
        media_type=MEDIA_TYPE,
    )


class Unexpected:
    """Answer 500 for what nobody expected: inside of CORS, or a browser calls it a CORS error."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        is_begun = False

        async def sending(message: Message) -> None:
            nonlocal is_begun
            is_begun = True
            await send(message)

        try:
            await self.app(scope, receive, sending)
        except Exception as error:
            if scope["type"] != "http":
                raise
            request_id = scope["doska.request_id"]
            log.error("unexpected", request_id=request_id, **described(error))  # noqa: TRY400
            if is_begun:
                raise
            await problem_response(InternalError(), scope)(scope, receive, send)


class Telemetry:
    """Pure ASGI, all but outermost: number the request, and log it."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        scope["doska.request_id"] = request_id = new_id()
        started, status = time.perf_counter(), 0
        serving = _request.set(scope)

        async def sending(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                message["headers"] = [*message["headers"], (HEADER.encode(), request_id.encode())]
            await send(message)

        try:
            await self.app(scope, receive, sending)
        finally:
            _write_line(scope, status, time.perf_counter() - started)
            _request.reset(serving)


def described(error: BaseException) -> dict[str, Any]:
    """Tell kind and place of an error; its message could hold what a client has sent."""
    frames = traceback.extract_tb(error.__traceback__)
    return {
        "kind": type(error).__name__,
        "sqlstate": getattr(error.__cause__ or error, "sqlstate", None),
        "trace": [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in frames[-12:]],
    }


def log_unexpected(task: asyncio.Task[None]) -> None:
    """Log how a task beside the requests has ended if nobody expected it; a done callback."""
    if not task.cancelled() and (error := task.exception()):
        log.error("unexpected", **described(error))


def _write_line(scope: Scope, status: int, seconds: float) -> None:
    route: Any = scope.get("route")
    is_healthy = scope["path"].startswith("/health/") and status == HTTPStatus.OK
    quiet = is_healthy or SENT_AWAY in scope
    (log.debug if quiet else log.info)(
        "request",
        request_id=scope["doska.request_id"],
        method=scope["method"],
        route=getattr(route, "path", None),
        user=scope.get("doska.user_id"),
        status=status,
        ms=round(seconds * 1000, 1),
    )
