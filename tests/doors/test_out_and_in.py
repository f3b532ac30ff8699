"""Files that go out and come in again: what such a file can say is as it was."""

from typing import Any

import pytest

from api import Api, Json, Person
from exporting import exported
from importing import all_items, board_of, done
from labels import a_label

TITLES = (
    "Plain", "#now @{2026-01-01} ^id", "- [x] not a box", "=1+1", "'=quoted", "a\\#b \\ c", "1. one",
    "## heading", "*** stars **bold** `code`", "👩‍🚀 ü", "%% comment", "[[link]] ![x](y)", "due 📅 2026-05-03", "✅ 2026-01-01",
    "@[[2026-01-01]] two  blanks", "x \\\\# #2nd", "^alone",
)  # fmt: skip
ABOVE = "# no column\n\\## kept\n- no task\n***\n## Archive\n%% kanban:settings\n---"
TEXT = "Line one\n\n- [ ] box\n  * star\n#tag @@{10:30}\n'=2\n\\- kept"


async def a_rich_board(person: Person) -> Json:
    board = await person.board("Rich", columns=[], description=ABOVE)
    columns = [
        await person.column(board, title) for title in ("To do", "Empty", "Later #1", "C #", "#")
    ]
    label = await a_label(person, board, "Bug")
    for n, title in enumerate(TITLES):
        more: Json = {} if n % 2 else {"due_on": "2026-05-03"}
        if n % 4 == 0:
            more["label_ids"] = [label["id"]]
        text = TEXT if n % 3 else ""
        task = await person.task(columns[2 * (n % 2)], title, description=text, **more)
        for step in ("one #x", "- [ ] two \\# ✅ 2026-01-01"):
            await person.subtask(task, step, is_completed=n % 2 == 0)
    old = await person.task(columns[0], "Old")
    await person.patch(f"/tasks/{old['id']}", is_archived=True)
    return board


async def shown(person: Person, board_id: str, *, with_text: bool) -> list[Any]:
    """List columns with their tasks; archived ones apart, for Markdown does not know their column."""
    board = await board_of(person, board_id)
    found: list[Any] = []
    for column in board["columns"]:
        tasks = [task for task in column["tasks"] if not task["is_archived"]]
        found.append((column["title"], [_told(task, with_text=with_text) for task in tasks]))
    tasks = await all_items(person, "/tasks", board_id=board_id, archived="all")
    return [found, [task["title"] for task in tasks if task["is_archived"]]]


def _told(task: Json, *, with_text: bool) -> tuple[Any, ...]:
    steps = [(title, is_done) for _, title, is_done in task["subtasks"]]
    more = (task["description"],) if with_text else ()
    return (task["title"], task["due_on"], sorted(task["labels"]), steps, task["status"], *more)


async def test_markdown_reads_back_as_the_same_board(api: Api) -> None:
    anna = await api.user("anna")
    board = await a_rich_board(anna)

    got = await exported(anna, board, "markdown")
    report = await done(anna, got.content, into="new")

    again = await shown(anna, report["boards"][0]["board_id"], with_text=True)
    was = await shown(anna, board["id"], with_text=True)
    assert again == was
    board = await anna.read(f"/boards/{report['boards'][0]['board_id']}")
    assert board["description"] == ABOVE


@pytest.mark.parametrize("bom", ["false", "true"])
async def test_csv_reads_back_as_the_same_tasks(api: Api, bom: str) -> None:
    anna = await api.user("anna")
    board = await a_rich_board(anna)

    got = await exported(anna, board, "csv", bom=bom)
    report = await done(anna, got.content, into="new")

    again = await shown(anna, report["boards"][0]["board_id"], with_text=True)
    was = await shown(anna, board["id"], with_text=True)
    assert again == [[column for column in was[0] if column[1]], was[1]]
