"""What other sites can make a browser do: nothing, unless they are on the list."""

from collections.abc import AsyncIterator, Mapping

import asyncpg
import pytest

from api import Api, Person
from apps import another_api
from audits import failing_at_commit
from checks import refused
from doska.loading import SettingsError, load_settings
from operations import OPERATIONS, Operation, all_rows, request, scene
from origins import APP, LOCAL
from people import token_of, with_header

EVIL = "https://evil.example"
LOOKALIKES = (
    "https://app.example.com.evil", "https://evilapp.example.com", "http://app.example.com",
    "https://app.example.com:8443", "https://app.example.com.", "https://user@app.example.com",
    "null", EVIL, "http://localhost:30000", "http://localhost",
)  # fmt: skip
UNSAFE = [operation for operation in OPERATIONS if operation.is_writing]
SAFE = [operation for operation in OPERATIONS if not operation.is_writing]

Headers = Mapping[str, str]
HOSTILE: list[Headers] = [
    {"sec-fetch-site": "cross-site"},
    {"sec-fetch-site": "cross-site", "origin": EVIL},
    {"sec-fetch-site": "cross-site", "origin": "null"},
    {"sec-fetch-site": "same-site"},
    {"sec-fetch-site": "same-site", "origin": "http://localhost:8001"},
    {"sec-fetch-site": "anything else"},
    {"origin": "http://localhost:8000.evil.example"},
    {"origin": "http://localhost:8000@evil.example"},
    {"origin": "http://["},
    {"origin": ""},
    *({"origin": lookalike} for lookalike in LOOKALIKES),
]
FRIENDLY: list[Headers] = [
    {},
    {"sec-fetch-site": "same-origin", "origin": "http://localhost:8000"},
    {"sec-fetch-site": "none"},
    {"origin": "http://localhost:8000"},
    {"origin": APP},
    {"sec-fetch-site": "cross-site", "origin": APP},
    {"sec-fetch-site": "same-site", "origin": LOCAL},
]


@pytest.fixture
async def listed(
    api: Api,  # noqa: ARG001  # empties the tables afterwards
    database_url: str,
) -> AsyncIterator[Api]:
    """An application whose list has two origins."""
    async with another_api(database_url, allowed_origins=f"{APP}, {LOCAL}/") as other:
        yield other


@pytest.mark.parametrize("operation", UNSAFE, ids=str)
async def test_another_site_changes_nothing(
    listed: Api, db: asyncpg.Connection, operation: Operation
) -> None:
    asked = request(await scene(listed, "own"), operation)
    before = await all_rows(db)
    own = dict(asked.person.client.headers)
    for headers in HOSTILE:
        asked.person.client.headers = {**own, **headers}
        refused(await asked.send(), 403, "cross-site")
    assert await all_rows(db) == before
    assert await db.fetchval("select count(*) from sessions where revoked_at is not null") == 0


@pytest.mark.parametrize("operation", UNSAFE, ids=str)
async def test_a_page_of_a_listed_origin_is_served(listed: Api, operation: Operation) -> None:
    asked = request(await scene(listed, "own"), operation)
    asked.person.client.headers.update({"sec-fetch-site": "cross-site", "origin": APP})
    answer = await asked.send()
    assert answer.is_success, answer.text
    assert answer.headers["access-control-allow-origin"] == APP


@pytest.mark.parametrize("headers", FRIENDLY, ids=str)
async def test_ones_own_pages_the_listed_ones_and_programs_are_served(
    listed: Api, headers: Headers
) -> None:
    anna = await listed.user("anna")
    anna.client.headers.update(headers)
    assert (await anna.post("/boards", title="By a friend")).status_code == 201


@pytest.mark.parametrize("operation", SAFE, ids=str)
async def test_reading_is_open_to_all_and_changes_nothing(
    listed: Api, db: asyncpg.Connection, operation: Operation
) -> None:
    asked = request(await scene(listed, "own"), operation)
    before = await all_rows(db)
    asked.person.client.headers["sec-fetch-site"] = "cross-site"
    answer = await asked.send()
    assert answer.is_success
    assert "access-control-allow-origin" not in answer.headers
    assert await all_rows(db) == before


async def test_a_bearers_token_is_served_from_anywhere(listed: Api) -> None:
    """It is no cookie: no browser adds it by itself."""
    anna = await listed.user("anna")
    bearer = with_header(listed, f"Bearer {token_of(anna)}")
    bearer.client.headers.update({"sec-fetch-site": "cross-site", "origin": EVIL})
    assert (await bearer.post("/boards", title="By a program")).status_code == 201


