"""The OpenAPI document: what FastAPI derives from the code, and what it cannot know."""

import json
from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

from doska.http.examples import answers_of, illustrate
from doska.http.problems import Problem, problem_types
from doska.identity.access_tokens import PREFIX
from doska.settings import COOKIE, Settings

REFERENCE = "#/components/schemas/"

SECURITY_SCHEMES = {
    "cookie": {"type": "apiKey", "in": "cookie", "name": COOKIE},
    "bearer": {
        "type": "http",
        "scheme": "bearer",
        "bearerFormat": "JWT",
        "description": "The cookie's token, as `Authorization: Bearer`.",
    },
    "token": {
        "type": "http",
        "scheme": "bearer",
        "bearerFormat": f"{PREFIX}…",
        "description": "A personal access token (`POST /auth/tokens`), as `Authorization: Bearer`. "
        "Its scope is `read`, `write` (which may read, too) or `admin` (which may do all that its "
        "owner may); endpoints that do not name this scheme are for people only.",
    },
}


QUOTA_HEADERS = {
    "RateLimit-Policy": {
        "schema": {"type": "string"},
        "description": "how many requests (`q`) a user may make in how many seconds (`w`), "
        "over all sessions and access tokens",
        "example": '"user";q=600;w=60',
    },
    "RateLimit": {
        "schema": {"type": "string"},
        "description": "about how many are left (`r`), until all are available again (in `t` seconds)",
        "example": '"user";r=569;t=42',
    },
}


def describe(app: FastAPI) -> dict[str, Any]:
    """Describe the API, once; every error is a Problem."""
    if app.openapi_schema is None:
        document = get_openapi(
            title=app.title,
            version=app.version,
            description=app.description,
            tags=app.openapi_tags,
            routes=app.routes,
            separate_input_output_schemas=False,
        )
        settings: Settings = app.state.settings
        if settings.base_path:
            document["servers"] = [{"url": settings.base_path}]
        _add_components(document.setdefault("components", {}), settings.session_cookie)
        _tell_of_quotas(document)
        _name_streams(document)
        app.openapi_schema = named = _renamed(document)
        for operation in (o for methods in named["paths"].values() for o in methods.values()):
            for parameter in operation.get("parameters", []):
                parameter["schema"] = _without_null(parameter["schema"])
        illustrate(named)
    return app.openapi_schema


def _add_components(components: dict[str, Any], cookie: str) -> None:
    named = {**SECURITY_SCHEMES["cookie"], "name": cookie}
    components["securitySchemes"] = {**SECURITY_SCHEMES, "cookie": named}
    schemas = components.setdefault("schemas", {})
    for unused in ("HTTPValidationError", "ValidationError"):
        schemas.pop(unused, None)
    problem = Problem.model_json_schema(ref_template=REFERENCE + "{model}")
    schemas |= problem.pop("$defs")
    schemas["Problem"] = problem
    schemas["ProblemType"] = {
        "type": "string",
        "title": "ProblemType",
        "description": "The problem types of this release.",
        "enum": problem_types(),
    }
    known = [{"$ref": REFERENCE + "ProblemType"}, {"type": "string"}]  # an open enum
    problem["properties"]["type"] = {
        **{k: v for k, v in problem["properties"]["type"].items() if k != "type"},
        "anyOf": known,
    }


def _tell_of_quotas(document: dict[str, Any]) -> None:
    """Describe what every response to a signed-in user says about their quota."""
    document["components"]["headers"] = QUOTA_HEADERS
    references = {name: {"$ref": f"#/components/headers/{name}"} for name in QUOTA_HEADERS}
    for operation in (o for methods in document["paths"].values() for o in methods.values()):
        for status, answer in answers_of(operation):
            if "security" in operation and status[0] in "234" and status != "401":
                answer["headers"] = {**answer.get("headers", {}), **references}


def _name_streams(document: dict[str, Any]) -> None:
    """Move the schemas of streams and dry runs, which a route declares, to the others."""
    schemas = document["components"]["schemas"]
    for operation in (o for methods in document["paths"].values() for o in methods.values()):
        for _, answer in answers_of(operation):
            for content in answer.get("content", {}).values():
                if inner := content["schema"].pop("$defs", None):
                    schema = content["schema"]
                    document["components"]["schemas"] = schemas = {**inner, **schemas}
                    schemas[schema["title"]] = schema
                    content["schema"] = {"$ref": REFERENCE + schema["title"]}


def _renamed(document: dict[str, Any]) -> dict[str, Any]:
    """Name each schema by its title: typed clients get ``TaskPage``, not ``Page_TaskOut_``."""
    schemas = document["components"]["schemas"]
    document["components"]["schemas"] = {s["title"]: s for s in schemas.values()}
    text = json.dumps(document)
    for name, schema in schemas.items():
        text = text.replace(f'"{REFERENCE}{name}"', f'"{REFERENCE}{schema["title"]}"')
    renamed: dict[str, Any] = json.loads(text)
    return renamed


def _without_null(schema: dict[str, Any]) -> dict[str, Any]:
    """Describe an optional parameter; no address can contain a null."""
    match schema:
        case {"anyOf": [kind, {"type": "null"}], **outer}:
            return {**kind, **outer}
    return schema
