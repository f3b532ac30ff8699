"""4gaBoards: a zip of CSV tables, some of whose cells hold JSON."""

import json
from typing import Any

from doska.doors import model
from doska.doors.fates import ASIDE, Table, dropped, kept
from doska.doors.formats import reads
from doska.doors.model import in_order
from doska.doors.readers.reading import Reading
from doska.doors.readers.tables import sheet
from doska.doors.readers.values import Json, due, inner, name_of, oldest_first, text, under
from doska.doors.source import SourceFile

DERIVED, VIEW = dropped("derived"), dropped("view-state")
TABLE: Table = {
    **under("boards[]", {"id": kept("import_refs"), "name": kept("boards.title"),
                         "position": kept("order"), "projectId": ASIDE}),
    **under("lists[]", {
        "id": kept("import_refs"), "name": kept("columns.title"), "position": kept("order"),
        "isCollapsed": VIEW, "boardId": kept("columns.board_id"),
    }),
    **under("cards[]", {
        "id": kept("import_refs"), "name": kept("tasks.title"), "position": kept("order"),
        "description": kept("tasks.description"), "dueDate": kept("tasks.due_at"),
        "listId": kept("tasks.column_id"), "boardId": DERIVED, "commentCount": DERIVED,
        "createdAt": kept("tasks.created_at"), "updatedAt": kept("tasks.updated_at"),
        "timer": ASIDE, "coverAttachmentId": ASIDE,
    }),
    **under("labels[]", {"id": kept("import_refs"), "name": kept("labels.title"),
                         "color": kept("labels.color"), "boardId": kept("labels.board_id")}),
    **under("cardLabels[]", {"id": DERIVED, "cardId": kept("tasks.labels"),
                             "labelId": kept("tasks.labels")}),
    **under("cardMemberships[]", {"id": DERIVED, "cardId": kept("tasks.assignees"),
                                  "userId": kept("tasks.assignees")}),
    **under("tasks[]", {
        "id": kept("import_refs"), "name": kept("subtasks.title"), "position": kept("order"),
        "isCompleted": kept("subtasks.is_completed"), "cardId": kept("subtasks.task_id"),
        "dueDate": ASIDE,
    }),
    **under("comments[]", {
        "id": kept("import_refs"), "data": kept("comments.body"),
        "cardId": kept("comments.task_id"), "userId": kept("comments.author"),
        "createdAt": kept("comments.created_at"),
    }),
    **under("users[]", {"id": kept("people"), "name": kept("people"), "username": kept("people"),
                        "avatar": ASIDE, "email": dropped("derived")}),
    **under("attachments[]", {"id": kept("import_refs"), "name": kept("attachments.title"),
                              "url": kept("attachments.url"), "cardId": kept("attachments.task_id")}),
    "other files": ASIDE,
}  # fmt: skip
Taken = tuple[Json, model.Extra]


def _tables(file: SourceFile) -> dict[str, str]:
    """Return the tables by their names: a CSV each."""
    names = {name: name.rpartition("/")[2] for name in file.entries}
    return {short[:-4]: name for name, short in names.items() if short.endswith(".csv")}


@reads("4ga", recognises=lambda file: {"cards", "lists"} <= _tables(file).keys())
def read(file: SourceFile) -> model.Plan:
    """Read all boards of a file."""
    return _FourGa(file, TABLE).all()


