"""FastAPI without what would do nothing here, and with routes that are looked up.

FastAPI goes through its layers for telemetry, limits and errors of its own with each request, though
all of them are off or inside of ours, and looks at one route after the other.
"""

from collections import defaultdict
from collections.abc import Awaitable
from types import SimpleNamespace
from typing import Any, NoReturn

from fastapi import FastAPI
from fastapi.routing import APIRouter
from starlette._exception_handler import wrap_app_handling_exceptions
from starlette.middleware.exceptions import ExceptionMiddleware
from starlette.requests import Request
from starlette.types import ASGIApp, Receive, Scope, Send

from doska.http.routing import GuardedRoute
from doska.http.telemetry import STATUS


class Application(FastAPI):
    """An application whose layers are ours."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        # Starlette's own looks for each attribute in vain, and prepares an error, before it looks it up.
        self.state = SimpleNamespace()  # type: ignore[assignment]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request, or the lifespan."""
        if scope["type"] == "lifespan" or self.middleware_stack is None:
            await super().__call__(scope, receive, send)
            return
        scope["app"] = self
        await self.middleware_stack(scope, receive, send)

    def build_middleware_stack(self) -> ASGIApp:
        """Put our layers around the routes."""
        app: ASGIApp = Refusing(Directory(self.router), self.exception_handlers)
        for layer, args, options in reversed(self.user_middleware):
            app = layer(app, *args, **options)
        return app


class Refusing(ExceptionMiddleware):
    """Respond to refusals as Starlette does, which prepares for one with each request."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        scope["starlette.exception_handlers"] = self._exception_handlers, self._status_handlers
        try:
            await self.app(scope, receive, send)
        except Exception as error:
            if scope["type"] != "http" or STATUS in scope:
                raise
            refused = wrap_app_handling_exceptions(_raising(error), Request(scope, receive, send))
            await refused(scope, receive, send)


def _raising(error: Exception) -> ASGIApp:
    async def app(scope: Scope, receive: Receive, send: Send) -> NoReturn:
        del scope, receive, send
        raise error

    return app


class Directory:
    """The guarded routes by method and first word; whatever is not found is FastAPI's to answer."""

    def __init__(self, router: APIRouter) -> None:
        self._router = router
        self._routes: dict[tuple[str, str], list[GuardedRoute]] = defaultdict(list)
        for route in router.routes:
            if isinstance(route, GuardedRoute) and route.takes_words:
                for method in route.methods or ():
                    self._routes[method, _first_word(route.path_format)].append(route)

    def __call__(self, scope: Scope, receive: Receive, send: Send) -> Awaitable[None]:
        """Serve a request by the first route that matches."""
        if scope["type"] == "http" and not scope.get("root_path"):
            path = scope["path"]
            for route in self._routes.get((scope["method"], _first_word(path)), ()):
                values = route.values_of(path)
                if values is not None:
                    scope["path_params"], scope["endpoint"] = values, route.endpoint
                    scope["router"], scope["route"] = self._router, route
                    return route.serve(scope, receive, send)
        return self._router(scope, receive, send)


def _first_word(path: str) -> str:
    return path[1:].partition("/")[0]
