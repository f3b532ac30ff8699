"""What endpoints and their dependencies are marked with: rules, conditions, errors."""

from collections.abc import Callable, Iterator
from typing import Any, TypeVar

from fastapi.dependencies.models import Dependant
from pydantic import BaseModel

from doska.errors import DoskaError

F = TypeVar("F", bound=Callable[..., Any])


def accepts(*conditions: str) -> Callable[[F], F]:
    """Say which conditions (see ``PARAMETERS``) a dependency reads from a write."""

    def mark(dependency: F) -> F:
        dependency.conditions = conditions  # type: ignore[attr-defined]
        return dependency

    return mark


def reads_preferences(endpoint: F) -> F:
    """Let an endpoint read the header ``Prefer`` by itself, also where that asks for a dry run."""
    endpoint.reads_preferences = True  # type: ignore[attr-defined]
    return endpoint


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
    """Say which errors of its own an endpoint, or a dependency of a write, can raise."""

    def mark(endpoint: F) -> F:
        endpoint.refusals = kinds  # type: ignore[attr-defined]
        return endpoint

    return mark


def marks_of(dependant: Dependant, name: str) -> Iterator[Any]:
    """Collect the marks of the dependencies of an endpoint."""
    for inner in dependant.dependencies:
        if found := getattr(inner.call, name, None):
            yield found
        yield from marks_of(inner, name)
