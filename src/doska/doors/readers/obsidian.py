"""Obsidian Kanban, and any Markdown of headings and bullets: headings are columns, bullets cards."""

import re
from dataclasses import dataclass, field
from typing import Any

from doska.doors.fates import ASIDE, Table, kept
from doska.doors.formats import reads
from doska.doors.model import Board, Column, Extra, Label, Plan, Subtask, Task
from doska.doors.readers.obsidian_marks import (
    FINISHED,
    Marks,
    hidden,
    unescaped_frame,
    unescaped_item,
    unhidden,
)
from doska.doors.readers.reading import Reading
from doska.doors.readers.values import Ids, due, short
from doska.doors.source import SourceFile

TABLE: Table = {
    "front matter": ASIDE, "text": kept("boards.description"), "heading": kept("columns.title"),
    "card": kept("tasks.title"), "subtask": kept("subtasks.title"),
    "line": kept("tasks.description"), "done mark": kept("columns.status"),
    "archive mark": kept("tasks.archived_at"), "settings": ASIDE, "other": ASIDE,
}  # fmt: skip
# Two words stand in the language of whoever used the plugin, which has these: what makes a column
# one of done cards, and the title of the archive.
DONE = {
    "complete", "fertiggestellt", "completato", "concluído", "выполнено", "完了", "完成", "완료됨",
}  # fmt: skip
ARCHIVE = {
    "archive", "archiv", "archivio", "arquivado", "архивировать", "アーカイブ", "归档", "보관됨",
}  # fmt: skip
_HEADING = re.compile(r"#{1,6}(?=[ \t]|$)")
_BULLET = re.compile(r"(?P<mark>[-*+])[ \t]+(?:\[(?P<box>.)\](?:[ \t]+|$))?(?P<text>.*)")
_RULES = ("***", "---", "___")


def _is_obsidian(file: SourceFile) -> bool:
    head = file.data[:4096].removeprefix(b"\xef\xbb\xbf").lstrip()
    front = head.split(b"---", 2)[1] if head.startswith(b"---") else b""
    return re.search(rb"^kanban-plugin:", front, re.MULTILINE) is not None


@reads("obsidian", recognises=_is_obsidian)
def read(file: SourceFile) -> Plan:
    """Read a board of the plugin."""
    return _Obsidian(file, TABLE).board("obsidian")


@reads("markdown", recognises=lambda _: False, is_forgiving=True)
def read_markdown(file: SourceFile) -> Plan:
    """Read any file of headings and bullets, if it is named so."""
    return _Obsidian(file, TABLE).board("markdown")


@dataclass(slots=True)
class _Card:
    column: str | None
    lines: list[str]  # the first, and those below it, without their common indentation
    is_archived: bool
    is_checked: bool


@dataclass(slots=True)
class _State:
    columns: list[Column] = field(default_factory=list)
    cards: list[_Card] = field(default_factory=list)
    text: list[str] = field(default_factory=list)
    is_archive: bool = False
    was_rule: bool = False
    is_card: bool = False  # what is indented belongs to the last card


