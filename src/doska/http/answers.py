"""What a write returns, and its conditions (If-Match, Idempotency-Key).

A tag is ``"<version>"`` or ``"<version>.<digest>"``. The version counts the changes of the object
itself, and is what a write compares; the digest covers everything else that can differ in a
response (names of people, the caller's role), and is compared on reads.
"""

import re
from dataclasses import dataclass
from hashlib import blake2b
from typing import Any, ClassVar, Generic, TypeVar

from pydantic_core import to_json
from starlette.datastructures import Headers
from starlette.requests import Request

from doska.errors import Conflict, Invalid, PreconditionFailed

T = TypeVar("T")

KEY_CHARS_MAX = 255
DRY_RUN = "dry-run"

_TAG = r'(?:W/)?"[\x21\x23-\x7e]*"'
ANY = "any tag"  # what an asterisk stands for; tags contain no spaces
# Suffixes that compressing proxies add to a tag: Caddy and Apache "3-gzip", others "3--gzip".
CODING = r"--?(?:x-)?(?:gzip|br|zstd|deflate|bzip2|compress)"
_CODED = re.compile(f"(?:{CODING})+$")
_TAGS = re.compile(rf"\s*(?:\*|{_TAG}(?:\s*,\s*{_TAG})*)\s*")
# A comma inside quotes ends nothing. A semicolon must end a preference: whoever means to change
# nothing, and writes it instead of a comma, must not find out by a deletion.
_PREFERENCE = re.compile(r'(?:^|[,;])\s*([^\s,;="]+)(?=\s*(?:$|[,;=]))')
_QUOTED = re.compile(r'"(?:[^"\\]|\\.)*"')
KEY = re.compile(rf"[\x21-\x7e]{{1,{KEY_CHARS_MAX}}}")


class KeyInUse(Conflict):
    """A request with this key is still running: retry later."""

    headers: ClassVar[dict[str, str]] = {"Retry-After": "1"}


class KeyReused(Invalid):
    """This key was used for another request."""

    example: ClassVar[dict[str, Any]] = {}


@dataclass(slots=True)
class Answer(Generic[T]):
    """What a write returns: an object's JSON with its version, and its address if it is new.

    ``seq`` is the board's number after the write; ``event`` the number of the event that it wrote
    (the last one of a batch), if it wrote one: the log sets both when it writes.
    """

    body: bytes = b""
    version: str = ""
    location: str = ""
    is_replayed: bool = False
    seq: int | None = None
    event: int | None = None
    code: int = 0

    @property
    def status(self) -> int:
        """Return the status, which follows from the rest unless a ``code`` says otherwise."""
        if self.code:
            return self.code
        if self.location:
            return 201
        return 200 if self.body else 204

    @property
    def headers(self) -> dict[str, str]:
        """Return the headers."""
        named = {}
        if self.version:
            named["etag"] = f'"{self.version}"'
        if self.location:
            named["location"] = self.location
        if self.is_replayed:
            named["idempotency-replayed"] = "true"
        if self.seq is not None:
            named["doska-seq"] = str(self.seq)
        if self.event is not None:
            named["doska-event"] = str(self.event)
        return named


class Replayed(Exception):  # not an error: the response that the first request got
    """The request was carried out before."""

    def __init__(self, answer: Answer[Any]) -> None:
        super().__init__()
        self.answer = answer


class Rehearsed(Exception):  # not an error: nothing was to be done
    """The request only asked what it would do; ``report`` is the answer, as JSON."""

    def __init__(self, report: bytes) -> None:
        super().__init__()
        self.report = report


def answer_of(view: dict[str, Any], version: object, location: str = "") -> Answer[Any]:
    """Make an answer that shows an object."""
    return Answer(to_json(view), str(version), location)


@dataclass(frozen=True, slots=True)
class Claim:
    """A client's key for a request, which makes repeating it do nothing new.

    An empty hash fits any request: a dry run does not read a file.
    """

    key: str
    request_hash: bytes


@dataclass(frozen=True, slots=True)
class Conditions:
    """A request's conditions; ``path`` is its own address."""

    path: str = ""
    versions: frozenset[str] | None = None  # those that may be changed; None: any
    unless: frozenset[str] = frozenset()  # those that may not
    key: Claim | None = None
    is_rehearsal: bool = False

    @property
    def claim(self) -> Claim | None:
        """Return the key that the request uses up; a dry run only looks it up."""
        return None if self.is_rehearsal else self.key

    def make_new(self) -> None:
        """Refuse to create something where a version of it was expected."""
        if self.versions is not None:
            raise PreconditionFailed("This creates something new: there is no version to compare.")

    def allow(self, version: object) -> bool:
        """Return whether an object of this version may be changed."""
        names = {ANY, str(version)}
        is_wanted = self.versions is None or not self.versions.isdisjoint(names)
        return is_wanted and self.unless.isdisjoint(names)


NONE = Conditions()


def versions_in(headers: Headers) -> Conditions:
    """Read the versions that a write may change, and those that it may not."""
    versions, unless = _versions_in(headers)
    return Conditions(versions=versions, unless=unless)


def _versions_in(headers: Headers) -> tuple[frozenset[str] | None, frozenset[str]]:
    return _versions(headers, "If-Match"), _versions(headers, "If-None-Match") or frozenset()


def _versions(headers: Headers, name: str) -> frozenset[str] | None:
    given = headers.get(name)
    if given is None:
        return None
    if not _TAGS.fullmatch(given):
        raise Invalid.at(f"/header/{name}", "tags", 'should be * or tags such as "3", "4.c0de"')
    return frozenset(tag.partition(".")[0] for tag in tags_of(given))


def tags_of(given: str) -> list[str]:
    """List the tags of a header as they were sent: without quotes and without proxies' suffixes."""
    if given.strip() == "*":
        return [ANY]
    return [_CODED.sub("", tag) for tag in re.findall(r'"([^"]*)"', given)]


async def conditions_of(request: Request, body: bytes | None = None) -> Conditions:
    """Read the conditions of a write; ``body`` stands for its body, which else is read."""
    headers, path = request.headers, request.scope["path"]
    is_rehearsal = is_dry_run(headers)
    key = headers.get("idempotency-key")
    if key is not None:
        _check(key)
    claim = None if key is None else Claim(key, await _hash(request, body))
    return Conditions(path, *_versions_in(headers), claim, is_rehearsal)


def is_dry_run(headers: Headers) -> bool:
    """Return whether a request only asks what it would do (RFC 7240)."""
    given = headers.get("prefer")
    if given is None:
        return False
    names = _PREFERENCE.findall(_QUOTED.sub('""', given))
    return any(name.lower() == DRY_RUN for name in names)


def _check(key: str) -> None:
    if not KEY.fullmatch(key):
        words = f"should be 1 to {KEY_CHARS_MAX} visible ASCII characters"
        raise Invalid.at("/header/Idempotency-Key", "key", words)


async def _hash(request: Request, body: bytes | None) -> bytes:
    """Identify a request by method, address and body; also by tags, which it depends on."""
    scope, headers = request.scope, request.headers
    parts = [request.method, scope["path"], scope["query_string"], headers.get("if-match")]
    if unless := headers.get("if-none-match"):
        parts.append(unless)
    content = await request.body() if body is None else body
    return blake2b(repr(tuple(parts)).encode() + content, digest_size=16).digest()


def digest(body: bytes) -> str:
    """Digest what a response shows, in a few characters."""
    return blake2b(body, digest_size=6).hexdigest()
