"""The interface's page and assets, as they are served; what they do is tried in a real browser."""

import gzip
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest
from fastapi import FastAPI

from conftest import settings_for
from doska import browser
from doska.main import create_app
from policies import directives

PAGE = (
    '<!doctype html><meta name="doska-prefix" content="" />'
    '<script type="module" src="/assets/index-1.js"></script>'
)
SCRIPT = "console.log('a board');\n" * 50
HTML = {"accept": "text/html,application/xhtml+xml;q=0.9,*/*;q=0.8"}
NOWHERE = "postgres://localhost/no-database-is-asked"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An interface that is built."""
    (tmp_path / "assets").mkdir()
    (tmp_path / "index.html").write_text(PAGE)
    (tmp_path / "assets" / "index-1.js").write_text(SCRIPT)
    (tmp_path / "assets" / "icon.svg").write_text("<svg/>")
    monkeypatch.setattr(browser, "FOLDER", tmp_path)
    return tmp_path


def client_of(app: FastAPI) -> httpx.AsyncClient:
    return httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url="http://doska")


@pytest.fixture
async def client(folder: Path) -> AsyncIterator[httpx.AsyncClient]:  # noqa: ARG001  # is there
    async with client_of(create_app(settings_for(NOWHERE))) as client:
        yield client


@pytest.mark.parametrize("address", ["/", "/sign-in", "/my", "/b/x", "/b/x/t/y", "/b/x/activity"])
async def test_every_address_of_the_interface_is_the_page(
    client: httpx.AsyncClient, address: str
) -> None:
    answer = await client.get(address)
    assert (answer.status_code, answer.text) == (200, PAGE)
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert (await client.head(address)).status_code == 200


async def test_the_page_is_asked_for_each_time_and_has_no_etag(client: httpx.AsyncClient) -> None:
    """A browser takes the policy of a 304 for the page it has kept: every second visit was blank."""
    headers = (await client.get("/")).headers
    assert headers["cache-control"] == "no-cache"
    assert "etag" not in headers
    again = await client.get("/", headers={"if-none-match": "*"})
    assert again.status_code == 200


async def test_the_page_may_load_only_what_is_doskas(client: httpx.AsyncClient) -> None:
    policy = directives(await client.get("/"))
    assert policy.pop("default-src") == "'none'"
    assert policy.pop("frame-ancestors") == policy.pop("base-uri") == "'none'"
    assert policy.pop("form-action") == "'none'"
    assert policy.pop("require-trusted-types-for") == "'script'"
    assert policy.pop("trusted-types") == "svelte-trusted-html"
    assert set(policy.values()) == {"'self'"}


async def test_assets_are_kept_for_ever_and_sent_compressed(client: httpx.AsyncClient) -> None:
    answer = await client.get("/assets/index-1.js", headers={"accept-encoding": "gzip"})
    assert answer.headers["content-encoding"] == "gzip"
    assert answer.text == SCRIPT
    assert int(answer.headers["content-length"]) == len(gzip.compress(SCRIPT.encode(), 9, mtime=0))
    assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert answer.headers["vary"].startswith("Accept-Encoding")
    plain = await client.get("/assets/index-1.js", headers={"accept-encoding": "identity"})
    assert ("content-encoding" in plain.headers, plain.text) == (False, SCRIPT)
    assert plain.headers["content-type"].startswith("text/javascript")


@pytest.mark.parametrize("name", ["nothing.js", "..%2findex.html", "%2e%2e%2f%2e%2e%2fmain.py"])
async def test_an_asset_that_is_not_there_is_no_page(client: httpx.AsyncClient, name: str) -> None:
    answer = await client.get(f"/assets/{name}", headers=HTML)
    assert (answer.status_code, "doska-prefix" in answer.text) == (404, name != "nothing.js")


async def test_an_unknown_address_is_the_page_to_people_and_a_problem_to_programs(
    client: httpx.AsyncClient,
) -> None:
    seen = await client.get("/nowhere/at/all", headers=HTML)
    assert (seen.status_code, seen.text) == (404, PAGE)
    for told in (
        await client.get("/nowhere/at/all"),
        await client.get("/nowhere", headers={"accept": "application/json"}),
        await client.post("/nowhere", headers=HTML),
    ):
        assert (told.status_code, told.json()["type"]) == (404, "/problems/not-found")


@pytest.mark.usefixtures("folder")
async def test_behind_a_prefix_the_page_names_it() -> None:
    settings = settings_for(NOWHERE, public_url="http://localhost:9000/team/doska/")
    async with client_of(create_app(settings)) as client:
        page = (await client.get("/b/x/settings")).text
    assert 'src="/team/doska/assets/index-1.js"' in page
    assert '<meta name="doska-prefix" content="/team/doska" />' in page


async def test_without_a_built_interface_the_page_says_what_to_do(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(browser, "FOLDER", folder / "empty")
    async with client_of(create_app(settings_for(NOWHERE))) as client:
        page = await client.get("/")
        assert (page.status_code, "make ui" in page.text) == (503, True)
        assert (await client.get("/nowhere", headers=HTML)).json()["status"] == 404
        assert (await client.get("/health/live")).status_code == 200
