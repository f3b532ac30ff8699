"""What can go wrong, as one tree; each leaf is one type of RFC 9457 problem document.

    DoskaError
    ├── BadRequest 400          the request cannot be read
    │   └── TooDeep
    ├── Unauthenticated 401     nobody is signed in
    │   ├── WrongCredentials
    │   └── AnotherPerson      somebody other than the request says is signed in
    ├── Forbidden 403           signed in and allowed to know of it, but not to do it
    │   ├── CrossSite
    │   ├── ScopeTooSmall      the access token does not allow this
    │   └── OnlyInPerson       no access token allows this
    ├── NotFound 404            it does not exist, or the caller may not know that it does
    ├── MethodNotAllowed 405
    ├── TooSlow 408
    ├── Conflict 409            the current state does not allow it
    │   ├── LimitReached       the limit has been reached
    │   └── … next to the actions that raise them
    ├── Gone 410                it no longer exists
    │   └── NoLongerKept       the log was trimmed
    ├── PreconditionFailed 412  it has changed since it was read
    ├── TooLarge 413
    ├── UnsupportedMediaType 415
    ├── Invalid 422             readable, but not valid
    ├── TooManyRequests 429     slow down
    ├── HeadTooLarge 431
    ├── Unavailable 503         try again later
    │   ├── TookTooLong        timed out
    │   └── SearchGaveUp       a search timed out: narrow it down
    └── InternalError 500       a bug

A class is its problem's ``type`` (``ColumnFull`` → ``/problems/column-full``), the first line of its
docstring the ``title``.
"""

import re
from http import HTTPStatus
from math import ceil
from typing import Any, ClassVar

MEDIA_TYPE = "application/problem+json"


class DoskaError(Exception):
    """An error that the client can act on."""

    status: ClassVar[HTTPStatus] = HTTPStatus.INTERNAL_SERVER_ERROR
    headers: ClassVar[dict[str, str]] = {}
    example: ClassVar[dict[str, Any]] = {}  # members beyond the common ones, for the documentation

    def __init__(self, detail: str | None = None, **more: Any) -> None:
        super().__init__(detail or self.title())
        self.detail = detail
        self.more = more

    @classmethod
    def title(cls) -> str:
        """Return the type of the error in one line, the same each time."""
        return (cls.__doc__ or cls.__name__).partition("\n")[0]

    @classmethod
    def type(cls) -> str:
        """Return the type of the error for programs."""
        return "/problems/" + re.sub(r"(?<!^)(?=[A-Z])", "-", cls.__name__).lower()

    def document(self, request_id: str) -> dict[str, Any]:
        """Make the problem document; nothing of the input is ever echoed in it."""
        document = {"type": self.type(), "title": self.title(), "status": int(self.status)}
        detail = {"detail": self.detail} if self.detail else {}
        return {**document, **detail, "request_id": request_id, **self.more}


class BadRequest(DoskaError):
    """The request cannot be read."""

    status = HTTPStatus.BAD_REQUEST


class TooDeep(BadRequest):
    """The JSON is nested too deeply."""

    example: ClassVar[dict[str, Any]] = {"limit": 20}


class Unauthenticated(DoskaError):
    """Sign in first."""

    status = HTTPStatus.UNAUTHORIZED
    headers: ClassVar[dict[str, str]] = {"WWW-Authenticate": "Bearer"}


class WrongCredentials(Unauthenticated):
    """The login or the password is wrong."""


class AnotherPerson(Unauthenticated):
    """Somebody else has signed in meanwhile; nothing was done."""


class Forbidden(DoskaError):
    """You do not have permission to do this."""

    status = HTTPStatus.FORBIDDEN


class CrossSite(Forbidden):
    """Requests from other sites are not accepted."""


class ScopeTooSmall(Forbidden):
    """The scope of this access token does not allow that."""


class OnlyInPerson(Forbidden):
    """Access tokens may not do this: sign in instead."""


class NotFound(DoskaError):
    """There is nothing here that you may see."""

    status = HTTPStatus.NOT_FOUND


class MethodNotAllowed(DoskaError):
    """This address does not support this method."""

    status = HTTPStatus.METHOD_NOT_ALLOWED


class Conflict(DoskaError):
    """The current state does not allow this."""

    status = HTTPStatus.CONFLICT


class AlreadyExists(Conflict):
    """Something with this id or name already exists."""


