"""Taiga: a project's dump; user stories are cards, their tasks subtasks."""

import re
from collections.abc import Iterator
from typing import Any

from doska.doors import model
from doska.doors.fates import ASIDE
from doska.doors.formats import reads
from doska.doors.model import exact, in_order
from doska.doors.readers.reading import Reading
from doska.doors.readers.taiga_paths import TABLE
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
    person_of,
    short,
    text,
    whole,
)
from doska.doors.source import SourceFile

_ADDRESS = re.compile(r"([^\s@<>\"]{1,64})@[^\s@<>\"]{1,190}\.[^\s@<>\"]{1,63}")


def _is_taiga(file: SourceFile) -> bool:
    return isinstance(file.json, dict) and {"user_stories", "us_statuses"} <= file.json.keys()


@reads("taiga", recognises=_is_taiga)
def read(file: SourceFile) -> model.Plan:
    """Read a project."""
    return _Taiga(file, TABLE).board()


class _Taiga(Reading):
    def board(self) -> model.Plan:
        root = self.file.json
        self.people: dict[str, model.Person] = {}
        self.labels: dict[str, model.Label] = {}
        self.names = _names(root)
        for member in dicts(root.get("memberships")):
            self._person(member.get("user"))
        statuses = self.objects(root, "us_statuses", "")
        self.columns = [self._column(one) for one in in_order(statuses, lambda s: s.get("order"))]
        steps, loose = self._steps()
        stories = self.objects(root, "user_stories", "")
        order = sorted(stories, key=lambda one: (_number(one, "kanban_order"), _number(one, "ref")))
        tasks = tuple(self._task(story, steps) for story in order)
        extra = self.account.take(root, "", but=("us_statuses", "user_stories", "tasks"))
        extra |= {"tasks": loose} if loose else {}
        board = model.Board(
            id=name_of(root.get("slug")),
            title=text(root.get("name")),
            description=text(root.get("description")),
            created_at=self.moment(root, "created_date", "", extra),
            people=tuple(self.people.values()),
            labels=tuple(self.labels.values()),
            columns=tuple(self.columns),
            tasks=tasks,
            extra=_without_addresses(extra),
        )
        return self.plan("taiga", [board])

    def _column(self, status: Json) -> model.Column:
        limit = status.get("wip_limit")
        return model.Column(
            id=short(text(status.get("name"))),
            title=text(status.get("name")),
            is_archived=status.get("is_archived") is True,
            task_limit=whole(limit),
            status="DONE" if status.get("is_closed") is True else None,
            extra=self.account.take(status, "us_statuses[]"),
        )

    def _steps(self) -> tuple[dict[str, list[Json]], list[model.Extra]]:
        """Sort tasks by their story; those of none are aside."""
        known = {key_of(one.get("ref")) for one in dicts(self.file.json.get("user_stories"))}
        steps: dict[str, list[Json]] = {}
        loose = []
        for one in self.objects(self.file.json, "tasks", ""):
            story = key_of(one.get("user_story"))
            if story in known and story:
                steps.setdefault(story, []).append(one)
            else:
                loose.append(self.account.take(one, "tasks[]", fate=ASIDE))
        return steps, loose

    def _task(self, story: Json, steps: dict[str, list[Json]]) -> model.Task:
        path = "user_stories[]"
        extra = self.account.take(story, path)
        ref, column = key_of(story.get("ref")), short(text(story.get("status")))
        known = {one.id for one in self.columns}
        if column not in known:
            self.dangling(f"{path}.status", path)
        people = [story.get("assigned_to"), *items(story.get("assigned_users"))]
        number = story.get("ref")
        finished = self.moment(story, "finish_date", path, extra)
        is_closed = story.get("is_closed") is True
        return model.Task(
            id=ref or text(story.get("subject")),
            column=column if column in known else None,
            title=text(story.get("subject")),
            description=text(story.get("description")),
            number=whole(number),
            status="DONE" if is_closed else None,
            **due(self.when(story, "due_date", path, extra)),
            created_at=self.moment(story, "created_date", path, extra),
            updated_at=self.moment(story, "modified_date", path, extra),
            completed_at=finished if is_closed else None,
            author=self._person(story.get("owner")),
            labels=tuple(dict.fromkeys(self._label(tag) for tag in items(story.get("tags")))),
            assignees=tuple(dict.fromkeys(filter(None, map(self._person, people)))),
            subtasks=tuple(self._subtasks(steps.pop(ref, []))),
            comments=oldest_first(self._comments(story, path)),
            attachments=tuple(self._attachments(story, path, extra)),
            fields=tuple(_fields(story)),
            extra=_without_addresses(extra),
        )

    def _person(self, address: Any) -> str | None:
        """Know somebody by an address, which is kept nowhere."""
        if not isinstance(address, str) or not address:
            return None
        person = person_of(address)
        name = self.names.get(address) or person.name
        made = model.Person(id=person.id, name=name, email=person.email)
        return self.people.setdefault(person.id, made).id

    def _label(self, tag: Any) -> str:
        """Take a tag: a text, or a text and its colour."""
        parts = tag if isinstance(tag, list) else [tag]
        title = text(parts[0]) if parts else ""
        color = name_of(parts[1]) if len(parts) > 1 else None
        return self.labels.setdefault(
            title, model.Label(id=short(title), title=title, color=color)
        ).id

    def _subtasks(self, steps: list[Json]) -> Iterator[model.Subtask]:
        for one in in_order(steps, lambda step: step.get("us_order")):
            extra = _without_addresses(self.account.take(one, "tasks[]"))
            title, done = text(one.get("subject")), one.get("is_closed") is True
            yield model.Subtask(
                id=key_of(one.get("ref")), title=title, is_completed=done, extra=extra
            )

    def _comments(self, story: Json, path: str) -> Iterator[model.Comment]:
        """Find comments in the history; those deleted are not among them."""
        for place, one in enumerate(dicts(story.get("history"))):
            said = one.get("comment")
            if not isinstance(said, str) or not said.strip() or one.get("delete_comment_date"):
                continue
            user = one.get("user")
            address = user[0] if isinstance(user, list) and user else user
            at = self.moment(one, "created_at", f"{path}.history[]", {})
            yield model.Comment(
                id=str(place), text=said, author=self._person(address), created_at=at
            )

    def _attachments(
        self, story: Json, path: str, extra: model.Extra
    ) -> Iterator[model.Attachment]:
        for place, one in enumerate(dicts(story.get("attachments"))):
            content = bytes_of(inner(one, "attached_file", "data"))
            name = text(one.get("name") or inner(one, "attached_file", "name"))
            if content is None:
                left = self.put_aside(one, ("name",), f"{path}.attachments[]")
                extra.setdefault("files", []).append(left)
            else:
                yield model.Attachment(id=str(place), title=name, content=content)


def _names(root: Json) -> dict[str, str]:
    """Find the names of people: they stand in histories, beside their addresses."""
    users = [
        one.get("user")
        for story in dicts(root.get("user_stories"))
        for one in dicts(story.get("history"))
    ]
    pair = 2
    return {
        user[0]: text(user[1])
        for user in users
        if isinstance(user, list) and len(user) >= pair and isinstance(user[0], str)
    }


def _fields(story: Json) -> Iterator[model.FieldValue]:
    values = story.get("custom_attributes_values")
    for name, value in values.items() if isinstance(values, dict) else []:
        if value not in (None, ""):
            yield model.FieldValue(name=name, value=text(value))


def _number(story: Json, key: str) -> Any:
    found = exact(story.get(key))
    return found if found is not None else exact(0)


def _without_addresses(value: Any) -> Any:
    """Leave of an address in what is aside only what stands before its sign."""
    if isinstance(value, str):
        return _ADDRESS.sub(r"\1", value) if "@" in value else value
    if isinstance(value, list):
        return [_without_addresses(one) for one in value]
    if isinstance(value, dict):
        return {key: _without_addresses(one) for key, one in value.items()}
    return value
