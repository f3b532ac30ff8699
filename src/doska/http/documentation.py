"""The interactive documentation, with bundled assets: nothing is loaded from other hosts."""

from functools import cache
from importlib.resources import files
from typing import Any

from fastapi import FastAPI
from starlette.responses import HTMLResponse, Response

from doska.errors import NotFound

DESCRIPTION = """
Boards, people with roles, columns, tasks and subtasks.

**Sign in** with `POST /users` (register) or `POST /auth/login`: both set a cookie that the browser
sends by itself. Programs can send the same token as `Authorization: Bearer`, or better a separate
access token (`POST /auth/tokens`): it has a scope (`read`, `write`, `admin`), and optionally a list
of boards; requests beyond it are 403.

**Lists** are paginated: `?limit=` and `?cursor=` with the `next_cursor` of the previous page. They
cover your boards, unless `visibility` asks for more or a board is named. Enum values such as
statuses and sort keys are case-insensitive; unknown parameters are 422.

**Writing safely.** With an object's `ETag` as `If-Match`, a write is refused with 412, and the
current object, if the object has changed meanwhile. With an `Idempotency-Key` a request takes
effect once, however often it is repeated within 24 hours.

**Limits.** Each response to a signed-in user states in `RateLimit` how many requests are left, and
until when; then it is 429 with `Retry-After`. When a maximum number is reached, 409
`limit-reached` names the `limit` and what it is `of`; a value that is too long is 422 with its
`limit`.

**Bodies** are JSON with `Content-Type: application/json`; otherwise 415. `HEAD` works
wherever `GET` does. Address and headers may have 64 KiB together; otherwise 431.

**Errors** are problem documents (RFC 9457): `type` for programs, `title` and `detail` for people.
What you may not see does not exist: 404.
"""

TAGS: list[dict[str, Any]] = [
    {"name": "accounts", "description": "Registering, signing in, your account and sessions"},
    {"name": "users", "description": "People and their profiles"},
    {
        "name": "boards",
        "description": "What holds columns and tasks; private, or publicly readable",
    },
    {"name": "people of a board", "description": "Who is on a board, and in which role"},
    {"name": "columns", "description": "The columns of a board, from left to right"},
    {"name": "labels", "description": "The labels of a board, and which of them its tasks have"},
    {"name": "tasks", "description": "The tasks in a column, from top to bottom"},
    {"name": "subtasks", "description": "The steps of a task"},
    {"name": "comments", "description": "What people say about tasks, and reactions to it"},
    {"name": "attachments", "description": "The files and links of tasks"},
    {
        "name": "imports",
        "description": "Boards of other programs come in, with an account of each value",
    },
    {"name": "the live board", "description": "The whole board at once, and what happens on it"},
    {"name": "time", "description": "Undoing changes, and what happened in words"},
    {"name": "exports", "description": "Boards as files, for Doska and for other programs"},
    {"name": "service", "description": "For operators"},
]

ASSETS = {
    "swagger-ui-bundle.js": "text/javascript",
    "swagger-ui.css": "text/css",
}

PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Doska API</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="icon" href="data:,">
<link rel="stylesheet" href="docs/swagger-ui.css"></head>
<body><div id="swagger-ui"></div>
<script src="docs/swagger-ui-bundle.js"></script><script src="docs/start.js"></script></body></html>
"""

START = """
SwaggerUIBundle({
  url: "openapi.json", dom_id: "#swagger-ui", deepLinking: true, docExpansion: "list",
  defaultModelsExpandDepth: 0, displayRequestDuration: true, persistAuthorization: false,
  tryItOutEnabled: true, validatorUrl: null,
  requestInterceptor: (r) => { r.credentials = "same-origin"; return r; },
});
"""

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)


def documentation(app: FastAPI) -> None:
    """Serve ``/docs``: plain routes, outside of the API that they describe."""
    app.add_route("/docs", _page, include_in_schema=False)
    app.add_route("/docs/{name}", _asset, include_in_schema=False)


@cache
def _content(name: str) -> bytes:
    return (files("fastapi_offline") / "static" / name).read_bytes()


async def _page(_: Any) -> Response:
    return HTMLResponse(PAGE, headers={"content-security-policy": POLICY})


async def _asset(request: Any) -> Response:
    name = request.path_params["name"]
    if name == "start.js":
        return Response(START, media_type="text/javascript")
    if name not in ASSETS:
        raise NotFound
    headers = {"cache-control": "public, max-age=86400"}
    return Response(_content(name), media_type=ASSETS[name], headers=headers)
