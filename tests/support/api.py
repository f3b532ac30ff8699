"""How tests speak to the API: people who act through HTTP, every answer checked against OpenAPI."""

import os
import secrets
from typing import Any, ClassVar
from urllib.parse import quote

import httpx
import jsonschema_rs
from fastapi import FastAPI
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from doska.background.jobs import run_next
from doska.jobs import all_handlers, import_handlers
from doska.settings import Settings

PASSWORD = "horse battery staple 9"
Json = dict[str, Any]
DOCUMENT = "urn:doska:openapi"
Seen = set[tuple[str, int, str]]  # operation, status, test


class Contract:
    """Fails a test whose answer is not what the OpenAPI document promises."""

    seen: ClassVar[Seen] = set()
    known: ClassVar[dict[tuple[str, str], "Contract"]] = {}

    def __init__(self, document: Json) -> None:
        self.document = document
        self._registry = jsonschema_rs.Registry([(DOCUMENT, document)])
        self._validators: dict[str, jsonschema_rs.Validator] = {}

    @classmethod
    def of(cls, app: FastAPI) -> "Contract":
        """Give it by the settings that the document shows: to make one takes a second."""
        settings: Settings = app.state.settings
        key = settings.base_path, settings.session_cookie
        if key not in cls.known:
            cls.known[key] = cls(app.openapi())
        return cls.known[key]

    def check(self, response: httpx.Response) -> None:
        method = response.request.method.lower()
        template = self._template(response.request.url.path, method)
        if template is None:
            return
        operation = self.document["paths"][template][method]
        status_text = str(response.status_code)
        is_dry_run = "preference-applied" in response.headers
        where = ["x-dry-run"] if is_dry_run else ["responses", status_text]
        described = (
            operation["x-dry-run"] if is_dry_run else operation["responses"].get(status_text)
        )
        name = f"{operation['operationId']} {response.status_code}"
        assert described is not None, f"{name} is not in the document: {response.text}"
        status = int(response.status_code)  # the enum could not travel between processes
        self.seen.add((operation["operationId"], status, current_test()))
        media = response.headers.get("content-type", "").partition(";")[0]
        content = described.get("content", {})
        assert bool(content) == bool(response.content), f"{name}: a body or none"
        if not content:
            return
        assert media in content, f"{name} has type {media}"
        if media.endswith("json"):
            pointer = ["paths", template, method, *where, "content", media, "schema"]
            self._validator(pointer).validate(response.json())

    def _validator(self, pointer: list[str]) -> jsonschema_rs.Validator:
        """Give it for a place in the document, of which there is one copy for all."""
        steps = [quote(step.replace("~", "~0").replace("/", "~1")) for step in pointer]
        where = f"{DOCUMENT}#/{'/'.join(steps)}"
        if where not in self._validators:
            self._validators[where] = jsonschema_rs.validator_for(
                {"$ref": where}, validate_formats=True, registry=self._registry
            )
        return self._validators[where]

    def _template(self, path: str, method: str) -> str | None:
        parts = path.split("/")
        fitting = [
            template
            for template, operations in self.document["paths"].items()
            if method in operations and _fits(template.split("/"), parts)
        ]
        return min(fitting, key=lambda template: template.count("{"), default=None)


def current_test() -> str:
    """Name the test that is running, as pytest does: ``tests/test_x.py::test_y[case]``."""
    return os.environ.get("PYTEST_CURRENT_TEST", "").rpartition(" ")[0]


def _fits(template: list[str], parts: list[str]) -> bool:
    pairs = zip(template, parts, strict=False)
    return len(template) == len(parts) and all(t.startswith("{") or t == p for t, p in pairs)


