"""Reads without FastAPI's solver of dependencies.

It looks into each request anew for headers, cookies, body and what has to be closed afterwards,
which takes as long as the rest of a small read. An endpoint that answers by itself and, like its
dependencies, takes nothing but the request, parts of its path and of its query needs none of that;
the steps that are left are the same, in the same order. All others are FastAPI's.
"""

from collections.abc import Awaitable, Callable
from inspect import iscoroutinefunction
from typing import Any

from fastapi.dependencies.models import Dependant
from fastapi.dependencies.utils import request_params_to_args
from fastapi.exceptions import RequestValidationError
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

Values = dict[str, Any]


def plain_app(dependant: Dependant) -> ASGIApp | None:
    """Serve an endpoint that returns responses, if it is so plain; else None."""
    steps = dependant.dependencies
    if not all(_is_plain(part) for part in (dependant, *steps)) or any(
        s.dependencies for s in steps
    ):
        return None
    handler = _handler(dependant)

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        response = await handler(Request(scope, receive))
        await response(scope, receive, send)

    return app


def _is_plain(part: Dependant) -> bool:
    taken = (
        part.header_params, part.cookie_params, part.body_params,
        part.websocket_param_name, part.http_connection_param_name, part.response_param_name,
        part.background_tasks_param_name, part.security_scopes_param_name,
    )  # fmt: skip
    return not any(taken) and iscoroutinefunction(part.call)


def _handler(dependant: Dependant) -> Callable[[Request], Awaitable[Response]]:
    async def handler(request: Request) -> Response:
        errors: list[Any] = []
        found: Values = {}
        for step in dependant.dependencies:
            values = _values(step, request, errors)
            if values is not None:
                result = await step.call(**values)  # type: ignore[misc]  # it is a coroutine function
                if step.name is not None:
                    found[step.name] = result
        own = _values(dependant, request, errors)
        if own is None or errors:
            raise RequestValidationError(errors)
        response: Response = await dependant.call(**own, **found)  # type: ignore[misc]  # the same
        return response

    return handler


def _values(part: Dependant, request: Request, errors: list[Any]) -> Values | None:
    """Read what a function takes; what is wrong is added to the errors, and gives None."""
    values: Values = {}
    before = len(errors)
    for field in part.path_params:
        given = request.path_params[field.alias]
        values[field.name], wrong = field.validate(given, {}, loc=("path", field.alias))
        errors.extend(wrong)
    if part.query_params:
        found, wrong = request_params_to_args(part.query_params, request.query_params)
        values |= found
        errors.extend(wrong)
    if part.request_param_name is not None:
        values[part.request_param_name] = request
    return values if len(errors) == before else None
