"""Labels to try things on."""

from typing import Any

from api import Json, Person

RED, BLUE = "#d64545", "#2f80ed"


def label_at(label: Json) -> str:
    return f"/labels/{label['id']}"


async def a_label(person: Person, board: Json, title: str = "Bug", **fields: Any) -> Json:
    """Make a label, red if nothing else is said."""
    body = {"board_id": board["id"], "title": title, "color": RED, **fields}
    return await person.make("/labels", **body)