class Person:
    """Somebody with a client of their own; ``me`` is their account, None for nobody."""

    def __init__(self, api: "Api", me: Json | None = None) -> None:
        self.api = api
        self.me = me
        self.client = api.client()

    @property
    def id(self) -> str:
        assert self.me is not None
        return str(self.me["id"])

    async def send(self, method: str, path: str, **options: Any) -> httpx.Response:
        response = await self.client.request(method, path, **options)
        self.api.contract.check(response)
        is_change = path.startswith("/users/") and method != "GET" and response.is_success
        if self.api.works_off and is_change:  # what is refused leaves nothing to be done
            await self.api.work_off()
        return response

    async def get(self, path: str, **params: Any) -> httpx.Response:
        return await self.send("GET", path, params=params)

    async def post(self, path: str, **body: Any) -> httpx.Response:
        return await self.send("POST", path, json=body)

    async def put(self, path: str, **body: Any) -> httpx.Response:
        return await self.send("PUT", path, json=body)

    async def patch(self, path: str, **body: Any) -> httpx.Response:
        return await self.send("PATCH", path, json=body)

    async def delete(self, path: str, **params: Any) -> httpx.Response:
        return await self.send("DELETE", path, params=params)

    async def make(self, path: str, **body: Any) -> Json:
        """Create something; reading it gives the same as creating it did."""
        response = await self.post(path, **body)
        assert response.status_code == 201, response.text
        made: Json = response.json()
        assert (await self.get(response.headers["location"])).json() == made
        return made

    async def read(self, path: str, **params: Any) -> Json:
        response = await self.get(path, **params)
        assert response.status_code == 200, response.text
        found: Json = response.json()
        return found

    async def items(self, path: str, **params: Any) -> list[Json]:
        return list((await self.read(path, **params))["items"])

    async def board(self, title: str = "Website", **fields: Any) -> Json:
        return await self.make("/boards", title=title, **fields)

    async def column(self, board: Json, title: str = "To do", **fields: Any) -> Json:
        return await self.make("/columns", board_id=board["id"], title=title, **fields)

    async def task(self, column: Json, title: str = "Draw", **fields: Any) -> Json:
        return await self.make("/tasks", column_id=column["id"], title=title, **fields)

    async def subtask(self, task: Json, title: str = "Sketch", **fields: Any) -> Json:
        return await self.make("/subtasks", task_id=task["id"], title=title, **fields)

    async def invite(self, board: Json, person: "Person", role: str = "MEMBER") -> Json:
        return await self.make(f"/boards/{board['id']}/users", user_id=person.id, role=role)


def leaving_streams(app: FastAPI) -> ASGIApp:
    """Have whoever opens a stream leave at once: here a request ends when its answer does."""

    async def gone() -> Message:
        return {"type": "http.disconnect"}

    async def serve(scope: Scope, receive: Receive, send: Send) -> None:
        is_stream = scope["path"].endswith("/events/stream")
        await app(scope, gone if is_stream else receive, send)

    return serve


class Api:
    """The application under test, and the people who use it."""

    works_off = True  # after each request that could leave something to be done behind it

    def __init__(self, app: FastAPI) -> None:
        self.app = app
        self.contract = Contract.of(app)

    def client(self) -> httpx.AsyncClient:
        transport = httpx.ASGITransport(app=leaving_streams(self.app))
        return httpx.AsyncClient(transport=transport, base_url="http://localhost:8000")

    async def work_off(self) -> None:
        """Do what is left to be done behind the requests, where nothing does so by itself."""
        if not self.app.state.settings.background:
            state = self.app.state
            given = (state.settings, state.board_limits, state.store)
            handlers = {**all_handlers(*given), **import_handlers(*given)}
            while await run_next(handlers):
                pass

    def nobody(self) -> Person:
        return Person(self)

    async def user(self, username: str | None = None, **fields: Any) -> Person:
        person = Person(self)
        username = username or f"user-{secrets.token_hex(4)}"
        body = {"username": username, "email": f"{username}@example.com", "password": PASSWORD}
        person.me = await person.make("/users", **{**body, **fields})
        return person