class _FourGa(Reading):
    def all(self) -> model.Plan:
        tables = _tables(self.file)
        self.tables = {name: self._rows(name, entry) for name, entry in tables.items()}
        others = [name for name in self.file.entries if name not in tables.values()]
        self.account.count("other files", len(others))
        self.labels_of = self._by("cardLabels", "cardId")
        self.members_of = self._by("cardMemberships", "cardId")
        self.steps_of = self._by("tasks", "cardId")
        self.comments_of = self._by("comments", "cardId")
        self.links_of = self._by("attachments", "cardId")
        self.users = {row["id"]: row for row, _ in self.tables.get("users", []) if "id" in row}
        self.lists_of, self.all_labels = self._by("lists", "boardId"), self._by("labels", "boardId")
        self.cards_of = self._by("cards", "listId")
        boards = self.tables.get("boards") or [({}, {})]
        return self.plan("4ga", (self._board(*taken) for taken in in_order(boards, _position)))

    def _rows(self, name: str, entry: str) -> list[Taken]:
        """Take a table's rows as objects: a cell beyond the header is aside."""
        found = []
        table = sheet(self.file.opened(entry))
        for row in table.rows:
            given: Json = dict(zip(table.headers, row, strict=False))
            rest = list(row[len(given) :]) if len(row) > len(table.headers) else []
            extra = self.account.take(given, f"{name}[]")
            if rest:
                extra["more"] = self.account.take(rest, f"{name}[].more", fate=ASIDE)
            found.append((given, {key: value for key, value in extra.items() if value != ""}))
        return found

    def _by(self, table: str, key: str) -> dict[str, list[Taken]]:
        found: dict[str, list[Taken]] = {}
        for taken in self.tables.get(table, []):
            found.setdefault(taken[0].get(key, ""), []).append(taken)
        return {one: in_order(rows, _position) for one, rows in found.items()}

    def _board(self, board: Json, extra: model.Extra) -> model.Board:
        ident = board.get("id", "")
        lists = self.lists_of.get(ident, [])
        known = ("boards", "lists", "cards", "labels", "cardLabels", "cardMemberships", "tasks",
                 "comments", "users", "attachments")  # fmt: skip
        for name in self.tables.keys() - set(known):
            extra[name] = [left for _, left in self.tables[name]]
        return model.Board(
            id=ident or None,
            title=text(board.get("name")),
            people=tuple(
                model.Person(
                    id=one, name=name_of(row.get("name")), username=name_of(row.get("username"))
                )
                for one, row in self.users.items()
            ),
            labels=tuple(
                model.Label(
                    id=row.get("id", ""),
                    title=text(row.get("name")),
                    color=name_of(row.get("color")),
                    extra=left,
                )
                for row, left in self.all_labels.get(ident, [])
            ),
            columns=tuple(
                model.Column(id=row.get("id", ""), title=text(row.get("name")), extra=left)
                for row, left in lists
            ),
            tasks=tuple(
                self._task(card, left)
                for row, _ in lists
                for card, left in self.cards_of.get(row.get("id", ""), [])
            ),
            extra=extra,
        )

    def _task(self, card: Json, extra: model.Extra) -> model.Task:
        ident = card.get("id", "")
        dates = {key: _value(card.get(key, "")) for key in ("dueDate", "createdAt", "updatedAt")}
        people = [row.get("userId", "") for row, _ in self.members_of.get(ident, [])]
        return model.Task(
            id=ident,
            column=card.get("listId"),
            title=text(card.get("name")),
            description=text(card.get("description")),
            **due(self.when(dates, "dueDate", "cards[]", extra)),
            created_at=self.moment(dates, "createdAt", "cards[]", extra),
            updated_at=self.moment(dates, "updatedAt", "cards[]", extra),
            labels=tuple(row.get("labelId", "") for row, _ in self.labels_of.get(ident, [])),
            assignees=tuple(one for one in people if one in self.users),
            subtasks=tuple(
                model.Subtask(
                    id=row.get("id", ""),
                    title=text(row.get("name")),
                    is_completed=row.get("isCompleted") == "true",
                    extra=left,
                )
                for row, left in self.steps_of.get(ident, [])
            ),
            comments=oldest_first(
                self._comment(*taken) for taken in self.comments_of.get(ident, [])
            ),
            attachments=tuple(
                model.Attachment(id=row.get("id", ""), title=text(row.get("name")), url=row["url"])
                for row, _ in self.links_of.get(ident, [])
                if row.get("url")
            ),
            extra=extra,
        )

    def _comment(self, row: Json, extra: model.Extra) -> model.Comment:
        data = _value(row.get("data", ""))
        who = row.get("userId", "")
        dates = {"createdAt": _value(row.get("createdAt", ""))}
        return model.Comment(
            id=row.get("id", ""),
            text=text(inner(data, "text")) if isinstance(data, dict) else text(data),
            author=who if who in self.users else None,
            author_name=None if who in self.users else name_of(inner(data, "userName")),
            created_at=self.moment(dates, "createdAt", "comments[]", extra),
            extra=extra,
        )


def _position(taken: Taken) -> Any:
    return taken[0].get("position")


def _value(cell: str) -> Any:
    """Read a cell that may hold JSON."""
    if cell[:1] not in ('"', "{", "["):
        return cell
    try:
        return json.loads(cell)
    except (ValueError, RecursionError):
        return cell
