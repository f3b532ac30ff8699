"""Trello: a board's own export, and files made by hand that look like it."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from doska.doors.dates import moment
from doska.doors.fates import ASIDE, SECRET, Account, Table, dropped, kept
from doska.doors.formats import reads
from doska.doors.model import (
    Attachment,
    Board,
    Column,
    Comment,
    Extra,
    FieldValue,
    Label,
    Person,
    Plan,
    Subtask,
    Task,
    exact,
    in_order,
)
from doska.doors.noticing import Noticed
from doska.doors.source import SourceFile

DERIVED, VIEW, SERVICE = dropped("derived"), dropped("view-state"), dropped("service")
LOG = dropped("source-log")

_PERSON: Table = {
    "": ASIDE, ".id": kept("people.id"), ".username": kept("people.username"),
    ".fullName": kept("people.name"), ".name": kept("people.name"), ".email": dropped("derived"),
    ".url": DERIVED, ".nodeId": SERVICE, ".avatarHash": ASIDE, ".avatarUrl": ASIDE,
    ".idMemberReferrer": ASIDE, ".loginTypes": SERVICE, ".limits": SERVICE,
}  # fmt: skip


def _below(path: str, table: Table) -> Table:
    return {path + name: fate for name, fate in table.items()}


TABLE: Table = {
    "id": kept("boards.id"), "name": kept("boards.title"), "desc": kept("boards.description"),
    "closed": kept("boards.archived_at"), "url": DERIVED, "shortUrl": DERIVED, "shortLink": ASIDE,
    "nodeId": SERVICE, "descData": DERIVED, "limits": SERVICE, "dateLastView": VIEW,
    "dateLastActivity": ASIDE, "subscribed": VIEW, "starred": VIEW, "pinned": VIEW,
    "prefs": ASIDE, "labelNames": DERIVED, "invitations": SECRET, "invited": SECRET,
    "idOrganization": ASIDE, "idEnterprise": ASIDE, "pluginData": ASIDE, "powerUps": SERVICE,
    "premiumFeatures": SERVICE, "ixUpdate": SERVICE, "enterpriseOwned": SERVICE,
    "idBoardSource": ASIDE, "idMemberCreator": ASIDE, "idTags": ASIDE, "datePluginDisable": SERVICE,
    "creationMethod": SERVICE, "creationMethodError": SERVICE, "creationMethodLoadingStartedAt": SERVICE,
    "templateGallery": ASIDE, "type": ASIDE, "inviteUrl": SECRET, "email": SECRET,
    "memberships": ASIDE, "members": ASIDE, "labels": ASIDE, "lists": ASIDE, "cards": ASIDE,
    "checklists": ASIDE, "cards[].checklists": ASIDE,
    **_below("members[]", _PERSON),

    "labels[].id": kept("labels.id"), "labels[].name": kept("labels.title"),
    "labels[].color": kept("labels.color"), "labels[].idBoard": DERIVED, "labels[].uses": DERIVED,
    "labels[].nodeId": SERVICE,

    "lists[].id": kept("columns.id"), "lists[].name": kept("columns.title"), "lists[].pos": ASIDE,
    "lists[].closed": kept("columns.archived_at"), "lists[].softLimit": kept("columns.task_limit"),
    "lists[].idBoard": DERIVED, "lists[].subscribed": VIEW, "lists[].limits": SERVICE,
    "lists[].nodeId": SERVICE, "lists[].creationMethod": SERVICE, "lists[].color": ASIDE,
    "lists[].idOrganization": DERIVED, "lists[].type": ASIDE, "lists[].datasource": ASIDE,

    "cards[].id": kept("tasks.id"), "cards[].name": kept("tasks.title"),
    "cards[].desc": kept("tasks.description"), "cards[].idList": kept("tasks.column_id"),
    "cards[].closed": kept("tasks.archived_at"), "cards[].pos": ASIDE,
    "cards[].due": kept("tasks.due_at"), "cards[].dueComplete": kept("tasks.status"),
    "cards[].dateCompleted": kept("tasks.completed_at"), "cards[].start": ASIDE,
    "cards[].dateLastActivity": kept("tasks.updated_at"), "cards[].idShort": ASIDE,
    "cards[].idLabels": kept("tasks.labels"), "cards[].labels": DERIVED,
    "cards[].idMembers": kept("tasks.assignees"), "cards[].idChecklists": DERIVED,
    "cards[].members": DERIVED, "cards[].email": SECRET, "cards[].badges": DERIVED,
    "cards[].url": DERIVED, "cards[].shortUrl": DERIVED, "cards[].shortLink": ASIDE,
    "cards[].nodeId": SERVICE, "cards[].descData": DERIVED, "cards[].limits": SERVICE,
    "cards[].subscribed": VIEW, "cards[].dateLastView": VIEW, "cards[].idBoard": DERIVED,
    "cards[].idAttachmentCover": ASIDE, "cards[].cover": ASIDE, "cards[].coordinates": ASIDE,
    "cards[].address": ASIDE, "cards[].locationName": ASIDE, "cards[].stickers": ASIDE,
    "cards[].pluginData": ASIDE, "cards[].isTemplate": ASIDE, "cards[].dueReminder": ASIDE,
    "cards[].idMembersVoted": ASIDE, "cards[].cardRole": ASIDE, "cards[].mirrorSourceId": ASIDE,
    "cards[].manualCoverAttachment": ASIDE, "cards[].checkItemStates": DERIVED,
    "cards[].creationMethod": SERVICE, "cards[].creationMethodError": SERVICE,
    "cards[].creationMethodLoadingStartedAt": SERVICE, "cards[].customFieldItems": ASIDE,
    "cards[].idOrganization": DERIVED, "cards[].pinned": VIEW, "cards[].agent": ASIDE,
    "cards[].externalSource": ASIDE, "cards[].faviconUrl": ASIDE, "cards[].urlSource": ASIDE,
    "cards[].urlSourceText": ASIDE, "cards[].recurrenceRule": ASIDE, "cards[].singleInstanceDate": ASIDE,

    "cards[].attachments[].id": kept("attachments.id"),
    "cards[].attachments[].name": kept("attachments.title"),
    "cards[].attachments[].url": kept("attachments.url"),
    "cards[].attachments[].date": kept("attachments.created_at"),
    "cards[].attachments[].idMember": kept("attachments.author_name"),
    "cards[].attachments": ASIDE, "cards[].attachments[].previews": DERIVED,
    "cards[].attachments[].nodeId": SERVICE, "cards[].attachments[].limits": SERVICE,

    "customFields": ASIDE, "customFields[].idModel": DERIVED, "customFields[].modelType": SERVICE,
    "customFields[].limits": SERVICE, "customFields[].nodeId": SERVICE,

    "actions": LOG, "actions[].id": kept("comments.id"), "actions[].date": kept("comments.created_at"),
    "actions[].data.text": kept("comments.body"), "actions[].data.dateLastEdited": kept("comments.edited_at"),
    "actions[].data.card.id": kept("comments.task_id"),
    "actions[].idMemberCreator": kept("comments.author_name"),
    "actions[].memberCreator.fullName": kept("comments.author_name"),
}  # fmt: skip

_CHECKLIST: Table = {
    ".id": kept("subtasks.extra"), ".name": kept("subtasks.extra"), ".pos": ASIDE, ".idCard": DERIVED,
    ".idBoard": DERIVED, ".limits": SERVICE, ".creationMethod": SERVICE, ".nodeId": SERVICE,
    ".checkItems": ASIDE, ".checkItems[]": kept("subtasks.title"), ".checkItems[].id": kept("subtasks.id"),
    ".checkItems[].name": kept("subtasks.title"), ".checkItems[].state": kept("subtasks.is_completed"),
    ".checkItems[].nameData": DERIVED, ".checkItems[].idChecklist": DERIVED,
    ".checkItems[].limits": SERVICE, ".checkItems[].nodeId": SERVICE, ".checkItems[].pos": ASIDE,
    ".checkItems[].due": ASIDE, ".checkItems[].dueReminder": ASIDE, ".checkItems[].idMember": ASIDE,
    ".checkItems[].creationMethod": SERVICE,
}  # fmt: skip
TABLE = {
    **TABLE,
    **_below("checklists[]", _CHECKLIST),
    **_below("cards[].checklists[]", _CHECKLIST),
}

ACTIONS_MAX = 1000  # so many of the newest an export has
HEX_ID_CHARS = 24


def _is_board(value: Any) -> bool:
    if not isinstance(value, dict):
        return False
    lists, cards = value.get("lists"), value.get("cards")
    if not isinstance(lists, list) or not isinstance(cards, list) or "_format" in value:
        return False
    return all(isinstance(c, dict) and "idList" in c for c in cards)


def _are_cards(value: Any) -> bool:
    return (
        isinstance(value, list)
        and bool(value)
        and all(isinstance(c, dict) and "idList" in c and "name" in c for c in value)
    )


@reads("trello", recognises=lambda file: _is_board(file.json) or _are_cards(file.json))
def read(file: SourceFile) -> Plan:
    """Read a board, or a list of cards of one."""
    given = file.json
    account, noticed = Account(TABLE), Noticed(file.warnings)
    if isinstance(given, list):
        account.rename("cards[]", "[]")
        given = {"cards": given}
    board = _Reading(given, account, noticed).board()
    return Plan(
        format="trello", boards=(board,), account=account.report(), warnings=noticed.found()
    )


@dataclass
class _Reading:
    """One board being read."""

    given: dict[str, Any]
    account: Account
    noticed: Noticed
    people: dict[str, Person] = field(default_factory=dict)
    labels: dict[str, Label] = field(default_factory=dict)
    _births: dict[str | None, datetime | None] | None = None

    def board(self) -> Board:
        given, account = self.given, self.account
        own = ("members", "labels", "lists", "cards", "checklists", "customFields", "actions")
        taken = [name for name in own if isinstance(given.get(name), list) and given[name]]
        extra = account.take(given, "", but=taken) if len(taken) < len(given) else {}
        self._read_people(extra)
        self._read_labels(_objects(given, "labels"))
        checklists = self._checklists(extra)
        fields = self._fields(extra)
        comments = self._comments()
        columns = self._columns()
        cards = in_order(_numbered(_objects(given, "cards")), lambda card: card[1].get("pos"))
        tasks = [self._task(n, card, checklists, fields, comments) for n, card in cards]
        self._rest("cards", extra)
        return Board(
            id=_text(given.get("id")), title=_text(given.get("name")) or "",
            description=_text(given.get("desc")) or "", is_archived=given.get("closed") is True,
            created_at=_born(given.get("id")), people=tuple(self.people.values()),
            labels=tuple(self.labels.values()), columns=columns, tasks=tuple(tasks), extra=extra,
        )  # fmt: skip

    def _rest(self, name: str, extra: Extra) -> None:
        """Count what is no object in a list of objects."""
        others = [x for x in self.given.get(name) or [] if not isinstance(x, dict)]
        if others:
            left = self.account.take(others, name)
            extra.setdefault(name, []).extend(left or [])

    def _read_people(self, extra: Extra) -> None:
        for member in _objects(self.given, "members"):
            if left := self.account.take(member, "members[]"):
                extra.setdefault("members", []).append({**left, "id": member.get("id")})
            self._know(member)
        self._rest("members", extra)

    def _know(self, member: Any, member_id: Any = None) -> str | None:
        """Learn of somebody; return their id."""
        member = member if isinstance(member, dict) else {}
        known = _text(member.get("id") or member_id or member.get("username"))
        if known is None:
            return None
        name = _text(member.get("fullName") or member.get("name"))
        if known not in self.people or (name and not self.people[known].name):
            self.people[known] = Person(
                id=known, name=name or None, username=_text(member.get("username")) or None,
                email=_text(member.get("email")) or None,
            )  # fmt: skip
        return known

    def _read_labels(self, given: Iterable[dict[str, Any]]) -> None:
        for label in given:
            extra = self.account.take(label, "labels[]")
            if (label_id := _text(label.get("id"))) is not None:
                title, color = _text(label.get("name")) or "", _text(label.get("color"))
                while label_id in self.labels:  # the file has it twice
                    label_id += "#"
                self.labels[label_id] = Label(id=label_id, title=title, color=color, extra=extra)

    def _columns(self) -> tuple[Column, ...]:
        found = []
        for given in in_order(_objects(self.given, "lists"), lambda x: x.get("pos")):
            extra = self.account.take(given, "lists[]")
            limit = given.get("softLimit")
            is_limit = isinstance(limit, int) and not isinstance(limit, bool) and limit > 0
            if limit is not None and not is_limit:
                self.account.move("lists[].softLimit", ASIDE)
                extra["softLimit"] = limit
            found.append(
                Column(
                    id=_text(given.get("id")) or "", title=_text(given.get("name")) or "",
                    is_archived=given.get("closed") is True,
                    task_limit=limit if is_limit else None, extra=extra,
                )
            )  # fmt: skip
        return tuple(found)

    def _checklists(self, extra: Extra) -> dict[str, list[tuple[dict[str, Any], Extra]]]:
        """Give each card's checklists, with what is aside of each."""
        of_card: dict[str, list[tuple[dict[str, Any], Extra]]] = defaultdict(list)
        ids = {_text(card.get("id")) for card in _objects(self.given, "cards")}
        for given in _objects(self.given, "checklists"):
            card_id = _text(given.get("idCard"))
            if card_id in ids and card_id is not None:
                of_card[card_id].append((given, {}))
            else:
                left = self.account.take(given, "checklists[]", fate=ASIDE)
                extra.setdefault("checklists", []).append(left)
                self.noticed.add("dangling-reference", "checklists[]")
        return of_card

    def _fields(self, extra: Extra) -> dict[str, dict[str, Any]]:
        found = {}
        for given in _objects(self.given, "customFields"):
            left = self.account.take(given, "customFields[]")
            extra.setdefault("customFields", []).append(left)
            if (field_id := _text(given.get("id"))) is not None:
                found[field_id] = given
        return found

    def _comments(self) -> dict[str, list[Comment]]:
        """Give each card's comments, the oldest first; the rest of the log is dropped."""
        actions = _objects(self.given, "actions")
        if len(actions) >= ACTIONS_MAX:
            self.noticed.add("log-truncated", "actions")
        of_card: dict[str, list[Comment]] = defaultdict(list)
        ids = {_text(card.get("id")) for card in _objects(self.given, "cards")}
        for action in reversed(actions):
            data = _inside(action, "data")
            card = _inside(data, "card")
            card_id, text = _text(card.get("id")), data.get("text")
            is_comment = action.get("type") in ("commentCard", "copyCommentCard")
            if not is_comment or card_id not in ids or not isinstance(text, str) or not card_id:
                self.account.take(action, "actions[]", fate=LOG)
                continue
            self.account.take(action, "actions[]")
            author = self._know(action.get("memberCreator"), action.get("idMemberCreator"))
            of_card[card_id].append(
                Comment(
                    id=_text(action.get("id")) or "", text=text, author=author,
                    created_at=moment(action.get("date")),
                    edited_at=moment(data.get("dateLastEdited")),
                )
            )  # fmt: skip
        for listed in of_card.values():
            listed.sort(key=lambda comment: comment.created_at or datetime.min.replace(tzinfo=UTC))
        return of_card

    def _task(
        self,
        place: int,
        card: dict[str, Any],
        checklists: dict[str, list[tuple[dict[str, Any], Extra]]],
        fields: dict[str, dict[str, Any]],
        comments: dict[str, list[Comment]],
    ) -> Task:
        card_id = _text(card.get("id")) or f"#{place}"
        own = [n for n in ("checklists", "attachments") if _is_filled(card.get(n))]
        extra: Extra = self.account.take(card, "cards[]", but=own)
        lists = [(c, "checklists[]") for c, _ in checklists.get(card_id, [])]
        lists += [
            (c, "cards[].checklists[]") for c in card.get("checklists") or [] if "checklists" in own
        ]
        is_done = card.get("dueComplete") is True
        found = tuple(comments.get(card_id, ()))
        self._miss_comments(place, card, len(found))
        return Task(
            id=card_id, column=_text(card.get("idList")), title=_text(card.get("name")) or "",
            description=_text(card.get("desc")) or "", is_archived=card.get("closed") is True,
            status="DONE" if is_done else None, number=_number(card.get("idShort")),
            due_at=self._date(card, "due", extra), created_at=_born(card.get("id")) or self._made(card_id),
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
            for action in _objects(self.given, "actions"):
                if action.get("type") == "createCard":
                    card = _inside(_inside(action, "data"), "card")
                    self._births[_text(card.get("id"))] = moment(action.get("date"))
        return self._births.get(card_id)

    def _miss_comments(self, place: int, card: dict[str, Any], found: int) -> None:
        badges = card.get("badges")
        said = badges.get("comments") if isinstance(badges, dict) else None
        if isinstance(said, int) and said > found:
            self.noticed.add("comments-missing", f"cards[{place}]", said - found)

    def _date(self, card: dict[str, Any], name: str, extra: Extra) -> datetime | None:
        found = moment(card.get(name))
        if found is None and card.get(name):
            self.account.move(f"cards[].{name}", ASIDE)
            extra[name] = card[name]
        return found

    def _labels_of(self, place: int, card: dict[str, Any], extra: Extra) -> tuple[str, ...]:
        found: dict[str, None] = {}
        ids = card.get("idLabels")
        for label in card.get("labels") or [] if isinstance(card.get("labels"), list) else []:
            if isinstance(label, str) and label:
                self.account.move("cards[].labels[]", kept("tasks.labels"))
                found[self._named(label)] = None
            elif isinstance(label, dict):
                color, title = _text(label.get("color")), _text(label.get("name")) or ""
                label_id = _text(label.get("id")) or self._alike(title, color)
                if label_id not in self.labels:
                    self.labels[label_id] = Label(id=label_id, title=title, color=color)
                if not isinstance(ids, list) or label_id in ids:
                    found[label_id] = None
        for label_id in ids if isinstance(ids, list) else []:
            if _text(label_id) in self.labels:
                found[_text(label_id) or ""] = None
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
            self.labels[found] = Label(id=found, title=title)
        return found

    def _alike(self, title: str, color: str | None) -> str:
        alike = (x.id for x in self.labels.values() if (x.title, x.color) == (title, color))
        return next(alike, f"{title}/{color}")

    def _assignees_of(self, place: int, card: dict[str, Any], extra: Extra) -> tuple[str, ...]:
        for member in card.get("members") or [] if isinstance(card.get("members"), list) else []:
            self._know(member)
        found: dict[str, None] = {}
        for member_id in (
            card.get("idMembers") or [] if isinstance(card.get("idMembers"), list) else []
        ):
            if _text(member_id) in self.people:
                found[_text(member_id) or ""] = None
            else:
                self.account.move("cards[].idMembers[]", ASIDE)
                extra.setdefault("idMembers", []).append(member_id)
                self.noticed.add("dangling-reference", f"cards[{place}].idMembers")
        return tuple(found)

    def _subtasks(self, lists: list[tuple[Any, str]], extra: Extra) -> tuple[Subtask, ...]:
        found: list[Subtask] = []
        for given, path in in_order(
            lists, lambda x: x[0].get("pos") if isinstance(x[0], dict) else None
        ):
            if not isinstance(given, dict) or not _is_filled(given.get("checkItems")):
                left = self.account.take(given, path, fate=ASIDE)
                extra.setdefault("checklists", []).append(left)
                continue
            left = self.account.take(given, path, but=("checkItems",))
            if left:
                extra.setdefault("checklists", []).append({"id": given.get("id"), **left})
            named = {"id": given.get("id"), "name": given.get("name")}
            for n, item in enumerate(in_order(given["checkItems"], _position)):
                aside = self.account.take(item, f"{path}.checkItems[]")
                found.append(_subtask(item, named, aside, f"{named['id'] or named['name']}#{n}"))
        return tuple(found)

    def _attachments(self, card: dict[str, Any], extra: Extra) -> tuple[Attachment, ...]:
        found = []
        for given in card["attachments"]:
            left = self.account.take(given, "cards[].attachments[]")
            if not isinstance(given, dict) or not isinstance(given.get("url"), str):
                extra.setdefault("attachments", []).append(left or given)
                continue
            author = (
                self._know(None, given.get("idMember"))
                if given.get("idMember") in self.people
                else None
            )
            found.append(
                Attachment(
                    id=_text(given.get("id")) or given["url"],
                    title=_text(given.get("name")) or given["url"], url=given["url"],
                    author=author, created_at=moment(given.get("date")),
                    extra=left if isinstance(left, dict) else {},
                )
            )  # fmt: skip
        return tuple(found)

    def _values(
        self, card: dict[str, Any], fields: dict[str, dict[str, Any]]
    ) -> tuple[FieldValue, ...]:
        """Read custom fields: a list's value is an option's id, the others have texts by kind."""
        found = []
        for item in card.get("customFieldItems") or []:
            known = (
                fields.get(_text(item.get("idCustomField")) or "")
                if isinstance(item, dict)
                else None
            )
            if not known:
                continue
            kind = _text(known.get("type")) or "text"
            value = (
                _option(known, item.get("idValue"))
                if item.get("idValue")
                else _plain(item.get("value"))
            )
            if value is not None:
                name, field_id = _text(known.get("name")) or "", _text(known.get("id"))
                found.append(FieldValue(name=name, value=value, kind=kind, field_id=field_id))
        return tuple(found)


def _subtask(item: Any, named: dict[str, Any], aside: Any, known: str) -> Subtask:
    if not isinstance(item, dict):
        return Subtask(id=known, title=str(item), checklist=named)
    return Subtask(
        id=_text(item.get("id")) or known, title=_text(item.get("name")) or "",
        is_completed=item.get("state") == "complete", checklist=named,
        extra=aside if isinstance(aside, dict) else {},
    )  # fmt: skip


def _option(known: dict[str, Any], option_id: Any) -> Any:
    for option in known.get("options") or []:
        if isinstance(option, dict) and option.get("id") == option_id:
            return _plain(option.get("value"))
    return None


def _plain(value: Any) -> Any:
    """Read ``{"text": …}``, ``{"number": "100.32"}``, ``{"checked": "true"}``, ``{"date": …}``."""
    if not isinstance(value, dict) or not value:
        return value
    kind, found = next(iter(value.items()))
    return found == "true" if kind == "checked" else found


def _objects(given: dict[str, Any], name: str) -> list[dict[str, Any]]:
    found = given.get(name)
    return [x for x in found if isinstance(x, dict)] if isinstance(found, list) else []


def _inside(given: dict[str, Any], name: str) -> dict[str, Any]:
    found = given.get(name)
    return found if isinstance(found, dict) else {}


def _numbered(things: list[dict[str, Any]]) -> list[tuple[int, dict[str, Any]]]:
    return list(enumerate(things))


def _is_filled(value: Any) -> bool:
    return isinstance(value, list) and bool(value)


def _position(item: Any) -> Any:
    return item.get("pos") if isinstance(item, dict) else None


def _text(value: Any) -> str | None:
    if isinstance(value, str):
        return value
    return str(value) if isinstance(value, int | float) and not isinstance(value, bool) else None


def _number(value: Any) -> int | None:
    found = exact(value) if not isinstance(value, str) else None
    return int(found) if found is not None and found == int(found) and 0 < found < 2**31 else None


def _born(given: Any) -> datetime | None:
    """Read the time in an id: eight hex digits of seconds since 1970, of 24 hex digits."""
    if not isinstance(given, str) or len(given) != HEX_ID_CHARS:
        return None
    try:
        int(given, 16)
        return datetime.fromtimestamp(int(given[:8], 16), UTC)
    except ValueError:
        return None
