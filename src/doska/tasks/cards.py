"""Tasks as cards: without the description, which can be far longer than all the rest."""

from typing import Any

from pydantic import Field

from doska.schemas import Word
from doska.tasks.schemas import TaskShown

HAS_DESCRIPTION = Field(description="whether it has one: `GET /tasks/{task_id}` shows it")


class TaskCard(TaskShown):
    """A task without its description."""

    has_description: bool = HAS_DESCRIPTION


class TaskFields(Word):
    """How much a list shows of each task."""

    ALL = "all"
    CARD = "card"


def marked(view: dict[str, Any]) -> dict[str, Any]:
    """Add to a description that there is one, for clients that keep only cards."""
    if "description" not in view:
        return view
    return {**view, "has_description": view["description"] != ""}
