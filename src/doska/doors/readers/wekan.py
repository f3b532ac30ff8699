"""Wekan: a board's JSON, all tables flat beside each other."""

from collections.abc import Iterator
from typing import Any

from doska.doors import model
from doska.doors.formats import reads
from doska.doors.model import in_order
from doska.doors.readers.reading import Reading
from doska.doors.readers.values import (
    Json,
    bytes_of,
    dicts,
    due,
    inner,
    items,
    key_of,
    name_of,
    oldest_first,
    text,
    whole,
)
from doska.doors.readers.wekan_paths import TABLE
from doska.doors.source import SourceFile

KINDS = {"number": "number", "currency": "number", "checkbox": "checkbox", "date": "date"}


def _is_wekan(file: SourceFile) -> bool:
    return str(inner(file.json, "_format")).startswith("wekan-board-")


@reads("wekan", recognises=_is_wekan)
def read(file: SourceFile) -> model.Plan:
    """Read a board."""
    return _Wekan(file, TABLE).board()


Taken = tuple[Json, model.Extra]


class _Wekan(Reading):
    """Each table's rows are taken as they are needed; ``rest`` is what is no row of those."""

    def board(self) -> model.Plan:
        root = self.file.json
        self.users = {key_of(one.get("_id")): one for one, _ in self.rows("users")}
        labels, lists = self.rows("labels"), self.rows("lists")
        self.labels = {key_of(one.get("_id")) for one, _ in labels}
        self.lists = {key_of(one.get("_id")) for one, _ in lists}
        self.fields = {key_of(one.get("_id")): one for one, _ in self.rows("customFields")}
        self.checklists = self.by("checklists", "cardId")
        self.steps = self.by("checklistItems", "checklistId")
        self.comments = self.by("comments", "cardId")
        self.files = self.by("attachments", "cardId")
        tasks = [self._task(card, extra) for card, extra in self._cards()]
        taken = ("users", "labels", "lists", "customFields", "checklists", "checklistItems",
                 "comments", "attachments", "cards")  # fmt: skip
        extra = self.account.take(root, "", but=taken)
        board = model.Board(
            id=key_of(root.get("_id")) or None,
            title=text(root.get("title")),
            description=text(root.get("description")),
            is_archived=root.get("archived") is True,
            created_at=self.moment(root, "createdAt", "", extra),
            people=tuple(map(_person, self.users.values())),
            labels=tuple(_label(*taken) for taken in labels),
            columns=tuple(_column(*taken) for taken in in_order(lists, _sort)),
            tasks=tuple(tasks),
            extra=extra | self._left(),
        )
        return self.plan("wekan", [board])

    def rows(self, table: str) -> list[Taken]:
        path = f"{table}[]"
        return [
            (row, self.account.take(row, path)) for row in self.objects(self.file.json, table, "")
        ]

    def by(self, table: str, key: str) -> dict[str, list[Taken]]:
        """Group a table's rows by what they belong to, each group in order."""
        found: dict[str, list[Taken]] = {}
        for row, extra in self.rows(table):
            found.setdefault(key_of(row.get(key)), []).append((row, extra))
        return {one: in_order(rows, _sort) for one, rows in found.items()}

    def _left(self) -> model.Extra:
        """Give what belongs to no card: a board's background."""
        loose = [row for row, _ in self.files.get("", [])]
        for row in loose:
            for key in ("_id", "name", "file"):
                if key in row:
                    self.aside(row, key, "attachments[]", {})
        return {"attachments": loose} if loose else {}

    def _cards(self) -> Iterator[Taken]:
        """Give the cards by list, in it by swimlane and sort."""
        lanes = in_order(dicts(self.file.json.get("swimlanes")), lambda lane: lane.get("sort"))
        places = {key_of(lane.get("_id")): place for place, lane in enumerate(lanes)}
        groups: dict[tuple[str, int], list[Taken]] = {}
        for row, extra in self.rows("cards"):
            lane = places.get(key_of(row.get("swimlaneId")), len(places))
            groups.setdefault((key_of(row.get("listId")), lane), []).append((row, extra))
        for _, cards in sorted(groups.items(), key=lambda pair: pair[0][1]):
            yield from in_order(cards, _sort)

    def _task(self, card: Json, extra: model.Extra) -> model.Task:
        ident, column = key_of(card.get("_id")), key_of(card.get("listId"))
        if column not in self.lists:
            self.dangling("cards[].listId", "cards[]")
            extra["listId"] = card.get("listId")
        ended = self.moment(card, "endAt", "cards[]", extra)
        number = card.get("cardNumber")
        author = key_of(card.get("userId"))
        return model.Task(
            id=ident,
            column=column if column in self.lists else None,
            title=text(card.get("title")),
            description=text(card.get("description")),
            is_archived=card.get("archived") is True,
            status="DONE" if ended else None,
            number=whole(number),
            **due(self.when(card, "dueAt", "cards[]", extra)),
            created_at=self.moment(card, "createdAt", "cards[]", extra),
            updated_at=self.moment(card, "modifiedAt", "cards[]", extra),
            completed_at=ended,
            author=author if author in self.users else None,
            labels=self._known(card, "labelIds", self.labels, extra),
            assignees=self._assignees(card, extra),
            subtasks=tuple(self._subtasks(ident)),
            comments=oldest_first(map(self._comment, self.comments.get(ident, []))),
            attachments=tuple(self._attachments(ident, extra)),
            fields=tuple(self._fields(card)),
            extra=extra,
        )

    def _known(self, card: Json, key: str, known: Any, extra: model.Extra) -> tuple[str, ...]:
        found = dict.fromkeys(key_of(one) for one in items(card.get(key)))
        for gone in [one for one in found if one not in known]:
            self.dangling(f"cards[].{key}[]", "cards[]")
            extra.setdefault(key, []).append(gone)
            del found[gone]
        return tuple(found)

    def _assignees(self, card: Json, extra: model.Extra) -> tuple[str, ...]:
        members = self._known(card, "members", self.users, extra)
        return tuple(dict.fromkeys(members + self._known(card, "assignees", self.users, extra)))

    def _subtasks(self, card: str) -> Iterator[model.Subtask]:
        for checklist, _ in self.checklists.get(card, []):
            key = key_of(checklist.get("_id"))
            named = {"id": key, "name": text(checklist.get("title"))}
            for step, extra in self.steps.get(key, []):
                yield model.Subtask(
                    id=key_of(step.get("_id")),
                    title=text(step.get("title")),
                    is_completed=step.get("isFinished") is True,
                    checklist=named,
                    extra=extra,
                )

    def _comment(self, taken: Taken) -> model.Comment:
        row, extra = taken
        who = key_of(row.get("userId"))
        return model.Comment(
            id=key_of(row.get("_id")),
            text=text(row.get("text")),
            author=who if who in self.users else None,
            author_name=None if who in self.users else who,
            created_at=self.moment(row, "createdAt", "comments[]", extra),
            extra=extra,
        )

    def _attachments(self, card: str, extra: model.Extra) -> Iterator[model.Attachment]:
        """Give the files whose bytes are there; the names of the others are aside."""
        for row, left in self.files.get(card, []):
            content, name = bytes_of(row.get("file")), text(row.get("name"))
            if content is None:
                lost = self.put_aside(row, ("_id", "name", "file"), "attachments[]")
                extra.setdefault("attachments", []).append(left | lost)
            else:
                yield model.Attachment(
                    id=key_of(row.get("_id")), title=name, content=content, extra=left
                )

    def _fields(self, card: Json) -> Iterator[model.FieldValue]:
        for one in dicts(card.get("customFields")):
            ident, value = key_of(one.get("_id")), one.get("value")
            field = self.fields.get(ident)
            if field is None or value is None or value == "":
                continue
            options = dicts(inner(field, "settings", "dropdownItems"))
            names = {key_of(option.get("_id")): text(option.get("name")) for option in options}
            kind = "list" if names else KINDS.get(text(field.get("type")), "text")
            shown = value if isinstance(value, bool) else names.get(key_of(value)) or text(value)
            yield model.FieldValue(
                name=text(field.get("name")), value=shown, kind=kind, field_id=ident
            )


def _sort(taken: Taken) -> Any:
    return taken[0].get("sort")


def _person(user: Json) -> model.Person:
    name = name_of(inner(user, "profile", "fullname"))
    return model.Person(
        id=key_of(user.get("_id")), username=name_of(user.get("username")), name=name
    )


def _label(row: Json, extra: model.Extra) -> model.Label:
    title, color = text(row.get("name")), name_of(row.get("color"))
    return model.Label(id=key_of(row.get("_id")), title=title, color=color, extra=extra)


def _column(row: Json, extra: model.Extra) -> model.Column:
    limit = inner(row, "wipLimit", "value") if inner(row, "wipLimit", "enabled") is True else None
    return model.Column(
        id=key_of(row.get("_id")),
        title=text(row.get("title")),
        is_archived=row.get("archived") is True,
        task_limit=whole(limit),
        limit_is_hard=inner(row, "wipLimit", "soft") is False,
        extra=extra,
    )