@pytest.mark.parametrize("useless", ["", "x", "Bearer", "Basic YTpi", "Bearers x", "Digest a"])
async def test_a_useless_authorization_opens_no_door_for_the_cookie(
    listed: Api, useless: str
) -> None:
    """Seen to fail with a proxy's Basic, which browsers send by themselves."""
    anna = await listed.user("anna")
    anna.client.headers.update({"sec-fetch-site": "cross-site", "authorization": useless})
    answer = await anna.post("/boards", title="By another site")
    if useless == "Bearer":
        refused(answer, 401, "unauthenticated")
    else:
        refused(answer, 403, "cross-site")


async def preflight(person: Person, origin: str, **more: str) -> tuple[int, Mapping[str, str]]:
    headers = {"origin": origin, "access-control-request-method": "PATCH", **more}
    answer = await person.client.options("/tasks", headers=headers)
    return answer.status_code, answer.headers


@pytest.mark.parametrize("origin", [APP, LOCAL])
async def test_a_listed_origin_may_read_with_the_cookie(listed: Api, origin: str) -> None:
    anna = await listed.user("anna")
    for path, status in (("/users/me", 200), ("/nothing", 404), ("/tasks?limit=0", 422)):
        answer = await anna.client.get(path, headers={"origin": origin})
        assert answer.status_code == status
        assert answer.headers["access-control-allow-origin"] == origin
        assert answer.headers["access-control-allow-credentials"] == "true"
        assert "origin" in answer.headers["vary"].lower()
        exposed = set(answer.headers["access-control-expose-headers"].lower().split(", "))
        assert exposed >= {"etag", "link", "location", "retry-after", "x-request-id"}


@pytest.mark.parametrize("origin", [APP, LOCAL])
async def test_a_listed_origin_may_ask_before_it_writes(listed: Api, origin: str) -> None:
    wanted = {"access-control-request-headers": "content-type, if-match, idempotency-key"}
    status, headers = await preflight(listed.nobody(), origin, **wanted)
    assert status == 200
    assert headers["access-control-allow-origin"] == origin
    assert headers["access-control-allow-credentials"] == "true"
    assert "PATCH" in headers["access-control-allow-methods"]
    assert "origin" in headers["vary"].lower()


@pytest.mark.parametrize("origin", [*LOOKALIKES, APP.upper(), f"{APP}/", f"{APP} {EVIL}", "*", ""])
async def test_no_other_origin_may_read(listed: Api, origin: str) -> None:
    anna = await listed.user("anna")
    answer = await anna.client.get("/users/me", headers={"origin": origin})
    assert "access-control-allow-origin" not in answer.headers
    status, headers = await preflight(listed.nobody(), origin)
    assert status == 400
    assert "access-control-allow-origin" not in headers


async def test_a_listed_origin_reads_whatever_is_answered(
    listed: Api, db: asyncpg.Connection
) -> None:
    """Seen to fail: a 500 had no such header, and read as a "CORS error"."""
    anna = await listed.user("anna")
    path = f"/boards/{(await anna.board())['id']}"
    async with failing_at_commit(db, "boards"):
        answer = await anna.client.patch(path, json={"title": "x"}, headers={"origin": APP})
    problem = refused(answer, 500, "internal-error")
    assert answer.headers["access-control-allow-origin"] == APP
    assert answer.headers["access-control-allow-credentials"] == "true"
    assert problem["request_id"] == answer.headers["x-request-id"]
    sent = {"origin": APP, "content-type": "text/plain"}
    answer = await anna.client.patch(path, content=b"x", headers=sent)
    refused(answer, 415, "unsupported-media-type")
    assert answer.headers["access-control-allow-origin"] == APP
    assert "accept-patch" in answer.headers["access-control-expose-headers"].lower()


TRACING = "traceparent, tracestate, baggage, sentry-trace"


@pytest.mark.parametrize(
    ("wanted", "status"),
    [(TRACING, 200), (TRACING.upper(), 200), ("x-tenant", 200), ("x-other", 400)],
)
async def test_headers_of_tracing_pass_and_those_that_are_named(
    database_url: str, wanted: str, status: int
) -> None:
    """Seen to fail with 400, which stopped every page that reports to Sentry."""
    named = {"allowed_origins": APP, "allowed_headers": "X-Tenant, X-More"}
    async with another_api(database_url, **named) as other:
        asked = {"access-control-request-headers": f"content-type, {wanted}"}
        found, headers = await preflight(other.nobody(), APP, **asked)
        assert found == status
        for name in wanted.lower().split(", ") if status == 200 else ():
            assert name in headers["access-control-allow-headers"].lower()


