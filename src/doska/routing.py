"""Routes that refuse to exist without an access rule and a docstring.

A forgotten permission does not make an endpoint public here: the program does not start.
"""

import inspect
import typing
from collections.abc import Awaitable, Callable, Coroutine, Iterator
from functools import wraps
from http import HTTPStatus
from typing import Any, TypeVar

from fastapi import routing as fastapi_routing
from fastapi.datastructures import Default, DefaultPlaceholder
from fastapi.dependencies.models import Dependant
from fastapi.dependencies.utils import get_typed_return_annotation
from pydantic import BaseModel
from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Match
from starlette.types import Receive, Scope, Send

from doska.answers import Answer, Rehearsed, Replayed, is_dry_run
from doska.bodies import BoundedRequest
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
from doska.parameters import known_parameters, refuse_unread, takes_any_query
from doska.problems import problems
from doska.responses import (
    ANSWER_HEADERS,
    IF_CHANGED,
    PARAMETERS,
    Json,
    Tagged,
    described_dry_run,
    respond,
    respond_rehearsed,
)
from doska.shortcut import is_json, plain_app

F = TypeVar("F", bound=Callable[..., Any])

SAFE_METHODS = {"GET", "HEAD", "OPTIONS"}
WRITTEN_OUT: set[str] = set()  # such an address means itself: me is nobody's id


def _answering(endpoint: Callable[..., Awaitable[Answer[Any]]]) -> Callable[..., Any]:
    """Let an endpoint give an Answer; a request carried out before gets the one of then.

    A dry run gets a report.
    """

    @wraps(endpoint)
    async def answering(*args: Any, **values: Any) -> Response:
        try:
            return respond(await endpoint(*args, **values))
        except Replayed as replayed:
            return respond(replayed.answer)
        except Rehearsed as rehearsed:
            return respond_rehearsed(rehearsed.report)

    return answering


def accepts(*conditions: str) -> Callable[[F], F]:
    """Tell which conditions (see ``PARAMETERS``) a dependency reads from a write."""

    def mark(dependency: F) -> F:
        dependency.conditions = conditions  # type: ignore[attr-defined]
        return dependency

    return mark


def rule(name: str, **more: str) -> Callable[[F], F]:
    """Make a dependency an access rule, which shows in OpenAPI as ``x-access``."""

    def mark(dependency: F) -> F:
        dependency.access_rule = {"rule": name, **more}  # type: ignore[attr-defined]
        return dependency

    return mark


def streams(message: type[BaseModel], media_type: str) -> dict[int | str, dict[str, Any]]:
    """Describe a stream of such messages."""
    schema = message.model_json_schema(ref_template="#/components/schemas/{model}")
    return {200: {"content": {media_type: {"schema": schema}}}}


def refuses(*kinds: type[DoskaError]) -> Callable[[F], F]:
    """Tell which refusals of its own an endpoint, or a dependency of a write, answers with."""

    def mark(endpoint: F) -> F:
        endpoint.refusals = kinds  # type: ignore[attr-defined]
        return endpoint

    return mark


SEARCH = "q"  # the parameter that has texts looked through