class _Obsidian(Reading):
    def board(self, name: str) -> Plan:
        lines = self.file.text.replace("\r\n", "\n").split("\n")
        self.ids = Ids()
        self.labels: dict[str, Label] = {}
        self.state = _State()
        extra: Extra = {}
        rest = self._settings(self._front(lines, extra), extra)
        self.is_ours = "doska-export: 1" in extra.get("front matter", "").split("\n")
        for line in rest:
            self._line(line, extra)
        text = "\n".join(self.state.text).strip("\n")
        board = Board(
            id=None,
            title="",
            description=unescaped_frame(text) if self.is_ours else text,
            columns=tuple(self.state.columns),
            tasks=tuple(map(self._task, self.state.cards)),
            labels=tuple(self.labels.values()),
            extra=extra,
        )
        return self.plan(name, [board])

    def _keep(self, kind: str, lines: list[str], extra: Extra) -> None:
        self.account.count(kind, sum(bool(line.strip()) for line in lines))
        extra[kind] = "\n".join(lines)

    def _front(self, lines: list[str], extra: Extra) -> list[str]:
        """Take the front matter off."""
        start = next((n for n, line in enumerate(lines) if line.strip()), 0)
        if lines[start].rstrip() != "---":
            return lines
        ends = [n for n in range(start + 1, len(lines)) if lines[n].rstrip() == "---"]
        if not ends:
            return lines
        self._keep("front matter", lines[: ends[0] + 1], extra)
        return lines[ends[0] + 1 :]

    def _settings(self, lines: list[str], extra: Extra) -> list[str]:
        """Take the plugin's settings off the end."""
        for place, line in enumerate(lines):
            if line.startswith("%% kanban:settings"):
                self._keep("settings", lines[place:], extra)
                return lines[:place]
        return lines

    def _line(self, line: str, extra: Extra) -> None:
        """Place a line: a heading, a card, what belongs to the card above, or neither."""
        state = self.state
        heading, bullet = _HEADING.match(line), _BULLET.fullmatch(line)
        is_below = line[:1] in (" ", "\t") or not line.strip()
        if heading:
            self._heading(_without_closing(line[heading.end() :].strip()))
        elif state.is_card and is_below:
            state.cards[-1].lines.append(line)
        elif bullet and (state.columns or state.is_archive):
            self._card(bullet)
        elif not state.columns:
            self.account.count("text", bool(line.strip()))
            state.text.append(line)
        elif line.strip():
            self._other(line.strip(), extra)
        if line.strip():
            state.was_rule = line.rstrip() in _RULES
            state.is_card = not heading and (
                (is_below and state.is_card) or bool(bullet and state.cards)
            )

    def _heading(self, title: str) -> None:
        state = self.state
        if state.was_rule and title.lower() in ARCHIVE:
            self.account.count("archive mark")
            state.is_archive = True
            return
        self.account.count("heading")
        state.is_archive = False
        state.columns.append(Column(id=self.ids.one("column", title), title=title))

    def _card(self, bullet: re.Match[str]) -> None:
        state = self.state
        if state.is_archive:
            self.warn("list-unknown", "archive")
        self.account.count("card")
        column = state.columns[-1].id if state.columns else ""
        is_checked = (bullet["box"] or " ") != " "
        state.cards.append(_Card(column, [bullet["text"]], state.is_archive, is_checked))

    def _other(self, line: str, extra: Extra) -> None:
        """Take the mark of a done column, a rule before the archive; the rest is aside."""
        state = self.state
        word = line.strip("*").strip().lower()
        column = state.columns[-1]
        is_first = not any(card.column == column.id for card in state.cards)
        if line.startswith("**") and word in DONE and is_first and not state.is_archive:
            self.account.count("done mark")
            state.columns[-1] = Column(id=column.id, title=column.title, status="DONE")
        elif line in _RULES:
            self.account.count("archive mark")
        else:
            self.account.count("other")
            extra.setdefault("other", []).append(line)

    def _task(self, card: _Card) -> Task:
        body, subtasks = self._below(card.lines[1:])
        if self.is_ours:
            marks = Marks(hidden(card.lines[0]), is_ours=True)
            title, description = unhidden(marks.rest.strip()), "\n".join(body)
        else:
            marks = Marks("\n".join([card.lines[0], *body]))
            title, _, description = marks.rest.partition("\n")
            title, description = re.sub(r"^#{1,6}[ \t]+", "", title), description.strip("\n")
        known = marks.block or f"{card.column}\x1e{title}"
        finished = self.at_time(self.placed(marks.finished))
        return Task(
            id=self.ids.one("card", known),
            column=card.column or None,
            title=title.strip(),
            description=description,
            is_archived=card.is_archived,
            status="DONE" if card.is_checked else None,
            completed_at=finished if card.is_checked else None,
            **due(self.placed(marks.due)),
            labels=tuple(map(self._label, marks.tags)),
            subtasks=subtasks,
        )

    def _label(self, title: str) -> str:
        return self.labels.setdefault(title, Label(id=short(title), title=title)).id

    def _below(self, lines: list[str]) -> tuple[list[str], tuple[Subtask, ...]]:
        """Part what stands below a card: boxes are subtasks, the rest is text."""
        text: list[str] = []
        subtasks: list[Subtask] = []
        indents = [len(line) - len(line.lstrip()) for line in lines if line.strip()]
        margin = min(indents, default=0)
        if self.is_ours:
            margin, lines = 1, [line for line in lines if line.startswith("\t")]
        for line in lines:
            bullet = _BULLET.fullmatch(line.strip())
            if bullet and bullet["box"]:
                self.account.count("subtask")
                subtasks.append(self._subtask(bullet, len(subtasks)))
            else:
                self.account.count("line", bool(line.strip()))
                cut = line[margin:]
                text.append(unescaped_item(cut) if self.is_ours else cut.rstrip())
        return text, tuple(subtasks)

    def _subtask(self, bullet: re.Match[str], number: int) -> Subtask:
        given = hidden(bullet["text"]) if self.is_ours else bullet["text"]
        title = FINISHED.sub("", given).strip()
        extra: Any = {"text": bullet["text"]} if title != given.strip() else {}
        done = bullet["box"] != " "
        return Subtask(id=str(number), title=unhidden(title), is_completed=done, extra=extra)


def _without_closing(title: str) -> str:
    """Take the closing signs off a heading: ``## Title ##``."""
    bare = title.rstrip("#")
    return bare.rstrip() if not bare or bare[-1].isspace() else title
