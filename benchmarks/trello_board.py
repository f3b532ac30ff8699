"""A board of 10,000 tasks and 20,000 subtasks, as Trello exports it: bare, or with all it writes."""

from typing import Any

from pydantic_core import to_json

TASKS, STEPS, LISTS = 10_000, 2, 5

# What each card has today beside what is wanted, 4.5 kB of it: it repeats, counts and serves.
_MEMBER = {
    "id": "5f00000000000000000000aa", "aaId": "", "activityBlocked": False, "bio": "About me. " * 4,
    "avatarUrl": "https://avatars.example.com/" + "0" * 200, "bioData": {"emoji": {}}, "initials": "S",
    "confirmed": True, "fullName": "Somebody", "username": "somebody", "memberType": "normal",
    "idEnterprise": None, "idEnterprisesDeactivated": [], "idMemberReferrer": None, "nonPublic": {},
    "idPremOrgsAdmin": [], "nonPublicAvailable": False, "products": [], "status": "disconnected",
    "url": "https://boards.example.com/somebody" + "0" * 100,
}  # fmt: skip
_LIMIT = {"perCard": {"status": "ok", "disableAt": 1000, "warnAt": 900}}
BALLAST: dict[str, Any] = {
    "badges": {"attachmentsByType": {"trello": {"board": 0, "card": 0}}, "votes": 0, "comments": 0},
    "limits": {"attachments": _LIMIT, "checklists": _LIMIT, "stickers": _LIMIT},
    "cover": {"idAttachment": None, "color": None, "size": "normal", "brightness": "dark"},
    "descData": {"emoji": {}}, "pluginData": [], "idMembersVoted": [], "subscribed": False,
    "email": "somebody+1@boards.example.com", "url": "https://boards.example.com/c/1",
    "members": [_MEMBER] * 5,
}  # fmt: skip


def _id(kind: int, number: int) -> str:
    return f"{0x60000000 + number:08x}{kind:02x}{number:014x}"


def trello_file(*, is_full: bool) -> bytes:
    """Write a board as Trello exports it."""
    board = _id(1, 1)
    lists = [
        {"id": _id(2, n), "name": f"List {n}", "closed": False, "pos": n} for n in range(LISTS)
    ]
    cards = [_card(n, BALLAST if is_full else {}) for n in range(TASKS)]
    checklists = [
        {"id": _id(5, n), "idCard": _id(4, n), "name": "Steps", "pos": 1, "checkItems": _items(n)}
        for n in range(TASKS)
    ]
    whole = {"id": board, "name": "Large", "desc": "", "lists": lists, "labels": []}
    return to_json({**whole, "cards": cards, "checklists": checklists, "actions": []})


def _card(n: int, more: dict[str, Any]) -> dict[str, Any]:
    text = "What is to be done, why, and how one sees that it is. " * 8
    return {
        "id": _id(4, n), "idBoard": _id(1, 1), "idList": _id(2, n % LISTS), "name": f"Task {n}",
        "desc": text, "closed": False, "pos": n, "idShort": n + 1, "due": None,
        "dueComplete": n % 3 == 0, "dateLastActivity": "2026-03-01T10:00:00.000Z",
        "idLabels": [], "labels": [], "idMembers": [], "shortLink": f"s{n}",
        "start": None, "address": None, "coordinates": None, "locationName": None,
        "idChecklists": [_id(5, n)], "attachments": [], **more,
    }  # fmt: skip


def _items(n: int) -> list[dict[str, Any]]:
    return [
        {
            "id": _id(6, STEPS * n + k), "name": f"Step {k}", "pos": k, "due": None,
            "state": "complete" if k else "incomplete", "idMember": None,
            "idChecklist": _id(5, n),
        }
        for k in range(STEPS)
    ]  # fmt: skip
