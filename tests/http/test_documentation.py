import re

import pytest

from api import Api
from apps import another_api
from doska.http.documentation import TAGS
from policies import directives

PAGES = ("/docs", "/docs/start.js", "/docs/swagger-ui-bundle.js", "/docs/swagger-ui.css")


async def test_the_page_asks_no_other_host_for_anything(api: Api) -> None:
    page = await api.nobody().get("/docs")
    wanted = set(re.findall(r'(?:src|href)="([^"]*)"', page.text))
    assert wanted == {"data:,", *(path.removeprefix("/") for path in PAGES[1:])}
    assert not re.search(r"https?:|//", page.text)

    styles = (await api.nobody().get("/docs/swagger-ui.css")).text
    assert {url[:5] for url in re.findall(r"url\(['\"]?([^)]*)", styles)} <= {"data:"}
    assert "@import" not in styles


async def test_the_policy_lets_the_page_ask_no_other_host(api: Api) -> None:
    policy = directives(await api.nobody().get("/docs"))
    assert policy["default-src"] == "'none'"
    named = " ".join(policy.values()).split()
    assert set(named) <= {"'none'", "'self'", "'unsafe-inline'", "data:"}
    assert policy["script-src"] == "'self'"


@pytest.mark.parametrize("path", PAGES)
async def test_everything_the_page_needs_comes_from_here(api: Api, path: str) -> None:
    answer = await api.nobody().get(path)
    assert answer.status_code == 200
    kind = {"js": "text/javascript", "css": "text/css"}.get(path.rpartition(".")[2], "text/html")
    assert answer.headers["content-type"].partition(";")[0] == kind
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.content


async def test_the_page_shows_the_document_that_is_served(api: Api) -> None:
    script = (await api.nobody().get("/docs/start.js")).text
    assert 'url: "openapi.json"' in script
    document = (await api.nobody().get("/openapi.json")).json()
    assert document == api.app.openapi()
    used = {o["tags"][0] for path in document["paths"].values() for o in path.values()}
    assert used == {tag["name"] for tag in TAGS}


@pytest.mark.parametrize("name", ["nothing.js", "../secret_key", "%2e%2e%2fsecret_key", "redoc.js"])
async def test_other_names_lead_nowhere(api: Api, name: str) -> None:
    answer = await api.nobody().get(f"/docs/{name}")
    assert (answer.status_code, answer.json()["type"]) == (404, "/problems/not-found")


async def test_without_documentation_there_is_none(database_url: str) -> None:
    async with another_api(database_url, docs=False) as api:
        for path in (*PAGES, "/openapi.json", "/redoc"):
            assert (await api.nobody().get(path)).status_code == 404
        assert (await api.nobody().get("/health/ready")).status_code == 200