class LimitReached(Conflict):
    """The limit has been reached."""

    example: ClassVar[dict[str, Any]] = {"limit": 10_000, "of": "tasks of a board"}

    @classmethod
    def at(cls, limit: int, of: str) -> "LimitReached":
        """Name the limit: how many of what."""
        return cls(f"The limit is {limit} {of}.", limit=limit, of=of)


class Gone(DoskaError):
    """The log does not contain that event: load a new snapshot."""

    status = HTTPStatus.GONE
    example: ClassVar[dict[str, Any]] = {"seq": 7}


class NoLongerKept(Gone):
    """The log is kept for a limited time, and this was before."""

    example: ClassVar[dict[str, Any]] = {"seq": 7000, "oldest": 5000}


class PreconditionFailed(DoskaError):
    """The object does not match If-Match or If-None-Match."""

    status = HTTPStatus.PRECONDITION_FAILED
    example: ClassVar[dict[str, Any]] = {"current": {"title": "As it is now", "version": 4}}

    @classmethod
    def of(cls, current: dict[str, Any], version: object) -> "PreconditionFailed":
        """Show the current object, and the version to send instead."""
        error = cls(current=current)
        error.headers = {"ETag": f'"{version}"'}  # type: ignore[misc]  # of this one only
        return error


class TooLarge(DoskaError):
    """The request is too large."""

    status = HTTPStatus.REQUEST_ENTITY_TOO_LARGE
    example: ClassVar[dict[str, Any]] = {"limit": 1 << 20}


class TooSlow(DoskaError):
    """The request took too long to arrive."""

    status = HTTPStatus.REQUEST_TIMEOUT
    headers: ClassVar[dict[str, str]] = {"Connection": "close"}  # the rest of it is not waited for
    example: ClassVar[dict[str, Any]] = {"limit": 30}


class UnsupportedMediaType(DoskaError):
    """The media type of the body is not supported here: send `Content-Type: application/json`."""

    status = HTTPStatus.UNSUPPORTED_MEDIA_TYPE

    @classmethod
    def of(cls, method: str) -> "UnsupportedMediaType":
        """Name the supported types, in the header for the method."""
        error = cls()
        error.headers = cls.taken(method)  # type: ignore[misc]  # of this one only
        return error

    @staticmethod
    def taken(method: str) -> dict[str, str]:
        """Return which types a method accepts (RFC 5789, Linked Data Platform, RFC 9110)."""
        if method == "PATCH":
            return {"Accept-Patch": "application/json, application/merge-patch+json"}
        return {"Accept-Post" if method == "POST" else "Accept": "application/json"}


class Invalid(DoskaError):
    """The request is not valid."""

    status = HTTPStatus.UNPROCESSABLE_ENTITY
    example: ClassVar[dict[str, Any]] = {
        "errors": [
            {"pointer": "/body/title", "code": "missing", "message": "Field required"},
        ]
    }

    @classmethod
    def at(cls, pointer: str, code: str, message: str) -> "Invalid":
        """Refuse one value: a JSON pointer into the request, a code for programs, a sentence."""
        return cls(message, errors=[{"pointer": pointer, "code": code, "message": message}])


class TooManyRequests(DoskaError):
    """Too many requests: wait before the next one."""

    status = HTTPStatus.TOO_MANY_REQUESTS
    example: ClassVar[dict[str, Any]] = {"limit": 600, "of": "requests a minute"}
    headers: ClassVar[dict[str, str]] = {"Retry-After": "1"}

    @classmethod
    def in_seconds(cls, seconds: float, **more: Any) -> "TooManyRequests":
        """Say when to retry; in whole seconds, rounded up."""
        whole = max(1, ceil(seconds))
        error = cls(f"Try again in {whole} s.", **more)
        error.headers = {"Retry-After": str(whole)}  # type: ignore[misc]  # of this one only
        return error


class HeadTooLarge(DoskaError):
    """The address and the headers of the request are too large."""

    status = HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE
    example: ClassVar[dict[str, Any]] = {"limit": 64 << 10}


class Unavailable(DoskaError):
    """The service is temporarily unavailable: try again."""

    status = HTTPStatus.SERVICE_UNAVAILABLE
    headers: ClassVar[dict[str, str]] = {"Retry-After": "1"}


class TookTooLong(Unavailable):
    """The request took too long and was cancelled; nothing was changed."""


class SearchGaveUp(Unavailable):
    """There is too much text to search in time: narrow the search down."""

    headers: ClassVar[dict[str, str]] = {}  # a retry would take as long


class InternalError(DoskaError):
    """Something went wrong on our side."""
