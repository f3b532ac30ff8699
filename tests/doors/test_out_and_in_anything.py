"""Boards of any texts as CSV and Markdown: each value is in its place, and back again."""

import csv
import io
from dataclasses import dataclass
from typing import Any

from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from test_out_and_in import shown

from api import Api, Json, Person
from exporting import exported, rows_of
from importing import all_items, done
from labels import a_label
from log_deeds import examples

SIGNS = (
    "#", "#tag", "@", "@{2026-01-01}", "@@{10:30}", "@[[2026-01-01]]", "^id", "^", "\\", "\\#", "- [ ] ", "- [x]", "-",
    "* ", "***", "---", "## ", "# Archive", "Archive", "**Complete**", "%% kanban:settings", "```", "[[x]]", "📅 2026-01-01",
    "✅", "✅ 2026-01-01", "=1+1", "+", "'", "''=", "@SUM", "\uff1d", '"', '""', ",", ";", "|", "1. ", "> ", "x", "Step", "é", "👩‍🚀", " ",
    "[x] ", "[ ]", "$1", "a:b", "\u2028", "\u00a0", "{}", "<b>",
)  # fmt: skip
TITLES = st.lists(st.sampled_from(SIGNS), min_size=1, max_size=5).map("".join)
TEXTS = st.lists(st.sampled_from((*SIGNS, "\n", "\n", "\t", "\n\t- [ ] ")), max_size=8).map(
    lambda signs: "".join(signs) if "".join(signs).strip() else ""  # blank cells are empty ones
)
FORMULAS = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")  # noqa: RUF001


@dataclass(frozen=True)
class Card:
    """A task as it is asked for."""

    column: int
    title: str
    text: str
    steps: list[tuple[str, bool]]
    due_on: str | None
    is_labelled: bool
    is_archived: bool


CARDS = st.builds(
    Card, st.integers(0, 2), TITLES, TEXTS, st.lists(st.tuples(TITLES, st.booleans()), max_size=3),
    st.sampled_from((None, "2026-05-03")), st.booleans(), st.booleans(),
)  # fmt: skip
BOARDS = st.tuples(
    TEXTS, st.lists(TITLES, min_size=3, max_size=3), st.lists(CARDS, min_size=4, max_size=10)
)
TRIED = settings(examples(6), phases=[Phase.generate], derandomize=True)  # each takes seconds
Given = tuple[str, list[str], list[Card]]


async def a_board(person: Person, given: Given) -> Json:
    """Make what can be made of it: the server refuses titles without anything visible."""
    text, titles, cards = given
    board = await person.board("Any", columns=[], description=text)
    made = [await person.post("/columns", board_id=board["id"], title=title) for title in titles]
    columns = [answer.json() for answer in made if answer.is_success]
    columns.append(await person.column(board, "Last"))
    label = await a_label(person, board, "Bug")
    for card in cards:
        column = columns[card.column % len(columns)]
        labels = [label["id"]] if card.is_labelled else []
        fields = {"due_on": card.due_on, "label_ids": labels, "is_archived": card.is_archived}
        body = {"column_id": column["id"], "title": card.title, "description": card.text, **fields}
        answer = await person.post("/tasks", **body)
        for title, is_completed in card.steps if answer.is_success else ():
            step = {"task_id": answer.json()["id"], "title": title, "is_completed": is_completed}
            await person.post("/subtasks", **step)
    return board


@TRIED
@given(BOARDS)
async def test_any_board_reads_back_from_markdown(api: Api, given: Given) -> None:
    anna = await api.user()
    board = await a_board(anna, given)

    got = await exported(anna, board, "markdown")
    report = await done(anna, got.content, into="new")

    again = report["boards"][0]["board_id"]
    assert await told(anna, again) == await told(anna, board["id"]), got.text
    text = (await anna.read(f"/boards/{board['id']}"))["description"]
    assert (await anna.read(f"/boards/{again}"))["description"] == text.strip("\n")


@TRIED
@given(BOARDS)
async def test_any_board_is_a_table_without_formulas_and_reads_back(api: Api, given: Given) -> None:
    anna = await api.user()
    board = await a_board(anna, given)
    tasks = await all_items(anna, "/tasks", board_id=board["id"], archived="all")
    found = [await anna.read(f"/tasks/{task['id']}") for task in tasks]

    got = await exported(anna, board, "csv")

    cells = [cell for row in csv.reader(io.StringIO(got.text, newline="")) for cell in row]
    assert not [cell for cell in cells if cell.startswith(FORMULAS)]
    rows = {row["id"]: row for row in rows_of(got)}
    assert [_row(rows[task["id"]]) for task in found] == [_task(task) for task in found]
    report = await done(anna, got.content, into="new")
    assert await filled(anna, report["boards"][0]["board_id"]) == await filled(anna, board["id"])


async def told(person: Person, board_id: str) -> tuple[list[Any], list[str]]:
    """Give columns with their tasks, and the titles of archived ones, which are in no order."""
    columns, archived = await shown(person, board_id, with_text=True)
    return columns, sorted(archived)


async def filled(person: Person, board_id: str) -> tuple[list[Any], list[str]]:
    """Give only columns with tasks, as others have no row."""
    columns, archived = await told(person, board_id)
    return [column for column in columns if column[1]], archived


def _row(row: dict[str, str]) -> list[Any]:
    return [row["title"], row["description"], row["status"], row["due_at"], row["key"]]


def _task(task: Json) -> list[Any]:
    due = task["due_on"] or task["due_at"] or ""
    return [task["title"], task["description"], task["status"], due, task["key"]]
