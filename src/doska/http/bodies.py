"""Bodies as JSON with limited nesting, and how a body is refused while it is read."""

import json
from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import Request

from doska.errors import DoskaError, TooDeep

CONTAINERS = (dict, list)


class BodyRefused(HTTPException):
    """An error while a body is read: the only kind that FastAPI lets through there."""

    def __init__(self, refusal: DoskaError) -> None:
        super().__init__(refusal.status)
        self.refusal = refusal


class BoundedRequest(Request):
    """A request whose JSON has limited nesting."""

    async def json(self) -> Any:
        """Read the body; BodyRefused if lists and objects are nested too deeply."""
        depth_max: int = self.app.state.settings.max_json_depth
        content = await self.body()
        try:
            value = json.loads(content)
        except RecursionError:
            raise BodyRefused(TooDeep(limit=depth_max)) from None
        # So few brackets cannot be nested so deeply, and most bodies have no more.
        if content.count(b"[") + content.count(b"{") > depth_max and _is_deeper(value, depth_max):
            raise BodyRefused(TooDeep(limit=depth_max))
        return value


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
