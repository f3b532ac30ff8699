"""Bodies as JSON with limited nesting, and how a body is refused while it is read."""

import json
from functools import lru_cache
from typing import Any

from pydantic_core import from_json
from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request, cookie_parser

from doska.errors import DoskaError, TooDeep
from doska.http.fields import fields_of

CONTAINERS = (dict, list)
COOKIES_CHARS_MAX = 2048  # of a header that is remembered
HAS_ARRIVED = "doska.has_arrived"  # in the scope of a request whose body need not be waited for


class BodyRefused(HTTPException):
    """An error while a body is read: the only kind that FastAPI lets through there."""

    def __init__(self, refusal: DoskaError) -> None:
        super().__init__(refusal.status)
        self.refusal = refusal


class BoundedRequest(Request):
    """A request whose JSON has limited nesting, and whose fields are found by name."""

    @property
    def headers(self) -> Headers:
        """Return the header fields."""
        return fields_of(self.scope)

    @property
    def cookies(self) -> dict[str, str]:
        """Return the cookies, which a client sends with each request as they were."""
        return _cookies_in(self.headers.get("cookie", ""))

    async def body(self) -> bytes:
        """Read the body; Starlette does it by a generator, which takes longer."""
        if hasattr(self, "_body") or self._stream_consumed:
            return await super().body()
        pieces = []
        while not self._stream_consumed:
            message = await self.receive()
            if message["type"] == "http.disconnect":
                raise ClientDisconnect
            pieces.append(message.get("body", b""))
            self._stream_consumed = not message.get("more_body", False)
        self._body = b"".join(pieces)
        return self._body

    async def json(self) -> Any:
        """Read the body; BodyRefused if lists and objects are nested too deeply."""
        depth_max: int = self.app.state.settings.max_json_depth
        content = await self.body()
        try:
            value = _read(content)
        except RecursionError:
            raise BodyRefused(TooDeep(limit=depth_max)) from None
        # So few brackets cannot be nested so deeply, and most bodies have no more.
        if content.count(b"[") + content.count(b"{") > depth_max and _is_deeper(value, depth_max):
            raise BodyRefused(TooDeep(limit=depth_max))
        return value


def _read(content: bytes) -> Any:
    """Read JSON; what pydantic's parser refuses is for ``json`` to read, or to say why not."""
    try:
        return from_json(content)
    except ValueError:
        return json.loads(content)


def _cookies_in(header: str) -> dict[str, str]:
    return _known_cookies(header) if len(header) <= COOKIES_CHARS_MAX else cookie_parser(header)


_known_cookies = lru_cache(maxsize=1000)(cookie_parser)


def _is_deeper(value: Any, depth_max: int) -> bool:
    """Go down level by level, which no nesting can break."""
    level = [value] if isinstance(value, CONTAINERS) else []
    for _ in range(depth_max):
        level = [
            inner
            for outer in level
            for inner in (outer.values() if isinstance(outer, dict) else outer)
            if isinstance(inner, CONTAINERS)
        ]
    return bool(level)
