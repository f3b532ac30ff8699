"""Query parameters: unknown ones are refused, like unknown fields in a body.

Otherwise a misspelt filter would be no filter, and the response everything.
"""

from collections import Counter
from collections.abc import Awaitable, Callable, Iterator
from typing import Any, TypeVar

from fastapi._compat import field_annotation_is_sequence  # as FastAPI decides it
from fastapi.dependencies.models import Dependant
from fastapi.dependencies.utils import get_parameterless_sub_dependant
from fastapi.exceptions import RequestValidationError
from fastapi.params import Depends
from starlette.requests import Request

F = TypeVar("F", bound=Callable[..., Any])
Known = dict[str, bool]  # by name, whether it may be given several times


_UNKNOWN = {"type": "extra_forbidden", "msg": "is not a parameter of this operation"}
_REPEATED = {"type": "repeated", "msg": "should be given once"}


def any_query(endpoint: F) -> F:
    """Let an endpoint ignore unknown parameters: its callers add whatever they like."""
    endpoint.takes_any_query = True  # type: ignore[attr-defined]
    return endpoint


def takes_any_query(dependant: Dependant) -> bool:
    """Return whether an endpoint ignores unknown parameters."""
    return getattr(dependant.call, "takes_any_query", False)


def known_parameters(dependant: Dependant) -> Known | None:
    """Name the query parameters of an endpoint and its dependencies; None if any will do."""
    return None if takes_any_query(dependant) else dict(_parameters(dependant))


def unread(known: Known | None, request: Request) -> list[dict[str, Any]]:
    """Return one error for each parameter that nobody would read: unknown, or repeated."""
    if known is None or not request.scope["query_string"]:
        return []
    counts = Counter(name for name, _ in request.query_params.multi_items())
    return [
        _UNKNOWN | {"loc": ("query", name)}
        if name not in known
        else _REPEATED | {"loc": ("query", name)}
        for name, count in counts.items()
        if name not in known or (count > 1 and not known[name])
    ]


def refuse_unread(dependant: Dependant, path: str) -> None:
    """Let FastAPI refuse them, too: last, when the caller is known."""
    known = known_parameters(dependant)
    if known is not None:
        last = get_parameterless_sub_dependant(depends=Depends(_refusing(known)), path=path)
        dependant.dependencies.append(last)


def _refusing(known: Known) -> Callable[[Request], Awaitable[None]]:
    async def refuse(request: Request) -> None:
        if errors := unread(known, request):
            raise RequestValidationError(errors)

    return refuse


def _parameters(dependant: Dependant) -> Iterator[tuple[str, bool]]:
    for field in dependant.query_params:
        yield field.alias, field_annotation_is_sequence(field.field_info.annotation)
    for inner in dependant.dependencies:
        yield from _parameters(inner)
