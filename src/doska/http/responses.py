"""What is sent: JSON that PostgreSQL has built, what a write returns, and their headers."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any, Generic, TypeVar

from pydantic import Field
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from doska.http.answers import ANY, DRY_RUN, KEY, Answer, digest, tags_of
from doska.schemas import Id, Out

T = TypeVar("T")


def _header(name: str, words: str, example: str, pattern: str = "") -> dict[str, Any]:
    kind = {"type": "string", "pattern": f"^{pattern}$"} if pattern else {"type": "string"}
    schema = {"schema": kind, "description": words, "example": example}
    return {"name": name, "in": "header", "required": False, **schema}


_TAG = '(W/)?"[!#-~]*"'
_TAGS = rf"(\*|{_TAG}(, ?{_TAG})*)"  # spaces elsewhere are allowed, too
PARAMETERS = {
    header["name"]: header
    for header in (
        _header("If-Match", "only if the object still has this tag; else 412", '"3"', _TAGS),
        _header(
            "If-None-Match", "only if the object does not have this tag; else 412", '"3"', _TAGS
        ),
        _header(
            "Idempotency-Key",
            "a key chosen by the client for this request: repeated within 24 hours, it does nothing "
            "new and gets the first response",
            "0198c0de-0000-7000-8000-000000000002",
            KEY.pattern,
        ),
        _header(
            "Doska-Person",
            "the id of the user whose request this is; 401 `another-person` where somebody else "
            "has signed in meanwhile in the same browser",
            "0198c0de-0000-7000-8000-000000000003",
        ),
        _header(
            "Prefer",
            "`dry-run` changes nothing and returns what would be changed, or the error",
            DRY_RUN,
        ),
    )
}
IF_CHANGED = _header("If-None-Match", "only if the object has another tag; else 304", '"3.5f0c2a"')
RANGE = _header("Range", "one part of it, in bytes (RFC 9110)", "bytes=0-99")
ANSWER_HEADERS = {
    "ETag": {
        "schema": {"type": "string"},
        "description": "the object's version, for If-Match and If-None-Match",
        "example": '"3"',
    },
    "Location": {"schema": {"type": "string"}, "description": "where the new object is"},
    "Preference-Applied": {
        "schema": {"type": "string", "enum": [DRY_RUN]},
        "description": "this is a dry run: nothing was changed",
    },
    "Idempotency-Replayed": {
        "schema": {"type": "string", "enum": ["true"]},
        "description": "this is the response that the first request with this key got",
    },
    "Doska-Seq": {
        "schema": {"type": "integer"},
        "description": "the board's `seq` after this write, or at this read: a client that "
        "follows its events knows which of them are already included",
        "example": 47,
    },
    "Doska-Event": {
        "schema": {"type": "integer"},
        "description": "the event that this wrote, for `POST /boards/{board_id}/undo`; the last "
        "one of a batch. Absent if nothing was changed",
        "example": 47,
    },
}


_JSON = (b"content-type", b"application/json")
DRY_RUN_TYPE = "application/vnd.doska.dry-run+json"


class Count(Out):
    """How many objects of a kind."""

    created: int
    changed: int
    deleted: int


class EventToBe(Out):
    """An event that would be appended."""

    type: str = Field(examples=["task.moved"])
    task_id: Id | None
    payload: dict[str, Any] = Field(description="as the event of this type has it")


class DryRun(Out):
    """What the request would do; nothing was changed."""

    events: list[EventToBe]
    counts: dict[str, Count] = Field(
        description="by kind: boards, people, columns, tasks, assignees, subtasks"
    )
    is_replayed: bool = Field(
        description="the request was already carried out with this Idempotency-Key: it would get that response again"
    )


def described_dry_run() -> dict[str, Any]:
    """Describe the report for OpenAPI, as an operation's ``x-dry-run``, like ``responses``.

    It is not among them: typed clients would take a write's response for either of two types.
    """
    schema = DryRun.model_json_schema(ref_template="#/components/schemas/{model}")
    return {
        "description": "What would be changed",
        "content": {DRY_RUN_TYPE: {"schema": schema}},
        "headers": {"Preference-Applied": ANSWER_HEADERS["Preference-Applied"]},
    }


class Json(Response, Generic[T]):
    """A response whose JSON PostgreSQL has built; ``T`` is its schema, for the documentation."""

    media_type = "application/json"

    def init_headers(self, headers: Mapping[str, str] | None = None) -> None:
        """Write them; Starlette first looks whether length and type are among them, as never."""
        given = [
            (name.encode(), value.encode("latin-1")) for name, value in (headers or {}).items()
        ]
        self.raw_headers = [*given, (b"content-length", b"%d" % len(self.body)), _JSON]


class Tagged(Json[T]):
    """JSON with its tag; 304 without a body for clients that have this version."""

    def __init__(self, body: str | bytes, tag: str, **headers: str) -> None:
        super().__init__(body, headers={**headers, "etag": tag})
        self._tag = tag

    @classmethod
    def of(cls, body: str, version: object, seq: int | None = None) -> "Tagged[T]":
        """Tag an object, by its version and by everything that the response shows."""
        content = body.encode()
        return cls(content, f'"{version}.{digest(content)}"', **placed(seq))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send it, or that it is unchanged."""
        if is_known(scope, self._tag):
            seq = self.headers.get("doska-seq")
            await not_modified(self._tag, **placed(seq))(scope, receive, send)
        else:
            await super().__call__(scope, receive, send)


def is_known(scope: Scope, tag: str) -> bool:
    """Return whether a request's If-None-Match names this tag; weak or not makes no difference."""
    for name, given in scope["headers"]:
        if name == b"if-none-match":
            return not {ANY, *tags_of(tag)}.isdisjoint(tags_of(given.decode("latin-1")))
    return False


def not_modified(tag: str, **headers: str) -> Response:
    """Respond that the client's version is current."""
    return Response(status_code=HTTPStatus.NOT_MODIFIED, headers={**headers, "etag": tag})


def placed(seq: int | str | None) -> dict[str, str]:
    """Return the header that says as of which of a board's events something is."""
    return {} if seq is None else {"doska-seq": str(seq)}


def respond(answer: Answer[Any]) -> Response:
    """Send what a write returns."""
    kind = Json if answer.body else Response
    return kind(answer.body, answer.status, answer.headers)


def respond_rehearsed(report: bytes) -> Response:
    """Send what a write would do."""
    return Response(report, headers={"preference-applied": DRY_RUN}, media_type=DRY_RUN_TYPE)
