"""Endpoints that run without FastAPI's dependency solver.

For each request it looks for headers, cookies, forms, and what has to be closed afterwards, which
takes as long as the rest of a small read. An endpoint that, like its dependencies, takes nothing
but the request, parts of its path and query, and one JSON body needs none of that; the remaining
steps are the same, in the same order, with FastAPI's own functions where it exports them. All other
endpoints are FastAPI's.
"""

import json
from collections.abc import Awaitable, Callable, Hashable
from email.message import Message
from functools import lru_cache
from inspect import iscoroutinefunction
from typing import Any

from fastapi import params
from fastapi.dependencies.models import Dependant
from fastapi.dependencies.utils import _validate_value_with_model_field as validated
from fastapi.dependencies.utils import request_params_to_args
from fastapi.exceptions import RequestValidationError
from pydantic.fields import FieldInfo
from pydantic_core import PydanticUndefined
from starlette.datastructures import QueryParams
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from doska.http.bodies import BoundedRequest
from doska.http.parameters import known_parameters, unread

Values = dict[str, Any]


def plain_app(dependant: Dependant) -> ASGIApp | None:
    """Serve an endpoint that returns responses, if it is that simple; else None."""
    steps = dependant.dependencies
    if not all(_is_plain(part) for part in (dependant, *steps)):
        return None
    if any(step.dependencies or step.body_params for step in steps):
        return None
    handler = _handler(dependant)

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        response = await handler(BoundedRequest(scope, receive))
        await response(scope, receive, send)

    return app


def _is_plain(part: Dependant) -> bool:
    taken = (
        part.header_params, part.cookie_params, part.websocket_param_name,
        part.http_connection_param_name, part.response_param_name,
        part.background_tasks_param_name, part.security_scopes_param_name,
    )  # fmt: skip
    bodies = part.body_params
    is_json = len(bodies) <= 1 and not any(_is_part(body.field_info) for body in bodies)
    return is_json and not any(taken) and iscoroutinefunction(part.call)


def _is_part(info: FieldInfo) -> bool:
    """Return whether a parameter is not a whole JSON body, but a part of it, or of a form."""
    return isinstance(info, params.Form) or bool(getattr(info, "embed", None))


def _handler(dependant: Dependant) -> Callable[[Request], Awaitable[Response]]:
    known = known_parameters(dependant)
    unasked = {id(part): _unasked(part) for part in (dependant, *dependant.dependencies)}

    async def handler(request: Request) -> Response:
        errors: list[Any] = []
        found: Values = {}
        body = await _body(request) if dependant.body_params else None
        for step in dependant.dependencies:
            values = _values(step, request, errors, unasked[id(step)])
            if values is not None:
                result = await step.call(**values)  # type: ignore[misc]  # it is a coroutine function
                if step.name is not None:
                    found[step.name] = result
        errors.extend(unread(known, request))
        own = _values(dependant, request, errors, unasked[id(dependant)]) or {}
        for field in dependant.body_params:
            own[field.name], wrong = validated(field=field, value=body, values={}, loc=("body",))
            errors.extend(wrong)
        if errors:
            raise RequestValidationError(errors)
        response: Response = await dependant.call(**own, **found)  # type: ignore[misc]  # the same
        return response

    return handler


def _unasked(part: Dependant) -> Values | None:
    """Return what a request without a query gives, if it is always the same: nothing can change it."""
    values, wrong = request_params_to_args(part.query_params, QueryParams())
    is_same = not wrong and all(isinstance(value, Hashable) for value in values.values())
    return values if is_same else None


def _values(
    part: Dependant, request: Request, errors: list[Any], unasked: Values | None
) -> Values | None:
    """Read a function's parameters; errors are added to the list, and give None."""
    values: Values = {}
    before = len(errors)
    for field in part.path_params:
        given = request.path_params[field.alias]
        values[field.name], wrong = field.validate(given, {}, loc=("path", field.alias))
        errors.extend(wrong)
    if unasked is not None and not request.scope["query_string"]:
        values |= unasked
    elif part.query_params:
        found, wrong = request_params_to_args(part.query_params, request.query_params)
        values |= found
        errors.extend(wrong)
    if part.request_param_name is not None:
        values[part.request_param_name] = request
    return values if len(errors) == before else None


async def _body(request: Request) -> Any:
    """Read the body: JSON if it is declared as such, else bytes, which no model accepts."""
    try:
        content = await request.body()
        if content and is_json(request.headers.get("content-type", "")):
            return await request.json()
    except json.JSONDecodeError as error:
        place = {"type": "json_invalid", "loc": ("body", error.pos), "msg": "JSON decode error"}
        raise RequestValidationError(
            [{**place, "input": {}, "ctx": {"error": error.msg}}]
        ) from error
    except HTTPException:
        raise
    except Exception as error:
        raise HTTPException(400) from error
    return content or PydanticUndefined


@lru_cache(maxsize=100)
def is_json(content_type: str) -> bool:
    """Return whether a Content-Type is JSON, or based on JSON."""
    message = Message()
    message["content-type"] = content_type
    subtype = message.get_content_subtype()
    is_json = subtype == "json" or subtype.endswith("+json")
    return is_json and message.get_content_maintype() == "application"
