"""Markdown as the Obsidian plugin Kanban reads it: headings are columns, items are tasks."""

import re
from typing import Any

BEGINNING = "---\n\nkanban-plugin: board\ndoska-export: 1\n\n---\n"  # so that escapes are known
ARCHIVE = "\n***\n\n## Archive\n"
END = '\n%% kanban:settings\n```\n{"kanban-plugin":"board"}\n```\n%%\n'
COMPLETE = "\n**Complete**\n"

# Signs that would be read as something else: tags, dates, links to blocks.
_MEANING = re.compile(
    r"(?<!\w)#(?=\S)|^#|@(?=@?\{|\[\[)|[\U0001f4c5\u2705]|(?:(?<=\s)|^)\^(?=[\w-]+$)|\\"
)
_ITEM = re.compile(r"^(\s*)(\\*[-*+])(?=\s)")
_FRAME = re.compile(
    r"^\\*(?:#{1,6}(?=[ \t]|$)|(?:\*\*\*|---|___)\s*$|%% kanban:settings)", re.MULTILINE
)
_NO_TAG = re.compile(r"[^\w/-]+")


def plain(text: str) -> str:
    """Write a line so that it is read as this text."""
    return _MEANING.sub(r"\\\g<0>", text)


def heading(column: dict[str, Any]) -> str:
    """Write a column's heading; one that completes tasks says so in its first paragraph."""
    complete = COMPLETE if column["status"] == "DONE" else ""
    closing = (
        " ##" if column["title"].endswith("#") else ""
    )  # or its own sign would be taken for it
    return f"\n## {column['title']}{closing}\n{complete}"


def text_above(text: str) -> str:
    """Write a board's description, in which no line begins a column, the archive, or settings."""
    return _FRAME.sub(r"\\\g<0>", text)


def item(task: dict[str, Any], labels: dict[str, str]) -> str:
    """Write a task: its line, its subtasks, its description; ``labels`` are titles by id."""
    tags = [f"#{tag}" for label_id in task["label_ids"] if (tag := _tag(labels[label_id]))]
    words = " ".join([plain(task["title"]), *_due(task), *tags])
    steps = [
        f"\t- [{'x' if step['is_completed'] else ' '}] {plain(step['title'])}"
        for step in task["subtasks"]
    ]
    text = [f"\t{_described(line)}" for line in _lines(task["description"])]
    box = "x" if task["status"] == "DONE" else " "
    return "\n".join([f"- [{box}] {words}", *steps, *text]) + "\n"


def _due(task: dict[str, Any]) -> list[str]:
    """Write a day, or a time in UTC to the minute: more is not to be had."""
    if task["due_on"]:
        return [f"@{{{task['due_on']}}}"]
    if task["due_at"]:
        return [f"@{{{task['due_at'][:10]}}}", f"@@{{{task['due_at'][11:16]}}}"]
    return []


def _tag(title: str) -> str:
    """Write a label as a tag, which has no spaces and few signs."""
    return _NO_TAG.sub("-", title).strip("-")


def _described(line: str) -> str:
    """Write a line of a description, in which no item is a subtask."""
    return _ITEM.sub(r"\1\\\2", line)


def _lines(text: str) -> list[str]:
    return text.replace("\r\n", "\n").split("\n") if text else []
