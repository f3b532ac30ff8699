"""Importing files through HTTP, and boards as examples describe them."""

from typing import Any
from urllib.parse import urlencode

import httpx

from api import Json, Person


async def begin(person: Person, data: bytes, **query: Any) -> httpx.Response:
    """Send a file; the job behind it is not done yet."""
    given = {name: value for name, value in query.items() if value is not None}
    address = f"/imports?{urlencode(given)}" if given else "/imports"
    return await person.send("POST", address, content=data)


async def imported(person: Person, data: bytes, **query: Any) -> Json:
    """Import a file; gives the import as it has ended, refused or not."""
    response = await begin(person, data, **query)
    assert response.status_code == 202, response.text
    await person.api.work_off()
    return await person.read(response.headers["location"])


async def done(person: Person, data: bytes, **query: Any) -> Json:
    """Import a file that can be; gives its report."""
    found = await imported(person, data, **query)
    assert found["status"] == "done", found["problem"]
    report: Json = found["report"]
    return report


async def board_of(person: Person, board_id: str) -> Json:
    """Read a board as the examples have it: archived columns and tasks last."""
    board = await person.read(f"/boards/{board_id}")
    extra = (await person.read(f"/boards/{board_id}/extra"))["extra"]
    names = {p["id"]: p["name"] for p in extra.get("people", [])}
    labels = await person.items(f"/boards/{board_id}/labels", limit=500)
    columns = await all_items(person, f"/boards/{board_id}/columns", archived="all")
    tasks = await all_items(person, "/tasks", board_id=board_id, archived="all")
    titles = {label["id"]: label["title"] for label in labels}
    shown = []
    for column in sorted(columns, key=lambda c: (c.get("is_archived", False), c["rank"] or "")):
        own = [task for task in tasks if task["column_id"] == column["id"]]
        own.sort(key=lambda t: (t["is_archived"], t["rank"] or "", t["number"]))
        shown.append({**column, "tasks": [await _task(person, t, titles, names) for t in own]})
    return {**board, "extra": extra, "labels": labels, "columns": shown}


async def all_items(person: Person, path: str, **params: Any) -> list[Json]:
    found: list[Json] = []
    cursor = None
    while True:
        page = await person.read(path, **params, **({"cursor": cursor} if cursor else {}))
        found += page["items"]
        cursor = page["next_cursor"]
        if not cursor:
            return found


async def _task(person: Person, task: Json, titles: dict[str, str], names: dict[str, str]) -> Json:
    path = f"/tasks/{task['id']}"
    extra = (await person.read(f"{path}/extra"))["extra"]
    parts = extra.get("parts", {})
    steps = await all_items(person, f"{path}/subtasks")
    comments = await all_items(person, f"{path}/comments")
    files = await all_items(person, f"{path}/attachments")
    own = [user["name"] for user in task["assignees"]]
    others = [names[person_id] for person_id in extra.get("assignees", [])]
    whole = await person.read(path)
    return {
        **whole,
        "extra": extra,
        "full_title": extra.get("full", {}).get("title"),
        "labels": [titles[label_id] for label_id in task["label_ids"]],
        "assignee_names": [*own, *others],
        "subtasks": [
            [parts.get(s["id"], {}).get("checklist", {}).get("name"), s["title"], s["is_completed"]]
            for s in steps
        ],
        "comments": [
            [c["author_name"] or (c["author"] or {}).get("name"), c["body"], c["created_at"]]
            for c in comments
        ],
        "fields": extra.get("fields", {}),
        "attachments": [[a["title"], a["url"] or a["size"]] for a in files],
    }
