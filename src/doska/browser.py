"""The interface in the browser: one page and its assets, read at startup and compressed once.

Plain routes outside of the API, like the documentation. The page has no ``ETag``: a browser applies
the policy of a 304 to the cached page, and our policy for a response without a body allows nothing.
"""

import gzip
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import Any

from fastapi import FastAPI
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from doska.errors import NotFound
from doska.settings import Settings

FOLDER = Path(__file__).with_name("pages")
ADDRESSES = (
    "/", "/sign-in", "/sign-up", "/my", "/me", "/admin", "/invited", "/password",
    "/b/{board}", "/b/{board}/t/{task}", "/b/{board}/people", "/b/{board}/settings", "/b/{board}/activity",
)  # fmt: skip
MEDIA_TYPES = {
    ".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml",
    ".webmanifest": "application/manifest+json", ".png": "image/png",
}  # fmt: skip
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
    "manifest-src 'self'; worker-src 'self'; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types svelte-trusted-html"
)
PAGE_HEADERS = {"cache-control": "no-cache", "content-security-policy": POLICY}
ASSET_HEADERS = {"cache-control": "public, max-age=31536000, immutable"}
NOT_BUILT = """<!doctype html><html lang="en"><meta charset="utf-8"><title>Doska</title>
<p>The interface is not built: run <code>make ui</code> in Doska's folder and start again.
The API works all the same; it is described at <a href="docs">/docs</a>.</p></html>"""
GZIP_LEVEL = 9  # once at startup, for all visits


@dataclass(frozen=True, slots=True)
class File:
    """A file as it is sent: plain, and compressed."""

    plain: bytes
    packed: bytes
    headers: dict[str, str]
    media_type: str

    def response(self, request: Request, status: int = 200) -> Response:
        """Respond in the form that the client accepts."""
        headers = {**self.headers, "vary": "Accept-Encoding"}
        if "gzip" in request.headers.get("accept-encoding", ""):
            headers["content-encoding"] = "gzip"
            return Response(self.packed, status, headers, self.media_type)
        return Response(self.plain, status, headers, self.media_type)


def browser(app: FastAPI, settings: Settings) -> None:
    """Serve the interface at its addresses, from the built files."""
    page = _page(FOLDER, settings.base_path)
    assets = {path.name: _asset(path) for path in sorted((FOLDER / "assets").glob("*"))}
    app.state.page = page

    async def show(request: Request) -> Response:
        return page.response(request) if page else HTMLResponse(NOT_BUILT, 503, PAGE_HEADERS)

    async def asset(request: Request) -> Response:
        found = assets.get(request.path_params["name"])
        if found is None:
            raise NotFound
        return found.response(request)

    for address in ADDRESSES:
        app.add_route(address, show, include_in_schema=False)
    app.add_route("/assets/{name}", asset, include_in_schema=False)


def lost(request: Any) -> Response | None:
    """Return the page for an unknown address, to people; None to programs."""
    page: File | None = request.app.state.page
    is_person = request.method in ("GET", "HEAD") and "text/html" in request.headers.get(
        "accept", ""
    )
    return page.response(request, 404) if page and is_person else None


def _page(folder: Path, prefix: str) -> File | None:
    try:
        text = (folder / "index.html").read_text()
    except FileNotFoundError:
        return None
    text = text.replace('"/assets/', f'"{escape(prefix)}/assets/')
    text = text.replace(
        'name="doska-prefix" content=""', f'name="doska-prefix" content="{escape(prefix)}"'
    )
    return _file(text.encode(), PAGE_HEADERS, "text/html; charset=utf-8")


def _asset(path: Path) -> File:
    return _file(path.read_bytes(), ASSET_HEADERS, MEDIA_TYPES[path.suffix])


def _file(content: bytes, headers: dict[str, str], media_type: str) -> File:
    return File(content, gzip.compress(content, GZIP_LEVEL, mtime=0), headers, media_type)
