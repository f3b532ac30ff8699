"""Routes that cannot be declared without an access rule and a docstring.

A forgotten permission does not make an endpoint public here: the program does not start.
"""

import inspect
import typing
from collections.abc import Awaitable, Callable, Coroutine
from functools import wraps
from http import HTTPStatus
from typing import Any

from fastapi import routing as fastapi_routing
from fastapi.datastructures import Default, DefaultPlaceholder
from fastapi.dependencies.utils import get_typed_return_annotation
from fastapi.middleware.asyncexitstack import AsyncExitStackMiddleware
from starlette.convertors import StringConvertor
from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Match
from starlette.types import Receive, Scope, Send

from doska.errors import Invalid, UnsupportedMediaType
from doska.http.answers import Answer, Rehearsed, Replayed, is_dry_run
from doska.http.bodies import BoundedRequest
from doska.http.describing import accepted_by, describe, is_final, is_safe
from doska.http.fields import fields_of
from doska.http.marks import F, marks_of
from doska.http.parameters import refuse_unread
from doska.http.responses import Json, Tagged, respond, respond_rehearsed
from doska.http.shortcut import is_json, plain_app

WRITTEN_OUT: set[str] = set()  # such an address is reserved: no id is called me


def _answering(endpoint: Callable[..., Awaitable[Answer[Any]]]) -> Callable[..., Any]:
    """Let an endpoint return an Answer; a repeated request gets the first one's.

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


class GuardedRoute(fastapi_routing.APIRoute):
    """A route that knows who may use it and which errors it can return."""

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
            options["response_class"] = Response  # an empty response has no content type
        options["response_description"] = _success(options)
        is_answer = typing.get_origin(returned) is Answer
        super().__init__(path, _answering(endpoint) if is_answer else endpoint, **options)
        gives_responses = typing.get_origin(returned) in (Json, Tagged, Answer)
        if gives_responses and (plain := plain_app(self.dependant)):
            self.app = plain
        else:
            refuse_unread(self.dependant, self.path_format)
            self.app = AsyncExitStackMiddleware(self.app)  # FastAPI closes the files of forms by it
        self._beginning = self.path_format.partition("{")[0]
        self._is_written_out = self._beginning == self.path_format
        if self._is_written_out:
            WRITTEN_OUT.add(self.path_format)
        access = list(marks_of(self.dependant, "access_rule"))
        if not access:
            raise TypeError(f"{endpoint.__name__} needs an access rule: who may call it?")
        self._is_safe = is_safe(self)
        reads = getattr(endpoint, "reads_preferences", False)
        self._is_final = not reads and is_final(self, accepted_by(self, access, returned))
        describe(self, access, returned)

    async def handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve a request, unless its body is not JSON, or it has no dry run but asks for one."""
        self._check(scope)
        await super().handle(scope, receive, send)

    def serve(self, scope: Scope, receive: Receive, send: Send) -> Awaitable[None]:
        """Do the same for a request of which it is known that path and method are this route's."""
        self._check(scope)
        return self.app(scope, receive, send)

    def _check(self, scope: Scope) -> None:
        if self._is_safe:
            return
        headers = fields_of(scope)
        if self.body_field and _is_of_another_type(headers):
            raise UnsupportedMediaType.of(scope["method"])
        if self._is_final and is_dry_run(headers):
            raise Invalid.at("/header/Prefer", "dry_run", "cannot be tried out here")

    def values_of(self, path: str) -> dict[str, str] | None:
        """Return the parts of a path that is this route's, by their names; else None."""
        if path in WRITTEN_OUT and not self._is_written_out:
            return None
        found = self.path_regex.match(path)
        return found and found.groupdict()

    @property
    def takes_words(self) -> bool:
        """Return whether the parts of its path are taken as they are."""
        kinds = self.param_convertors.values()
        return all(type(kind) is StringConvertor for kind in kinds)

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """Serve with FastAPI, except for how JSON is read."""
        handler = super().get_route_handler()

        async def bounded(request: Request) -> Response:
            return await handler(BoundedRequest(request.scope, request.receive))

        return bounded

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        """Return whether a request matches; for nearly all the beginning of the path says no."""
        if scope["path"] in WRITTEN_OUT and not self._is_written_out:
            return Match.NONE, {}
        if scope["path"].startswith(self._beginning) or scope.get("root_path"):
            return super().matches(scope)
        return Match.NONE, {}


def _is_of_another_type(headers: Headers) -> bool:
    """Return whether there is a body that is not declared as JSON."""
    has_body = headers.get("content-length", "0") != "0" or "transfer-encoding" in headers
    return has_body and not is_json(headers.get("content-type", ""))


def _success(options: dict[str, Any]) -> str:
    """Describe a successful response in a few words."""
    match options.get("status_code"):
        case HTTPStatus.CREATED:
            return "The new object"
        case HTTPStatus.NO_CONTENT:
            return "Done"
    return "The requested object" if "GET" in options["methods"] else "The object as it is now"


def _answer(annotation: Any) -> Any:
    """Take the response model from the return annotation; ``Json[T]`` returns T."""
    if typing.get_origin(annotation) in (Json, Tagged, Answer):
        (shown,) = typing.get_args(annotation)
        return None if shown is type(None) else shown
    is_response = isinstance(annotation, type) and issubclass(annotation, Response)
    return None if is_response else annotation


class Router(fastapi_routing.APIRouter):  # the one place
    """A router whose routes are guarded, with 201 for creations and 204 for deletions."""

    def __init__(self, **options: Any) -> None:
        options["generate_unique_id_function"] = operation_id
        super().__init__(route_class=GuardedRoute, **options)

    def create(self, path: str, **options: Any) -> Callable[[F], F]:
        """Declare a POST that creates something."""
        return self.post(path, status_code=HTTPStatus.CREATED, **options)

    def remove(self, path: str, **options: Any) -> Callable[[F], F]:
        """Declare a DELETE."""
        return self.delete(path, status_code=HTTPStatus.NO_CONTENT, **options)


def operation_id(route: fastapi_routing.APIRoute) -> str:
    """Name an operation after its function: stable, unique, suitable for typed clients."""
    return route.name
