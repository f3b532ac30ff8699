"""Jira's documents (a tree of nodes, ADF) as Markdown."""

from typing import Any

from doska.doors.readers.values import Json, dicts, inner, text

LEVELS = range(1, 7)
MARKS = {"strong": "**", "em": "*", "strike": "~~", "code": "`"}


def markdown_of(value: Any) -> str:
    """Write a description or a comment: a text as it is, a tree as Markdown."""
    return _blocks(dicts(inner(value, "content"))) if isinstance(value, dict) else text(value)


def _blocks(nodes: list[Json]) -> str:
    return "\n\n".join(part for part in map(_block, nodes) if part)


def _block(node: Json) -> str:
    kind, content = node.get("type"), dicts(node.get("content"))
    if kind == "heading":
        level = inner(node, "attrs", "level")
        return "#" * (level if level in LEVELS else 1) + " " + _line(content)
    if kind in ("bulletList", "orderedList", "taskList", "decisionList"):
        return "\n".join(_item(one, place, kind) for place, one in enumerate(content, 1))
    if kind == "codeBlock":
        return f"```{text(inner(node, 'attrs', 'language'))}\n{_line(content)}\n```"
    if kind in ("blockquote", "panel"):
        return "\n".join(f"> {line}" for line in _blocks(content).split("\n"))
    if kind in ("rule", "table"):
        return _table(content) or "---"
    is_inline = any(_is_inline(one) for one in content) or kind == "paragraph"
    return _line(content) if is_inline else _blocks(content) or _inline(node)


def _is_inline(node: Json) -> bool:
    return node.get("type") in (
        "text",
        "hardBreak",
        "mention",
        "emoji",
        "inlineCard",
        "date",
        "status",
    )


def _item(node: Json, place: int, kind: str) -> str:
    mark = {"orderedList": f"{place}. ", "taskList": "- [ ] "}.get(kind, "- ")
    if kind == "taskList" and inner(node, "attrs", "state") == "DONE":
        mark = "- [x] "
    inside = _block(node) if kind not in ("bulletList", "orderedList") else _tight(node)
    return mark + inside.replace("\n", "\n" + " " * (2 if kind != "orderedList" else 3))


def _tight(node: Json) -> str:
    return "\n".join(part for part in map(_block, dicts(node.get("content"))) if part)


def _table(rows: list[Json]) -> str:
    lines = []
    for place, row in enumerate(rows):
        cells = [_blocks(dicts(cell.get("content"))) for cell in dicts(row.get("content"))]
        lines.append("| " + " | ".join(cell.replace("\n", " ") for cell in cells) + " |")
        if place == 0:
            lines.append("|" + " --- |" * len(cells))
    return "\n".join(lines)


def _line(nodes: list[Json]) -> str:
    return "".join(map(_inline, nodes))


def _inline(node: Json) -> str:
    kind = node.get("type")
    if kind == "hardBreak":
        return "\n"
    attrs = inner(node, "attrs")
    said = inner(attrs, "text") or inner(attrs, "shortName") or inner(attrs, "url")
    found = text(node.get("text")) or text(said)
    for mark in dicts(node.get("marks")):
        name = text(mark.get("type"))
        if name == "link":
            found = f"[{found}]({text(inner(mark, 'attrs', 'href'))})"
        elif name in MARKS:
            found = MARKS[name] + found + MARKS[name]
    return found
