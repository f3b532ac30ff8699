"""Planka's cards, with all that belongs to them."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from doska.doors.model import Attachment, Comment, FieldValue, Subtask, Task
from doska.doors.readers.values import Json, due, inner, key_of, oldest_first, text

if TYPE_CHECKING:
    from doska.doors.readers.planka import _Planka

GONE = ("archive", "trash")


class Cards:
    """The cards of a board, with all that belongs to them."""

    def __init__(self, reading: "_Planka") -> None:
        self.reading = reading
        self.people = {key_of(row.get("id")) for row, *_ in reading.of("users")}
        self.labels = {key_of(row.get("id")) for row, *_ in reading.of("labels")}
        self.lists = {key_of(row.get("id")): row for row, *_ in reading.of("lists")}
        self.first = next((key_of(row.get("id")) for row, *_ in reading.shown_lists()), None)
        self.groups = {key_of(row.get("id")): row for row, *_ in reading.of("customFieldGroups")}
        self.fields = {key_of(row.get("id")): row for row, *_ in reading.of("customFields")}
        tables = ("cardMemberships", "cardLabels", "customFieldValues", "attachments", "comments")
        self.of = {table: reading.by(table, "cardId") for table in tables}
        self.checklists = reading.by("taskLists", "cardId")
        self.steps = reading.by("tasks", "taskListId")
        self.loose_steps = reading.by("tasks", "cardId")

    def all(self) -> Iterator[Task]:
        """Make tasks of all cards, those of a list in their order."""
        by_list = self.reading.by("cards", "listId")
        return (self._task(*taken) for cards in by_list.values() for taken in cards)

    def _list_of(self, card: Json) -> Json:
        return self.lists.get(key_of(card.get("listId")), {})

    def _task(self, card: Json, extra: Any, path: str) -> Task:
        ident, reading = key_of(card.get("id")), self.reading
        creator = key_of(card.get("creatorUserId"))
        comments = self._comments(ident)
        missing = (
            (card.get("commentsTotal") or 0) if isinstance(card.get("commentsTotal"), int) else 0
        )
        if missing > len(comments):
            reading.warn("comments-missing", "cards[].commentsTotal", missing - len(comments))
        return Task(
            id=ident,
            column=self._column(card),
            title=text(card.get("name")),
            description=text(card.get("description")),
            is_archived=is_hidden(self._list_of(card)),
            status="DONE" if card.get("isClosed") is True else None,
            **due(reading.when(card, "dueDate", path, extra)),
            created_at=reading.moment(card, "createdAt", path, extra),
            updated_at=reading.moment(card, "updatedAt", path, extra),
            author=creator if creator in self.people else None,
            labels=self._known(ident, "cardLabels", "labelId", self.labels),
            assignees=self._known(ident, "cardMemberships", "userId", self.people),
            subtasks=tuple(self._subtasks(ident)),
            comments=comments,
            attachments=tuple(self._attachments(ident)),
            fields=self._fields(ident, extra),
            extra=extra,
        )

    def _column(self, card: Json) -> str | None:
        """Find the column; archived cards are in none but, in newer versions, know their last."""
        found = self._list_of(card)
        if not found:
            self.reading.warn("dangling-reference", "cards[].listId")
            return None
        if not is_hidden(found):
            return key_of(found.get("id"))
        earlier = self.lists.get(key_of(card.get("prevListId")))
        if earlier and not is_hidden(earlier):
            return key_of(earlier.get("id"))
        self.reading.warn("list-unknown", "cards[]")
        return self.first

    def _known(self, ident: str, table: str, key: str, known: set[str]) -> tuple[str, ...]:
        found = [key_of(row.get(key)) for row, *_ in self.of[table].get(ident, [])]
        for other in found:
            if other not in known:
                self.reading.warn("dangling-reference", f"{table}[].{key}")
        return tuple(dict.fromkeys(one for one in found if one in known))

    def _subtasks(self, ident: str) -> Iterator[Subtask]:
        for checklist, *_ in self.checklists.get(ident, []):
            key = key_of(checklist.get("id"))
            named = {"id": key, "name": text(checklist.get("name"))}
            for step, extra, _ in self.steps.get(key, []):
                yield _subtask(step, extra, named)
        for step, extra, _ in self.loose_steps.get(ident, []):
            yield _subtask(step, extra, None)

    def _comments(self, ident: str) -> tuple[Comment, ...]:
        found = [
            Comment(
                id=key_of(row.get("id")),
                text=text(row.get("text") or inner(row, "data", "text")),
                author=who if (who := key_of(row.get("userId"))) in self.people else None,
                author_name=None if who in self.people else who,
                created_at=self.reading.moment(row, "createdAt", path, extra),
                edited_at=self.reading.moment(row, "updatedAt", path, extra),
                extra=extra,
            )
            for row, extra, path in self.of["comments"].get(ident, [])
        ]
        return oldest_first(found)

    def _attachments(self, ident: str) -> Iterator[Attachment]:
        for row, extra, path in self.of["attachments"].get(ident, []):
            url = text(row.get("url") or inner(row, "data", "url"))
            title, who = text(row.get("name")) or url, key_of(row.get("creatorUserId"))
            yield Attachment(
                id=key_of(row.get("id")),
                title=title,
                url=url or None,
                author=who if who in self.people else None,
                created_at=self.reading.moment(row, "createdAt", path, extra),
                extra=extra,
            )

    def _fields(self, ident: str, extra: Any) -> tuple[FieldValue, ...]:
        """Read values by group and field; either may be gone."""
        found = []
        for row, _, path in self.of["customFieldValues"].get(ident, []):
            group, field = key_of(row.get("customFieldGroupId")), key_of(row.get("customFieldId"))
            if field not in self.fields:
                self.reading.dangling(f"{path}.content", path)
                extra.setdefault("customFieldValues", []).append(row)
                continue
            name = text(self.fields[field].get("name"))
            found.append(
                FieldValue(name=name, value=text(row.get("content")), field_id=f"{group}/{field}")
            )
        return tuple(found)


def _subtask(row: Json, extra: Any, checklist: Json | None) -> Subtask:
    return Subtask(
        id=key_of(row.get("id")),
        title=text(row.get("name")),
        is_completed=row.get("isCompleted") is True,
        checklist=checklist,
        extra=extra,
    )


def is_hidden(row: Json) -> bool:
    """Tell whether a list is none of the columns."""
    return row.get("type") in GONE
