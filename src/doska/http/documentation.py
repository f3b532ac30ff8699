"""The interactive documentation, from assets in the environment: no other host is asked."""

from functools import cache
from importlib.resources import files
from typing import Any

from fastapi import FastAPI
from starlette.responses import HTMLResponse, Response

from doska.errors import NotFound

DESCRIPTION = """
Boards, people with roles, columns, tasks and subtasks.

**Sign in** with `POST /users` (register) or `POST /auth/login`: both set a cookie that the browser
sends by itself. Programs may send the same token as `Authorization: Bearer`, or better an access
token of their own (`POST /auth/tokens`): it has a scope (`read`, `write`, `admin`), and a list of
boards if need be; where it is not enough, 403.

**Lists** come in pages: `?limit=` and `?cursor=` with the `next_cursor` of the page before. They
are of the boards that one is on, unless `visibility` asks for more or a board is named. Words such as
statuses and sort keys count in any case; a parameter that is not known here is 422.

**Writing safely.** `If-Match` with an object's `ETag` refuses with 412, and shows the object as it
is now, when it has changed meanwhile. `Idempotency-Key` makes a request act once, however often it
is repeated within 24 hours.

**Limits.** Each answer to somebody signed in tells in `RateLimit` how many requests are left, and
until when; then it is 429 with `Retry-After`. Where there may be no more of something, 409
`limit-reached` names the `limit` and what it is `of`; a value that is too long, 422 with its
`limit`.

**Bodies** are JSON and say so (`Content-Type: application/json`); else 415. `HEAD` is answered
wherever `GET` is. Address and headers have 64 KiB together; else 431.

**Refusals** are problem documents (RFC 9457): `type` for programs, `title` and `detail` for people.
What one may not see does not exist: 404.
"""

TAGS: list[dict[str, Any]] = [
    {"name": "accounts", "description": "Registering, signing in, one's own account and sign-ins"},
    {"name": "users", "description": "People and their profiles"},
    {"name": "boards", "description": "What tasks stand on; private, or public to read"},
    {"name": "people of a board", "description": "Who is on a board, and as what"},
    {"name": "columns", "description": "The columns of a board, from left to right"},
    {"name": "labels", "description": "The labels of a board, and which of them its tasks have"},
    {"name": "tasks", "description": "The tasks in a column, from top to bottom"},
    {"name": "subtasks", "description": "The steps of a task"},
    {"name": "the live board", "description": "The whole board at once, and what happens on it"},
    {"name": "time", "description": "Taking changes back, and what happened in words"},
    {"name": "service", "description": "For those who run it"},
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
