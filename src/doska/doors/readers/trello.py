"""Trello: a board's own export, and files made by hand that look like it."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

from doska.doors.account import Account
from doska.doors.dates import moment
from doska.doors.fates import ASIDE
from doska.doors.formats import reads
from doska.doors.model import (
    Board,
    Column,
    Comment,
    Extra,
    Label,
    Plan,
    in_order,
)
from doska.doors.noticing import Noticed
from doska.doors.readers.trello_cards import CardReader
from doska.doors.readers.trello_table import LOG, TABLE
from doska.doors.readers.trello_values import (
    born_at,
    numbered,
    object_in,
    objects_in,
    text_of,
)
from doska.doors.source import SourceFile

ACTIONS_MAX = 1000  # so many of the newest an export has


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


class _Reading(CardReader):
    """One board being read."""

    def board(self) -> Board:
        given, account = self.given, self.account
        own = ("members", "labels", "lists", "cards", "checklists", "customFields", "actions")
        taken = [name for name in own if isinstance(given.get(name), list) and given[name]]
        extra = account.take(given, "", but=taken) if len(taken) < len(given) else {}
        self._read_people(extra)
        self._read_labels(objects_in(given, "labels"))
        checklists = self._checklists(extra)
        fields = self._fields(extra)
        comments = self._comments()
        columns = self._columns()
        cards = in_order(numbered(objects_in(given, "cards")), lambda card: card[1].get("pos"))
        tasks = [self.task(n, card, checklists, fields, comments) for n, card in cards]
        self._rest("cards", extra)
        return Board(
            id=text_of(given.get("id")), title=text_of(given.get("name")) or "",
            description=text_of(given.get("desc")) or "", is_archived=given.get("closed") is True,
            created_at=born_at(given.get("id")), people=tuple(self.people.values()),
            labels=tuple(self.labels.values()), columns=columns, tasks=tuple(tasks), extra=extra,
        )  # fmt: skip

    def _rest(self, name: str, extra: Extra) -> None:
        """Count what is no object in a list of objects."""
        others = [x for x in self.given.get(name) or [] if not isinstance(x, dict)]
        if others:
            left = self.account.take(others, name)
            extra.setdefault(name, []).extend(left or [])

    def _read_people(self, extra: Extra) -> None:
        for member in objects_in(self.given, "members"):
            if left := self.account.take(member, "members[]"):
                extra.setdefault("members", []).append({**left, "id": member.get("id")})
            self.know(member)
        self._rest("members", extra)

    def _read_labels(self, given: Iterable[dict[str, Any]]) -> None:
        for label in given:
            extra = self.account.take(label, "labels[]")
            if (label_id := text_of(label.get("id"))) is not None:
                title, color = text_of(label.get("name")) or "", text_of(label.get("color"))
                while label_id in self.labels:  # the file has it twice
                    label_id += "#"
                self.labels[label_id] = Label(id=label_id, title=title, color=color, extra=extra)

    def _columns(self) -> tuple[Column, ...]:
        found = []
        for given in in_order(objects_in(self.given, "lists"), lambda x: x.get("pos")):
            extra = self.account.take(given, "lists[]")
            limit = given.get("softLimit")
            is_limit = isinstance(limit, int) and not isinstance(limit, bool) and limit > 0
            if limit is not None and not is_limit:
                self.account.move("lists[].softLimit", ASIDE)
                extra["softLimit"] = limit
            found.append(
                Column(
                    id=text_of(given.get("id")) or "", title=text_of(given.get("name")) or "",
                    is_archived=given.get("closed") is True,
                    task_limit=limit if is_limit else None, extra=extra,
                )
            )  # fmt: skip
        return tuple(found)

    def _checklists(self, extra: Extra) -> dict[str, list[tuple[dict[str, Any], Extra]]]:
        """Give each card's checklists, with what is aside of each."""
        of_card: dict[str, list[tuple[dict[str, Any], Extra]]] = defaultdict(list)
        ids = {text_of(card.get("id")) for card in objects_in(self.given, "cards")}
        for given in objects_in(self.given, "checklists"):
            card_id = text_of(given.get("idCard"))
            if card_id in ids and card_id is not None:
                of_card[card_id].append((given, {}))
            else:
                left = self.account.take(given, "checklists[]", fate=ASIDE)
                extra.setdefault("checklists", []).append(left)
                self.noticed.add("dangling-reference", "checklists[]")
        return of_card

    def _fields(self, extra: Extra) -> dict[str, dict[str, Any]]:
        found = {}
        for given in objects_in(self.given, "customFields"):
            left = self.account.take(given, "customFields[]")
            extra.setdefault("customFields", []).append(left)
            if (field_id := text_of(given.get("id"))) is not None:
                found[field_id] = given
        return found

    def _comments(self) -> dict[str, list[Comment]]:
        """Give each card's comments, the oldest first; the rest of the log is dropped."""
        actions = objects_in(self.given, "actions")
        if len(actions) >= ACTIONS_MAX:
            self.noticed.add("log-truncated", "actions")
        of_card: dict[str, list[Comment]] = defaultdict(list)
        ids = {text_of(card.get("id")) for card in objects_in(self.given, "cards")}
        for action in reversed(actions):
            data = object_in(action, "data")
            card = object_in(data, "card")
            card_id, text = text_of(card.get("id")), data.get("text")
            is_comment = action.get("type") in ("commentCard", "copyCommentCard")
            if not is_comment or card_id not in ids or not isinstance(text, str) or not card_id:
                self.account.take(action, "actions[]", fate=LOG)
                continue
            self.account.take(action, "actions[]")
            author = self.know(action.get("memberCreator"), action.get("idMemberCreator"))
            of_card[card_id].append(
                Comment(
                    id=text_of(action.get("id")) or "", text=text, author=author,
                    created_at=moment(action.get("date")),
                    edited_at=moment(data.get("dateLastEdited")),
                )
            )  # fmt: skip
        for listed in of_card.values():
            listed.sort(key=lambda comment: comment.created_at or datetime.min.replace(tzinfo=UTC))
        return of_card