class GuardedRoute(fastapi_routing.APIRoute):
    """A route that knows who may use it and which refusals it can answer with."""

    def __init__(self, path: str, endpoint: Callable[..., Any], **options: Any) -> None:
        if not endpoint.__doc__:
            raise TypeError(f"{endpoint.__name__} needs a docstring: it is the API's text")
        summary, _, text = inspect.cleandoc(endpoint.__doc__).partition("\n")
        options["summary"] = summary.rstrip(".")
        options["description"] = text.strip() or summary
        returned = get_typed_return_annotation(endpoint)
        if isinstance(options.get("response_model", Default(None)), DefaultPlaceholder):
            options["response_model"] = _answer(returned)
        if options.get("status_code") == HTTPStatus.NO_CONTENT:
            options["response_class"] = Response  # nothing has no content type
        options["response_description"] = _success(options)
        is_answer = typing.get_origin(returned) is Answer
        super().__init__(path, _answering(endpoint) if is_answer else endpoint, **options)
        gives_responses = typing.get_origin(returned) in (Json, Tagged, Answer)
        if gives_responses and (plain := plain_app(self.dependant)):
            self.app = plain
        else:
            refuse_unread(self.dependant, self.path_format)
        self._beginning = self.path_format.partition("{")[0]
        self._is_written_out = self._beginning == self.path_format
        if self._is_written_out:
            WRITTEN_OUT.add(self.path_format)
        access = list(_marks(self.dependant, "access_rule"))
        if not access:
            raise TypeError(f"{endpoint.__name__} needs an access rule: who may call it?")
        self._describe(access, returned)

    def _describe(self, access: list[dict[str, str]], returned: Any) -> None:
        """Tell OpenAPI who may call it, which headers it takes and gives, and what it refuses."""
        extra = {**(self.openapi_extra or {}), "x-access": access, **self._security(access)}
        accepted = self._accepted(access, returned)
        self._is_final = not self._is_safe() and "Prefer" not in accepted
        if accepted:
            is_read = self._is_safe()
            extra["parameters"] = [IF_CHANGED] if is_read else [PARAMETERS[n] for n in accepted]
        if "Prefer" in accepted:
            extra["x-dry-run"] = described_dry_run()
        self.openapi_extra = extra
        self.responses |= self._headers(returned, accepted)
        if accepted and self._is_safe():
            self.responses[304] = {"description": "It is what the client has"}
        own = getattr(self.endpoint, "refusals", ())
        self.responses |= problems(*own, *self._refusals(access))
        if unsupported := self.responses.get(HTTPStatus.UNSUPPORTED_MEDIA_TYPE):
            taken = UnsupportedMediaType.taken(next(iter(self.methods or ())))
            unsupported["headers"] = {
                name: {"schema": {"type": "string"}, "example": types}
                for name, types in taken.items()
            }

    def _security(self, access: list[dict[str, str]]) -> dict[str, Any]:
        """Tell what a caller can show, and which scope an access token needs."""
        rules = {rule["rule"] for rule in access}
        if rules == {"public"}:
            return {}
        token = {"token": ["read" if self._is_safe() else "write"]}
        tokens = [] if "person" in rules else [token]
        return {"security": [{"cookie": []}, {"bearer": []}, *tokens]}

    def _accepted(self, access: list[dict[str, str]], returned: Any) -> list[str]:
        """List the conditions that a request can name."""
        if self._is_safe():
            return ["If-None-Match"] if typing.get_origin(returned) is Tagged else []
        found = {name for names in _marks(self.dependant, "conditions") for name in names}
        found |= set() if _is_public(access) else {"Doska-Person"}
        is_making = self.status_code == HTTPStatus.CREATED  # of what is new there is no version
        return sorted(found - {"If-Match", "If-None-Match"} if is_making else found)

    def _headers(self, returned: Any, accepted: list[str]) -> dict[int | str, Any]:
        """Describe the headers of an answer of success."""
        given = ["ETag"] if typing.get_origin(returned) is Tagged or _shows(returned) else []
        given += ["Location"] if self.status_code == HTTPStatus.CREATED else []
        if "Idempotency-Key" in accepted:  # an action on a board
            given += ["Idempotency-Replayed", "Doska-Seq", "Doska-Event"]
        given += ["Doska-Seq"] if self._reads_of_a_board(returned) else []
        described = {name: ANSWER_HEADERS[name] for name in given}
        success = int(self.status_code or HTTPStatus.OK)
        return {success: {**self.responses.get(success, {}), "headers": described}} if given else {}

    def _reads_of_a_board(self, returned: Any) -> bool:
        """Tell whether this shows what one board has."""
        if not self._is_safe() or typing.get_origin(returned) not in (Json, Tagged):
            return False
        return any("right" in found for found in _marks(self.dependant, "access_rule"))

    async def handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve a request, unless its body is no JSON, or it would try out what cannot be undone."""
        if not self._is_safe():
            headers = Headers(scope=scope)
            if self.body_field and _is_of_another_type(headers):
                raise UnsupportedMediaType.of(scope["method"])
            if self._is_final and is_dry_run(headers):
                raise Invalid.at("/header/Prefer", "dry_run", "cannot be tried out here")
        await super().handle(scope, receive, send)

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """Serve with FastAPI, but for how JSON is read."""
        handler = super().get_route_handler()

        async def bounded(request: Request) -> Response:
            return await handler(BoundedRequest(request.scope, request.receive))

        return bounded

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        """Tell whether a request is meant; its beginning tells for nearly all that it is not."""
        if scope["path"] in WRITTEN_OUT and not self._is_written_out:
            return Match.NONE, {}
        if scope["path"].startswith(self._beginning) or scope.get("root_path"):
            return super().matches(scope)
        return Match.NONE, {}

    def _is_safe(self) -> bool:
        return not set(self.methods or ()) - SAFE_METHODS

    def _refusals(self, access: list[dict[str, str]]) -> Iterator[type[DoskaError]]:
        """List what any endpoint of this kind can refuse; the rest it declares itself."""
        yield Unavailable
        yield TookTooLong
        if SEARCH in (known_parameters(self.dependant) or ()):
            yield SearchGaveUp
        yield HeadTooLarge
        is_public = _is_public(access)
        if not is_public:
            yield AnotherPerson
            yield Unauthenticated
            yield TooManyRequests
        if any(rule["rule"] == "person" for rule in access):
            yield OnlyInPerson
        elif not (is_public or self._is_safe()):
            yield ScopeTooSmall
        if not self._is_safe():
            yield from self._refusals_of_writes()
        if any("right" in rule or rule["rule"] == "oneself-or-administrator" for rule in access):
            yield Forbidden
        if any("right" in rule for rule in access) or "{" in self.path:
            yield NotFound
        has_input = self.body_field or self.dependant.path_params or self._is_final
        if has_input or not takes_any_query(self.dependant):
            yield Invalid

    def _refusals_of_writes(self) -> Iterator[type[DoskaError]]:
        yield CrossSite
        yield BadRequest
        yield TooDeep
        yield TooLarge
        yield TooSlow
        if self.body_field:
            yield UnsupportedMediaType
        for kinds in _marks(self.dependant, "refusals"):
            yield from kinds


def _is_of_another_type(headers: Headers) -> bool:
    """Tell whether there is a body, and it does not say that it is JSON."""
    has_body = headers.get("content-length", "0") != "0" or "transfer-encoding" in headers
    return has_body and not is_json(headers.get("content-type", ""))


def _is_public(access: list[dict[str, str]]) -> bool:
    return all(rule["rule"] == "public" for rule in access)


def _success(options: dict[str, Any]) -> str:
    """Say in a few words what an answer of success is."""
    match options.get("status_code"):
        case HTTPStatus.CREATED:
            return "What was made"
        case HTTPStatus.NO_CONTENT:
            return "It is done"
    return "What was asked for" if "GET" in options["methods"] else "What it is now"


def _marks(dependant: Dependant, name: str) -> Iterator[Any]:
    """Collect what the dependencies of an endpoint are marked with."""
    for inner in dependant.dependencies:
        if found := getattr(inner.call, name, None):
            yield found
        yield from _marks(inner, name)


def _shows(annotation: Any) -> bool:
    """Tell whether a write answers with an object."""
    return typing.get_origin(annotation) is Answer and typing.get_args(annotation) != (type(None),)


def _answer(annotation: Any) -> Any:
    """Take the response model from the return annotation; ``Json[T]`` answers T."""
    if typing.get_origin(annotation) in (Json, Tagged, Answer):
        (shown,) = typing.get_args(annotation)
        return None if shown is type(None) else shown
    is_response = isinstance(annotation, type) and issubclass(annotation, Response)
    return None if is_response else annotation


class Router(fastapi_routing.APIRouter):  # the one place
    """A router whose routes are guarded, and whose creations answer 201, deletions 204."""

    def __init__(self, **options: Any) -> None:
        options["generate_unique_id_function"] = operation_id
        super().__init__(route_class=GuardedRoute, **options)

    def create(self, path: str, **options: Any) -> Callable[[F], F]:
        """Declare a POST that makes something."""
        return self.post(path, status_code=HTTPStatus.CREATED, **options)

    def remove(self, path: str, **options: Any) -> Callable[[F], F]:
        """Declare a DELETE."""
        return self.delete(path, status_code=HTTPStatus.NO_CONTENT, **options)


def operation_id(route: fastapi_routing.APIRoute) -> str:
    """Name an operation after its function: stable, unique, made for typed clients."""
    return route.name