async def test_without_a_list_no_origin_may_read(api: Api) -> None:
    anna = await api.user("anna")
    for origin in (APP, LOCAL, "null", "*"):
        answer = await anna.client.get("/users/me", headers={"origin": origin})
        assert "access-control-allow-origin" not in answer.headers


@pytest.mark.parametrize(
    "origins",
    ["*", f"{APP},*", "https://*.example.com", "app.example.com", f"{APP}/path", "null", "file://",
     "https://user@app.example.com/x", "https://user@app.example.com", "https://app.example.com:x",
     "https://999.1", "https://app..example.com", "https://☃.example", "ftp://app.example.com"],
)  # fmt: skip
def test_what_is_no_origin_is_refused_at_start(
    monkeypatch: pytest.MonkeyPatch, tmp_path: object, origins: str
) -> None:
    monkeypatch.chdir(str(tmp_path))
    monkeypatch.setenv("DOSKA_ALLOWED_ORIGINS", origins)
    with pytest.raises(SettingsError, match="DOSKA_ALLOWED_ORIGINS"):
        load_settings()
    monkeypatch.setenv("DOSKA_ALLOWED_ORIGINS", f"{APP}, {LOCAL}/")
    assert load_settings().allowed_origins == [APP, LOCAL]


@pytest.mark.parametrize(
    ("given", "sent"),
    [
        ("https://app.example.com:443", "https://app.example.com"),
        ("HTTPS://APP.Example.com/", "https://app.example.com"),
        ("http://localhost:80", "http://localhost"),
        ("http://app.example.com:443", "http://app.example.com:443"),
        ("https://доска.рф", "https://xn--80ahspp.xn--p1ai"),
        ("https://straße.example:8443", "https://xn--strae-oqa.example:8443"),
        ("http://[0:0:0:0:0:0:0:1]:3000", "http://[::1]:3000"),
        ("https://app.example.com:", "https://app.example.com"),
        ("https://a_b.example.com", "https://a_b.example.com"),
    ],
)
async def test_an_origin_is_known_however_its_operator_writes_it(
    monkeypatch: pytest.MonkeyPatch, tmp_path: object, database_url: str, given: str, sent: str
) -> None:
    """Seen to fail: it was compared as it stood, and never fitted what browsers send."""
    monkeypatch.chdir(str(tmp_path))
    monkeypatch.setenv("DOSKA_ALLOWED_ORIGINS", given)
    assert load_settings().allowed_origins == [sent]
    async with another_api(database_url, allowed_origins=given) as other:
        status, headers = await preflight(other.nobody(), sent)
        assert (status, headers["access-control-allow-origin"]) == (200, sent)


async def test_the_public_address_is_an_origin_in_the_browsers_spelling(
    database_url: str,
) -> None:
    """Also where a proxy asks by another name than people do."""
    async with another_api(database_url, public_url="https://ДОСКА.рф:443/") as other:
        nobody = other.nobody()
        nobody.client.headers.update({"sec-fetch-site": "same-site"})
        nobody.client.headers["origin"] = "https://xn--80ahspp.xn--p1ai"
        answer = await nobody.post("/auth/login", login="anna", password="not hers")
        refused(answer, 401, "wrong-credentials")
        nobody.client.headers["origin"] = "https://xn--80ahspp.xn--p1ai.evil.example"
        answer = await nobody.post("/auth/login", login="anna", password="not hers")
        refused(answer, 403, "cross-site")


@pytest.mark.parametrize("path", ["/health/live", "/docs", "/nowhere", "/boards"])
async def test_where_people_use_https_browsers_are_told_to_use_nothing_else(
    database_url: str, path: str
) -> None:
    """Seen to fail without the header."""
    async with another_api(database_url, public_url="https://kanban.example") as other:
        headers = (await other.nobody().get(path)).headers
        assert headers["strict-transport-security"] == "max-age=31536000"


async def test_plain_http_promises_nothing_about_https(api: Api) -> None:
    assert "strict-transport-security" not in (await api.nobody().get("/boards")).headers
