"""Trello's JSON: what a board's export there looks like, as far as there is something to say."""

from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

Thing = dict[str, Any]

STEP = 65536  # between positions
CHECKLIST = "Checklist"
COLORS = {
    "green": "#61bd4f", "yellow": "#f2d600", "orange": "#ff9f1a", "red": "#eb5a46",
    "purple": "#c377e0", "blue": "#0079bf", "sky": "#00c2e0", "lime": "#51e898",
    "pink": "#ff78cb", "black": "#344563",
}  # fmt: skip


def color_word(color: str) -> str:
    """Return the word whose color is the nearest."""
    return min(COLORS, key=lambda word: _distance(COLORS[word], color))


def _distance(one: str, other: str) -> int:
    return sum((int(one[n : n + 2], 16) - int(other[n : n + 2], 16)) ** 2 for n in (1, 3, 5))


def moment(at: str | None) -> str | None:
    """Write a time to the millisecond, as JavaScript does."""
    if at is None:
        return None
    found = datetime.fromisoformat(at).astimezone(UTC)
    return f"{found.year:04}{found:-%m-%dT%H:%M:%S}.{found.microsecond // 1000:03}Z"


class Trello:
    """One board on its way out; ``address`` is where people find this server."""

    def __init__(self, head: Thing, address: str) -> None:
        self._head, self._address = head, address
        self._labels = {label["id"]: self._label(label) for label in head["labels"]}
        self._places: dict[str, int] = {}  # how many cards of a column there were

    def id_of(self, thing_id: str, created_at: str | None = None) -> str:
        """Make 24 hex digits: seconds since 1970, and what follows from our id."""
        made = datetime.fromisoformat(created_at or self._head["board"]["created_at"])
        seconds = max(0, int(made.timestamp())) % (1 << 32)
        return f"{seconds:08x}{sha256(thing_id.encode()).hexdigest()[:16]}"

    def board(self) -> Thing:
        """Give everything but what is long: cards, checklists, actions."""
        board = self._head["board"]
        return {
            "id": self.id_of(board["id"]),
            "name": board["title"],
            "desc": board["description"],
            "closed": board["archived_at"] is not None,
            "labels": list(self._labels.values()),
            "lists": [self._list(n, found) for n, found in enumerate(self._head["columns"], 1)],
            "members": [self._member(person) for person in self._head["people"]],
            "customFields": [],
        }

    def card(self, task: Thing) -> Thing:
        """Give a task as a card."""
        place = self._places[task["column_id"]] = self._places.get(task["column_id"], 0) + 1
        return {
            "id": self.id_of(task["id"], task["created_at"]),
            "idBoard": self.id_of(self._head["board"]["id"]),
            "idList": self.id_of(task["column_id"]),
            "idShort": task["number"],
            "name": task["title"],
            "desc": task["description"],
            "closed": task["archived_at"] is not None,
            "pos": STEP * place,
            "due": f"{task['due_on']}T23:59:59.000Z" if task["due_on"] else moment(task["due_at"]),
            "dueComplete": task["status"] == "DONE",
            "dateCompleted": moment(task["completed_at"]),
            "dateLastActivity": moment(task["updated_at"]),
            "idMembers": [self.id_of(person["id"]) for person in task["assignees"]],
            "idLabels": [self._labels[label_id]["id"] for label_id in task["label_ids"]],
            "labels": [self._labels[label_id] for label_id in task["label_ids"]],
            "idChecklists": [self._checklist_id(task)] if task["subtasks"] else [],
            "attachments": [self._attachment(found) for found in task["attachments"]],
            "customFieldItems": [],
        }

    def checklist(self, task: Thing) -> Thing:
        """Give a task's subtasks as a checklist."""
        return {
            "id": self._checklist_id(task),
            "idBoard": self.id_of(self._head["board"]["id"]),
            "idCard": self.id_of(task["id"], task["created_at"]),
            "name": CHECKLIST,
            "pos": STEP,
            "checkItems": [
                {
                    "id": self.id_of(step["id"], task["created_at"]),
                    "idChecklist": self._checklist_id(task),
                    "name": step["title"],
                    "state": "complete" if step["is_completed"] else "incomplete",
                    "pos": STEP * n,
                }
                for n, step in enumerate(task["subtasks"], 1)
            ],
        }

    def action(self, comment: Thing, task_created_at: str) -> Thing:
        """Give a comment as the action that it is there; without an account it has a name only."""
        author = comment["author"]
        creator = self._member(author) if author else {"fullName": comment["author_name"]}
        return {
            "id": self.id_of(comment["id"], comment["created_at"]),
            "type": "commentCard",
            "date": moment(comment["created_at"]),
            "data": {
                "text": comment["body"],
                "card": {"id": self.id_of(comment["task_id"], task_created_at)},
                "board": {"id": self.id_of(self._head["board"]["id"])},
            },
            "idMemberCreator": creator.get("id"),
            "memberCreator": creator,
        }

    def _checklist_id(self, task: Thing) -> str:
        return self.id_of(f"checklist of {task['id']}", task["created_at"])

    def _label(self, label: Thing) -> Thing:
        return {
            "id": self.id_of(label["id"]),
            "idBoard": self.id_of(self._head["board"]["id"]),
            "name": label["title"],
            "color": color_word(label["color"]),
        }

    def _list(self, place: int, column: Thing) -> Thing:
        return {
            "id": self.id_of(column["id"]),
            "idBoard": self.id_of(self._head["board"]["id"]),
            "name": column["title"],
            "closed": bool(column.get("archived_at")),
            "pos": STEP * place,
            "softLimit": column["task_limit"],
        }

    def _member(self, person: Thing) -> Thing:
        named = {"username": person["username"], "fullName": person["name"]}
        return {"id": self.id_of(person["id"]), **named}

    def _attachment(self, found: Thing) -> Thing:
        own = f"{self._address}/attachments/{found['id']}/content"
        return {
            "id": self.id_of(found["id"], found["created_at"]),
            "name": found["title"],
            "url": found["url"] or own,
            "bytes": found["size"],
            "mimeType": found["media_type"] or "",
            "isUpload": found["url"] is None,
            "date": moment(found["created_at"]),
        }
