"""CSV (RFC 4180): a task a row, its subtasks as lines of a cell."""

import csv
import io
import re
from collections.abc import Iterable
from typing import Any

HEADER = (
    "id", "key", "title", "description", "column", "status", "priority", "due_at", "assignees",
    "labels", "subtasks", "is_archived", "created_at", "updated_at", "completed_at",
)  # fmt: skip
BOM = "\ufeff".encode()

# What spreadsheets take for a formula; and texts that would look like one that was made safe.
_FORMULA = re.compile("'*[=+\\-@\t\r＝＋－＠]")  # noqa: RUF001  # full-width ones are meant


def safe(text: str) -> str:
    """Keep a spreadsheet from running a text; our import removes the apostrophe again."""
    return f"'{text}" if _FORMULA.match(text) else text


def lines(rows: Iterable[Iterable[str]]) -> bytes:
    """Write rows, each cell made safe."""
    out = io.StringIO(newline="")
    csv.writer(out, lineterminator="\r\n").writerows([safe(cell) for cell in row] for row in rows)
    return out.getvalue().encode()


def row_of(task: dict[str, Any], head: dict[str, Any]) -> list[str]:
    """Write a task's cells, in the order of ``HEADER``."""
    columns = {column["id"]: column["title"] for column in head["columns"]}
    labels = {label["id"]: label["title"] for label in head["labels"]}
    return [
        task["id"],
        f"{head['board']['key']}-{task['number']}",
        task["title"],
        task["description"],
        columns[task["column_id"]],
        task["status"],
        task["priority"],
        task["due_at"] or task["due_on"] or "",
        ", ".join(person["username"] for person in task["assignees"]),
        ", ".join(labels[label_id] for label_id in task["label_ids"]),
        "\n".join(_step(step) for step in task["subtasks"]),
        "true" if task["archived_at"] else "false",
        task["created_at"],
        task["updated_at"],
        task["completed_at"] or "",
    ]


def _step(step: dict[str, Any]) -> str:
    return f"[{'x' if step['is_completed'] else ' '}] {step['title']}"
