"""Routes that refuse to exist without an access rule and a docstring.

A forgotten permission does not make an endpoint public here: the program does not start.
"""

import inspect
import typing
from collections.abc import Callable, Iterator
from http import HTTPStatus
from typing import Any, Generic, TypeVar

from fastapi import routing as fastapi_routing
from fastapi.datastructures import Default, DefaultPlaceholder
from fastapi.dependencies.models import Dependant
from fastapi.dependencies.utils import get_typed_return_annotation
from pydantic import BaseModel
from starlette.responses import Response

from doska.errors import (
    BadRequest,
    CrossSite,
    DoskaError,
    Forbidden,
    Invalid,
    NotFound,
    TooLarge,
    Unauthenticated,
    Unavailable,
    problems,
)

T = TypeVar("T")
F = TypeVar("F", bound=Callable[..., Any])

SAFE_METHODS = {"GET", "HEAD", "OPTIONS"}


class Json(Response, Generic[T]):
    """An answer whose JSON PostgreSQL has built; ``T`` is what it holds, for the documentation."""

    media_type = "application/json"


def rule(name: str, **more: str) -> Callable[[F], F]:
    """Make a dependency an access rule, which shows in OpenAPI as ``x-access``."""

    def mark(dependency: F) -> F:
        dependency.access_rule = {"rule": name, **more}  # type: ignore[attr-defined]
        return dependency

    return mark


def streams(message: type[BaseModel], media_type: str) -> dict[int | str, dict[str, Any]]:
    """Describe a stream of such messages beside an endpoint's JSON."""
    schema = message.model_json_schema(ref_template="#/components/schemas/{model}")
    return {200: {"content": {media_type: {"schema": schema}}}}


def refuses(*kinds: type[DoskaError]) -> Callable[[F], F]:
    """Tell which refusals of its own an endpoint can answer with."""

    def mark(endpoint: F) -> F:
        endpoint.refusals = kinds  # type: ignore[attr-defined]
        return endpoint

    return mark


class GuardedRoute(fastapi_routing.APIRoute):
    """A route that knows who may use it and which refusals it can answer with."""

    def __init__(self, path: str, endpoint: Callable[..., Any], **options: Any) -> None:
        if not endpoint.__doc__:
            raise TypeError(f"{endpoint.__name__} needs a docstring: it is the API's text")
        if isinstance(options.get("response_model", Default(None)), DefaultPlaceholder):
            options["response_model"] = _answer(endpoint)
        if options.get("status_code") == HTTPStatus.NO_CONTENT:
            options["response_class"] = Response  # nothing has no content type
        options["response_description"] = _success(options)
        summary, _, text = inspect.cleandoc(endpoint.__doc__).partition("\n")
        options["summary"] = summary.rstrip(".")
        options["description"] = text.strip() or summary
        super().__init__(path, endpoint, **options)
        access = list(_rules(self.dependant))
        if not access:
            raise TypeError(f"{endpoint.__name__} needs an access rule: who may call it?")
        is_public = all(rule["rule"] == "public" for rule in access)
        security: dict[str, Any] = (
            {} if is_public else {"security": [{"cookie": []}, {"bearer": []}]}
        )
        self.openapi_extra = {**(self.openapi_extra or {}), "x-access": access, **security}
        own = getattr(endpoint, "refusals", ())
        self.responses = {**self.responses, **problems(*own, *self._refusals(access))}

    def _refusals(self, access: list[dict[str, str]]) -> Iterator[type[DoskaError]]:
        """List what any endpoint of this kind can refuse; the rest it declares itself."""
        yield Unavailable
        is_public = all(rule["rule"] == "public" for rule in access)
        if not is_public:
            yield Unauthenticated
        if set(self.methods or ()) - SAFE_METHODS:
            yield CrossSite
            yield BadRequest
            yield TooLarge
        if any("right" in rule or rule["rule"] == "oneself-or-administrator" for rule in access):
            yield Forbidden
        if any("right" in rule for rule in access) or "{" in self.path:
            yield NotFound
        if self.body_field or self.dependant.path_params or _has_parameters(self.dependant):
            yield Invalid


def _success(options: dict[str, Any]) -> str:
    """Say in a few words what an answer of success is."""
    match options.get("status_code"):
        case HTTPStatus.CREATED:
            return "What was made"
        case HTTPStatus.NO_CONTENT:
            return "It is done"
    return "What was asked for" if "GET" in options["methods"] else "What it is now"


def _has_parameters(dependant: Dependant) -> bool:
    own = dependant.query_params or dependant.path_params
    return bool(own) or any(_has_parameters(inner) for inner in dependant.dependencies)


def _rules(dependant: Dependant) -> Iterator[dict[str, str]]:
    for inner in dependant.dependencies:
        if found := getattr(inner.call, "access_rule", None):
            yield found
        else:
            yield from _rules(inner)


def _answer(endpoint: Callable[..., Any]) -> Any:
    """Take the response model from the return annotation; ``Json[T]`` answers T."""
    annotation = get_typed_return_annotation(endpoint)
    if typing.get_origin(annotation) is Json:
        return typing.get_args(annotation)[0]
    is_response = isinstance(annotation, type) and issubclass(annotation, Response)
    return None if is_response else annotation


class Router(fastapi_routing.APIRouter):  # the one place
    """A router whose routes are guarded, and whose creations answer 201, deletions 204."""

    def __init__(self, **options: Any) -> None:
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
