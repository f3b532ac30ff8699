"""Nextcloud Deck: boards with their stacks, as ``occ deck:export`` and the app's button write them."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from doska.doors import model
from doska.doors.fates import ASIDE, SECRET, Table, dropped, kept
from doska.doors.formats import reads
from doska.doors.model import in_order
from doska.doors.readers.dates import of_unix
from doska.doors.readers.reading import ASKED, Reading
from doska.doors.readers.values import (
    Json,
    bytes_of,
    dicts,
    due,
    inner,
    key_of,
    name_of,
    oldest_first,
    text,
    under,
)
from doska.doors.source import SourceFile

DERIVED, SERVICE, VIEW = dropped("derived"), dropped("service"), dropped("view-state")
PERSON: Table = {
    "uid": kept("people"), "displayname": kept("people"), "primaryKey": DERIVED, "type": SERVICE,
}  # fmt: skip
CARD: Table = {
    "id": kept("import_refs"), "title": kept("tasks.title"), "order": kept("order"),
    "description": kept("tasks.description"), "duedate": kept("tasks.due_at"),
    "done": kept("tasks.completed_at"), "archived": kept("tasks.archived_at"),
    "createdAt": kept("tasks.created_at"), "lastModified": kept("tasks.updated_at"),
    "owner": kept("author"), **under("owner", PERSON), "stackId": DERIVED, "boardId": DERIVED,
    "labels": kept("tasks.labels"), "labels[].boardId": DERIVED, "labels[].cardId": DERIVED,
    "labels[].lastModified": ASIDE, "labels[].ETag": SERVICE,
    "assignedUsers": kept("tasks.assignees"), "assignedUsers[].id": DERIVED,
    "assignedUsers[].cardId": DERIVED, "assignedUsers[].type": SERVICE,
    **under("assignedUsers[].participant", PERSON),
    "attachments[].id": kept("import_refs"), "attachments[].data": kept("attachments.title"),
    "attachments[].contentBase64": kept("attachments.content"), "attachments[].cardId": DERIVED,
    "comments[].id": kept("import_refs"), "comments[].message": kept("comments.body"),
    "comments[].actorId": kept("comments.author"), "comments[].actorDisplayName": kept("people"),
    "comments[].creationDateTime": kept("comments.created_at"),
    "commentsCount": DERIVED, "attachmentCount": DERIVED, "commentsUnread": VIEW,
    "color": ASIDE, "type": SERVICE, "startdate": ASIDE, "attachments": ASIDE, "comments": ASIDE,
    "lastEditor": ASIDE, "board": DERIVED, "relatedBoard": DERIVED, "relatedStack": DERIVED, "overdue": DERIVED, "notified": SERVICE, "ETag": SERVICE, "deletedAt": kept("tasks.archived_at"),
}  # fmt: skip
BOARD: Table = {
    "id": kept("import_refs"), "title": kept("boards.title"), "archived": kept("boards.archived_at"),
    "color": kept("boards.color"), "shareToken": SECRET, "settings": VIEW, "permissions": SERVICE,
    "ETag": SERVICE, "deletedAt": kept("boards.archived_at"), "acl": ASIDE,
    "owner": ASIDE, "users": kept("people"), "activeSessions": SERVICE,
    "labels[].id": kept("import_refs"), "labels[].title": kept("labels.title"),
    "labels[].color": kept("labels.color"), "labels[].boardId": DERIVED, "labels[].cardId": DERIVED,
    "labels[].ETag": SERVICE, "labels[].lastModified": ASIDE, "lastModified": ASIDE,
    "shared": VIEW,
}  # fmt: skip
STACK: Table = {
    "id": kept("import_refs"), "title": kept("columns.title"), "order": kept("order"),
    "isDoneColumn": kept("columns.status"), "boardId": DERIVED, "ETag": SERVICE,
    "deletedAt": kept("columns.archived_at"), "lastModified": ASIDE,
}  # fmt: skip
SHAPES = ("[]", "{}")


def _table(prefix: str) -> Table:
    stacks = [(f"{prefix}.stacks{shape}".removeprefix("."), STACK) for shape in SHAPES]
    cards = [(f"{path}.cards{shape}", CARD) for path, _ in stacks for shape in SHAPES]
    found: dict[str, Any] = {"version": SERVICE}
    for path, table in [(prefix, BOARD), *stacks, *cards]:
        found |= under(path, table)
    return found


def _where(value: Any) -> str | None:
    """Tell at which path boards stand; None if it is no such file."""
    if not isinstance(value, dict | list) or not value:
        return None
    if isinstance(value, dict) and isinstance(value.get("boards"), dict | list):
        boards, path = value["boards"], "boards"
    elif isinstance(value, dict) and isinstance(value.get("stacks"), dict | list):
        return ""
    else:
        boards, path = value, ""
    found = dicts(boards)
    if not found or not all("stacks" in board and "title" in board for board in found):
        return None
    return path + ("[]" if isinstance(boards, list) else "{}")


@reads("deck", recognises=lambda file: _where(file.json) is not None)
def read(file: SourceFile) -> model.Plan:
    """Read all boards of a file."""
    path = _where(file.json) or ""
    return _Deck(file, _table(path)).boards(path)


class _Deck(Reading):
    def boards(self, path: str) -> model.Plan:
        root = self.file.json
        if path.startswith("boards"):
            boards = [board for board, _ in self.members(root, "boards", "")]
            self.account.take(root, "", but=("boards",))
        else:
            boards = dicts(root) if path else [root]
        found = [self._board(board, path) for board in boards if not self._is_gone(board, path)]
        return self.plan("deck", found)

    def _is_gone(self, thing: Json, path: str) -> bool:
        """Leave out what was deleted, unless it is asked for."""
        is_gone = of_unix(thing.get("deletedAt")) is not None and self.options.deleted != "archive"
        if is_gone:
            self.account.take(thing, path, fate=ASKED)
        return is_gone

    def _board(self, board: Json, path: str) -> model.Board:
        self.people: dict[str, model.Person] = {}
        self.labels: dict[str, model.Label] = {}
        extra = self.account.take(board, path, but=("stacks",))
        for user in dicts(board.get("users")):
            self._person(user)
        for label in dicts(board.get("labels")):
            self._label(label)
        pairs = [
            (stack, where)
            for stack, where in self.members(board, "stacks", path)
            if not self._is_gone(stack, where)
        ]
        stacks = in_order(pairs, lambda pair: pair[0].get("order"))
        parts = [self._stack(stack, where) for stack, where in stacks]
        color = name_of(board.get("color"))
        return model.Board(
            id=key_of(board.get("id")) or None,
            title=text(board.get("title")),
            color=f"#{color.lstrip('#')}" if color else None,
            is_archived=board.get("archived") is True or bool(of_unix(board.get("deletedAt"))),
            columns=tuple(column for column, _ in parts),
            tasks=tuple(task for _, tasks in parts for task in tasks),
            people=tuple(self.people.values()),
            labels=tuple(self.labels.values()),
            extra=extra,
        )

    def _stack(self, stack: Json, path: str) -> tuple[model.Column, list[model.Task]]:
        extra = self.account.take(stack, path, but=("cards",))
        column = model.Column(
            id=key_of(stack.get("id")),
            title=text(stack.get("title")),
            is_archived=bool(of_unix(stack.get("deletedAt"))),
            status="DONE" if stack.get("isDoneColumn") is True else None,
            extra=extra,
        )
        cards = in_order(self.members(stack, "cards", path), lambda pair: pair[0].get("order"))
        return column, [
            self._task(card, where, column.id)
            for card, where in cards
            if not self._is_gone(card, where)
        ]

    def _task(self, card: Json, path: str, column: str) -> model.Task:
        extra = self.account.take(card, path)
        done = self.moment(card, "done", path, extra) if card.get("done") is not True else None
        is_done = done is not None or card.get("done") is True
        return model.Task(
            id=key_of(card.get("id")),
            column=column,
            title=text(card.get("title")),
            description=text(card.get("description")),
            is_archived=card.get("archived") is True or bool(of_unix(card.get("deletedAt"))),
            status="DONE" if is_done else None,
            completed_at=done,
            **due(self.when(card, "duedate", path, extra)),
            created_at=of_unix(card.get("createdAt")),
            updated_at=of_unix(card.get("lastModified")),
            author=self._person(card.get("owner")),
            labels=tuple(dict.fromkeys(self._label(one) for one in dicts(card.get("labels")))),
            assignees=tuple(dict.fromkeys(self._assignees(card))),
            comments=self._comments(card, path),
            attachments=tuple(self._attachments(card, path, extra)),
            extra=extra,
        )

    def _person(self, user: Any) -> str | None:
        """Take a user: an object, or only its id."""
        uid = key_of(inner(user, "uid")) or key_of(user)
        name = name_of(inner(user, "displayname"))
        if not uid:
            return None
        if uid not in self.people or name:
            self.people[uid] = model.Person(id=uid, username=uid, name=name)
        return uid

    def _assignees(self, card: Json) -> Iterator[str]:
        for one in dicts(card.get("assignedUsers")):
            if who := self._person(one.get("participant")):
                yield who

    def _label(self, label: Json) -> str:
        color, title = name_of(label.get("color")), text(label.get("title"))
        ident = key_of(label.get("id")) or title
        made = model.Label(id=ident, title=title, color=f"#{color.lstrip('#')}" if color else None)
        return self.labels.setdefault(ident, made).id

    def _comments(self, card: Json, path: str) -> tuple[model.Comment, ...]:
        found = [self._comment(comment) for comment in dicts(card.get("comments"))]
        count = card.get("commentsCount")
        if isinstance(count, int) and count > len(found):
            self.warn("comments-missing", path, count - len(found))
        return oldest_first(found)

    def _comment(self, comment: Json) -> model.Comment:
        who = {"uid": comment.get("actorId"), "displayname": comment.get("actorDisplayName")}
        at: datetime | None = self.moment(comment, "creationDateTime", "", {})
        author, ident = self._person(who), key_of(comment.get("id"))
        return model.Comment(
            id=ident, text=text(comment.get("message")), author=author, created_at=at
        )

    def _attachments(self, card: Json, path: str, extra: model.Extra) -> Iterator[model.Attachment]:
        """Give the files whose bytes are there; of the others the names are aside."""
        for one in dicts(card.get("attachments")):
            content, name = bytes_of(one.get("contentBase64")), text(one.get("data"))
            if content is None:
                keys = ("id", "data", "contentBase64")
                left = self.put_aside(one, keys, f"{path}.attachments[]")
                extra.setdefault("files", []).append(left)
            else:
                yield model.Attachment(
                    id=key_of(one.get("id")) or name, title=name, content=content
                )
