"""Additions to the schemas of the OpenAPI document: examples of responses, texts for parameters."""

import re
from typing import Any

from doska.http.responses import DRY_RUN_TYPE

ID = "0198c0de-0000-7000-8000-000000000001"

# Values of examples: in this field of this schema, or in any field of this name.
VALUES: dict[str, Any] = {
    "Account.email": "anna@example.com",
    "Account.is_active": True,
    "Activity.task": {"id": ID, "key": "WEB-12", "title": "Draw the logo"},
    "Activity.text": "Anna Petrova moved “Draw the logo” from “To do” to “Done”",
    "Activity.type": "task.moved",
    "Activity.when": "22 November 2026, 09:30",
    "Attachment.author_name": None,
    "Attachment.title": "plan.png",
    "Attachment.url": None,
    "Board.description": "What we ship this month",
    "Board.title": "Website",
    "BoardNamed.title": "Website",
    "ChangeUndone.payload": {
        "undone": {"seq": 6, "count": 1, "type": "task.moved", "batch_id": None},
        "tasks": [{"id": ID, "column_id": ID, "rank": "V", "version": 4}],
    },
    "Column.status": "IN_PROGRESS",
    "Column.title": "In progress",
    "EventPage.items": [
        {
            "board_id": ID,
            "seq": 7,
            "position": "7.660da1f07b600",
            "type": "task.moved",
            "actor": {
                "id": ID,
                "username": "anna",
                "name": "Anna Petrova",
                "avatar_url": f"/users/{ID}/avatar.svg",
            },
            "task_id": ID,
            "batch_id": None,
            "payload": {"task": {"id": ID, "column_id": ID, "rank": "V", "version": 3}},
            "at": "2026-11-22T09:30:00+00:00",
        }
    ],
    "DryRun.counts": {"tasks": {"created": 0, "changed": 1, "deleted": 0}},
    "EventToBe.payload": {"task": {"id": ID, "column_id": ID, "rank": "V", "version": 3}},
    "EventToBe.type": "task.moved",
    "Health.status": "ok",
    "Label.color": "#d64545",
    "Label.title": "Bug",
    "Session.is_current": True,
    "Subtask.title": "Choose the font",
    "Task.description": "In three sizes",
    "Task.title": "Draw the logo",
    "TaskCard.title": "Draw the logo",
    "Token.name": "Nightly report",
    "TokenMade.name": "Nightly report",
    "TokenMade.token": "doska_pat_" + 86 * "A",
    "author_name": None,
    "avatar_url": f"/users/{ID}/avatar.svg",
    "color": "#2f80ed",
    "completed": 1,
    "edited_at": None,
    "has_description": True,
    "completed_at": None,
    "name": "Anna Petrova",
    "next_cursor": None,
    "number": 12,
    "rank": "V",
    "seq": 7,
    "task_limit": 3,
    "total": 3,
    "user_agent": "Mozilla/5.0",
    "username": "anna",
}
BY_FORMAT = {"uuid": ID, "date": "2026-11-22", "date-time": "2026-11-22T09:30:00+00:00"}
BY_TYPE = {"integer": 1, "boolean": False}

EXEMPLARY = {"application/json", DRY_RUN_TYPE}
PARAMETERS = {
    "due_before": "only those that are due before this time",
    "is_completed": "only completed ones, or only open ones",
    "sort": "the order; a minus turns it round",
}


def illustrate(document: dict[str, Any]) -> None:
    """Give each successful response an example, and each parameter a description."""
    schemas = document["components"]["schemas"]
    for operation in (o for methods in document["paths"].values() for o in methods.values()):
        for status, answer in answers_of(operation):
            for kind, content in answer.get("content", {}).items():
                if kind in EXEMPLARY and status.startswith("2"):
                    content["example"] = example_of(content["schema"], schemas)
        for parameter in operation.get("parameters", []):
            parameter.setdefault("description", _words_for(parameter))


def answers_of(operation: dict[str, Any]) -> list[tuple[str, dict[str, Any]]]:
    """List an operation's responses by status, with the report of a dry run."""
    report = operation.get("x-dry-run")
    return [*operation["responses"].items(), *([("200", report)] if report else [])]


def example_of(schema: dict[str, Any], schemas: dict[str, Any], place: str = "") -> Any:
    """Make an example of a schema; ``place`` is like ``TaskOut.title``."""
    for known in (re.sub(r"(Out|View|Listed)\.", ".", place), place.rpartition(".")[2]):
        if known in VALUES:
            return VALUES[known]
    match schema:
        case {"const": first} | {"examples": [first, *_]} | {"enum": [first, *_]}:
            return first
        case {"$ref": reference}:
            name = reference.rpartition("/")[2]
            return example_of(schemas[name], schemas, name)
        case {"properties": fields}:
            return {f: example_of(fields[f], schemas, f"{place}.{f}") for f in fields}
        case {"anyOf": [first, *_]} | {"items": first}:
            inner = example_of(first, schemas)
            return [inner] if "items" in schema else inner
    return BY_FORMAT.get(schema.get("format", "")) or BY_TYPE[schema["type"]]


def _words_for(parameter: dict[str, Any]) -> str:
    name = parameter["name"]
    thing = name.removesuffix("_id")
    which = f"the {thing}'s id" if parameter["in"] == "path" else f"only those of this {thing}"
    return PARAMETERS.get(name, which)
