"""Reading the cards of a Trello export."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from doska.doors import model
from doska.doors.account import Account
from doska.doors.dates import moment
from doska.doors.fates import ASIDE, kept
from doska.doors.model import in_order
from doska.doors.noticing import Noticed
from doska.doors.readers.trello_values import (
    born_at,
    is_filled,
    number_of,
    object_in,
    objects_in,
    option_of,
    plain_of,
    position_of,
    subtask_of,
    text_of,
)


@dataclass
class CardReader:
    """The cards of one board, and what all of it is read by."""

    given: dict[str, Any]
    account: Account
    noticed: Noticed
    people: dict[str, model.Person] = field(default_factory=dict)
    labels: dict[str, model.Label] = field(default_factory=dict)
    _births: dict[str | None, datetime | None] | None = None

    def know(self, member: Any, member_id: Any = None) -> str | None:
        """Learn of somebody; return their id."""
        member = member if isinstance(member, dict) else {}
        known = text_of(member.get("id") or member_id or member.get("username"))
        if known is None:
            return None
        name = text_of(member.get("fullName") or member.get("name"))
        if known not in self.people or (name and not self.people[known].name):
            self.people[known] = model.Person(
                id=known, name=name or None, username=text_of(member.get("username")) or None,
                email=text_of(member.get("email")) or None,
            )  # fmt: skip
        return known

    def task(
        self,
        place: int,
        card: dict[str, Any],
        checklists: dict[str, list[tuple[dict[str, Any], model.Extra]]],
        fields: dict[str, dict[str, Any]],
        comments: dict[str, list[model.Comment]],
    ) -> model.Task:
        """Read a card with all that belongs to it."""
        card_id = text_of(card.get("id")) or f"#{place}"
        own = [n for n in ("checklists", "attachments") if is_filled(card.get(n))]
        extra: model.Extra = self.account.take(card, "cards[]", but=own)
        lists = [(c, "checklists[]") for c, _ in checklists.get(card_id, [])]
        lists += [
            (c, "cards[].checklists[]") for c in card.get("checklists") or [] if "checklists" in own
        ]
        is_done = card.get("dueComplete") is True
        found = tuple(comments.get(card_id, ()))
        self._miss_comments(place, card, len(found))
        return model.Task(
            id=card_id, column=text_of(card.get("idList")), title=text_of(card.get("name")) or "",
            description=text_of(card.get("desc")) or "", is_archived=card.get("closed") is True,
            status="DONE" if is_done else None, number=number_of(card.get("idShort")),
            due_at=self._date(card, "due", extra), created_at=born_at(card.get("id")) or self._made(card_id),
            updated_at=self._date(card, "dateLastActivity", extra),
            completed_at=self._date(card, "dateCompleted", extra) if is_done else None,
            labels=self._labels_of(place, card, extra), assignees=self._assignees_of(place, card, extra),
            subtasks=self._subtasks(lists, extra), comments=found,
            attachments=self._attachments(card, extra) if "attachments" in own else (),
            fields=self._values(card, fields), extra=extra,
        )  # fmt: skip

    def _made(self, card_id: str) -> datetime | None:
        """Find when a card without such an id was made, in the log."""
        if self._births is None:
            self._births = {}
            for action in objects_in(self.given, "actions"):
                if action.get("type") == "createCard":
                    card = object_in(object_in(action, "data"), "card")
                    self._births[text_of(card.get("id"))] = moment(action.get("date"))
        return self._births.get(card_id)

    def _miss_comments(self, place: int, card: dict[str, Any], found: int) -> None:
        badges = card.get("badges")
        said = badges.get("comments") if isinstance(badges, dict) else None
        if isinstance(said, int) and said > found:
            self.noticed.add("comments-missing", f"cards[{place}]", said - found)

    def _date(self, card: dict[str, Any], name: str, extra: model.Extra) -> datetime | None:
        found = moment(card.get(name))
        if found is None and card.get(name):
            self.account.move(f"cards[].{name}", ASIDE)
            extra[name] = card[name]
        return found

    def _labels_of(self, place: int, card: dict[str, Any], extra: model.Extra) -> tuple[str, ...]:
        found: dict[str, None] = {}
        ids = card.get("idLabels")
        for label in card.get("labels") or [] if isinstance(card.get("labels"), list) else []:
            if isinstance(label, str) and label:
                self.account.move("cards[].labels[]", kept("tasks.labels"))
                found[self._named(label)] = None
            elif isinstance(label, dict):
                color, title = text_of(label.get("color")), text_of(label.get("name")) or ""
                label_id = text_of(label.get("id")) or self._alike(title, color)
                if label_id not in self.labels:
                    self.labels[label_id] = model.Label(id=label_id, title=title, color=color)
                if not isinstance(ids, list) or label_id in ids:
                    found[label_id] = None
        for label_id in ids if isinstance(ids, list) else []:
            if text_of(label_id) in self.labels:
                found[text_of(label_id) or ""] = None
            else:
                self.account.move("cards[].idLabels[]", ASIDE)
                extra.setdefault("idLabels", []).append(label_id)
                self.noticed.add("dangling-reference", f"cards[{place}].idLabels")
        return tuple(found)

    def _named(self, title: str) -> str:
        """Give the label of a plain text; the text itself is what it is known by."""
        found = next((x.id for x in self.labels.values() if x.title == title), None)
        if found is None:
            found = title
            self.labels[found] = model.Label(id=found, title=title)
        return found

    def _alike(self, title: str, color: str | None) -> str:
        alike = (x.id for x in self.labels.values() if (x.title, x.color) == (title, color))
        return next(alike, f"{title}/{color}")

    def _assignees_of(
        self, place: int, card: dict[str, Any], extra: model.Extra
    ) -> tuple[str, ...]:
        for member in card.get("members") or [] if isinstance(card.get("members"), list) else []:
            self.know(member)
        found: dict[str, None] = {}
        for member_id in (
            card.get("idMembers") or [] if isinstance(card.get("idMembers"), list) else []
        ):
            if text_of(member_id) in self.people:
                found[text_of(member_id) or ""] = None
            else:
                self.account.move("cards[].idMembers[]", ASIDE)
                extra.setdefault("idMembers", []).append(member_id)
                self.noticed.add("dangling-reference", f"cards[{place}].idMembers")
        return tuple(found)

    def _subtasks(
        self, lists: list[tuple[Any, str]], extra: model.Extra
    ) -> tuple[model.Subtask, ...]:
        found: list[model.Subtask] = []
        for given, path in in_order(
            lists, lambda x: x[0].get("pos") if isinstance(x[0], dict) else None
        ):
            if not isinstance(given, dict) or not is_filled(given.get("checkItems")):
                left = self.account.take(given, path, fate=ASIDE)
                extra.setdefault("checklists", []).append(left)
                continue
            left = self.account.take(given, path, but=("checkItems",))
            if left:
                extra.setdefault("checklists", []).append({"id": given.get("id"), **left})
            named = {"id": given.get("id"), "name": given.get("name")}
            for n, item in enumerate(in_order(given["checkItems"], position_of)):
                aside = self.account.take(item, f"{path}.checkItems[]")
                found.append(subtask_of(item, named, aside, f"{named['id'] or named['name']}#{n}"))
        return tuple(found)

    def _attachments(
        self, card: dict[str, Any], extra: model.Extra
    ) -> tuple[model.Attachment, ...]:
        found = []
        for given in card["attachments"]:
            left = self.account.take(given, "cards[].attachments[]")
            if not isinstance(given, dict) or not isinstance(given.get("url"), str):
                extra.setdefault("attachments", []).append(left or given)
                continue
            author = (
                self.know(None, given.get("idMember"))
                if given.get("idMember") in self.people
                else None
            )
            found.append(
                model.Attachment(
                    id=text_of(given.get("id")) or given["url"],
                    title=text_of(given.get("name")) or given["url"], url=given["url"],
                    author=author, created_at=moment(given.get("date")),
                    extra=left if isinstance(left, dict) else {},
                )
            )  # fmt: skip
        return tuple(found)

    def _values(
        self, card: dict[str, Any], fields: dict[str, dict[str, Any]]
    ) -> tuple[model.FieldValue, ...]:
        """Read custom fields: a list's value is an option's id, the others have texts by kind."""
        found = []
        for item in card.get("customFieldItems") or []:
            known = (
                fields.get(text_of(item.get("idCustomField")) or "")
                if isinstance(item, dict)
                else None
            )
            if not known:
                continue
            kind = text_of(known.get("type")) or "text"
            value = (
                option_of(known, item.get("idValue"))
                if item.get("idValue")
                else plain_of(item.get("value"))
            )
            if value is not None:
                name, field_id = text_of(known.get("name")) or "", text_of(known.get("id"))
                found.append(model.FieldValue(name=name, value=value, kind=kind, field_id=field_id))
        return tuple(found)
