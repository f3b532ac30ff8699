"""Trello's JSON: what a board's export there looks like, as far as there is something to say."""

from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

from doska.doors.colors import color_of
from doska.doors.export.returning import Aside

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

    def __init__(self, head: Thing, address: str, aside: Aside) -> None:
        self._head, self._address, self._aside = head, address, aside
        self._places: dict[object, float] = {}  # the last position of each list of things
        self._labels = {label["id"]: self._label(label) for label in head["labels"]}

    def id_of(self, thing_id: str, created_at: str | None = None) -> str:
        """Give theirs, else make 24 hex digits: seconds since 1970, what follows from our id."""
        if theirs := self._aside.ids.get(thing_id):
            return theirs
        made = datetime.fromisoformat(created_at or self._head["board"]["created_at"])
        seconds = max(0, int(made.timestamp())) % (1 << 32)
        return f"{seconds:08x}{sha256(thing_id.encode()).hexdigest()[:16]}"

    def board(self) -> Thing:
        """Give everything but what is long: cards, checklists, actions."""
        board = self._head["board"]
        people = [self._member(person) for person in self._head["people"]]
        known = {person["id"] for person in people}
        people += [_named(person) for person in self._aside.people() if person["id"] not in known]
        own = {
            person["id"]: person for person in self._aside.theirs(board["id"]).get("members", [])
        }
        ours = {
            "id": self.id_of(board["id"]),
            "name": board["title"],
            "desc": board["description"],
            "closed": board["archived_at"] is not None,
            "labels": list(self._labels.values()),
            "lists": [self._list(found) for found in self._head["columns"]],
            "members": [{**own.get(person["id"], {}), **person} for person in people],
            "customFields": [],
        }
        return self._aside.put_back(ours, board["id"], but=("members", "checklists", "cards"))

    def card(self, task: Thing, checklists: list[Thing]) -> Thing:
        """Give a task as a card; for its checklists see there."""
        is_archived, names = task["archived_at"] is not None, self._aside.of(task["id"])
        ours = {
            "id": self.id_of(task["id"], task["created_at"]),
            "idBoard": self.id_of(self._head["board"]["id"]),
            "idList": self.id_of(task["column_id"]),
            "idShort": task["number"],
            "name": task["title"],
            "desc": task["description"],
            "closed": is_archived,
            "pos": self._place((task["column_id"], is_archived), task["id"]),
            "due": f"{task['due_on']}T23:59:59.000Z" if task["due_on"] else moment(task["due_at"]),
            "dueComplete": task["status"] == "DONE",
            "dateCompleted": moment(task["completed_at"]),
            "dateLastActivity": moment(task["updated_at"]),
            "idMembers": [
                *(self.id_of(person["id"]) for person in task["assignees"]),
                *names.get("assignees", []),
            ],
            "idLabels": [self._labels[label_id]["id"] for label_id in task["label_ids"]],
            "labels": [self._labels[label_id] for label_id in task["label_ids"]],
            "idChecklists": [found["id"] for found in checklists],
            "attachments": [self._attachment(found) for found in task["attachments"]],
            "customFieldItems": [],
        }
        return self._aside.put_back(ours, task["id"], but=("pos", "checklists"))

    def checklists(self, task: Thing) -> list[Thing]:
        """Give a task's subtasks as checklists: theirs, those without items too, and one of ours."""
        found: dict[object, Thing] = {}
        for step in task["subtasks"]:
            named = self._aside.of(step["id"]).get("checklist") or {"id": None, "name": CHECKLIST}
            key = (named["id"], named["name"])
            if key not in found:
                found[key] = self._checklist(task, named)
            found[key]["checkItems"].append(self._item(task, step, found[key]["id"]))
        for given in self._aside.theirs(task["id"]).get("checklists", []):
            known = next((x for x in found.values() if x["id"] == given.get("id")), None)
            if known is None:
                known = found[len(found)] = self._checklist(task, given)
            known |= given
        return list(found.values())

    def _checklist(self, task: Thing, named: Thing) -> Thing:
        made = self.id_of(f"checklist {named.get('name')} of {task['id']}", task["created_at"])
        return {
            "id": named.get("id") or made,
            "idBoard": self.id_of(self._head["board"]["id"]),
            "idCard": self.id_of(task["id"], task["created_at"]),
            "name": named.get("name"),
            "pos": self._place(("checklists", task["id"]), ""),
            "checkItems": [],
        }

    def _item(self, task: Thing, step: Thing, checklist_id: str) -> Thing:
        ours = {
            "id": self.id_of(step["id"], task["created_at"]),
            "idChecklist": checklist_id,
            "name": step["title"],
            "state": "complete" if step["is_completed"] else "incomplete",
            "pos": self._place(checklist_id, step["id"]),
        }
        return self._aside.put_back(ours, step["id"], but=("pos",))

    def action(self, comment: Thing, task_created_at: str) -> Thing:
        """Give a comment as the action that it is there; without an account it has a name only."""
        author, theirs = comment["author"], self._aside.of(comment["id"]).get("author")
        creator = self._member(author) if author else {"fullName": comment["author_name"]}
        if theirs and not author:
            creator["id"] = theirs
        action: Thing = {
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
        self._aside.put_back(action["data"], comment["id"])
        return action

    def _place(self, among: object, thing_id: str) -> float:
        """Give a position behind the last one: theirs, as long as things are in that order."""
        last, theirs = self._places.get(among), self._aside.theirs(thing_id).get("pos")
        place: float = (last or 0) + STEP
        if isinstance(theirs, int | float) and (last is None or theirs >= last):
            place = theirs
        self._places[among] = place
        return place

    def _label(self, label: Thing) -> Thing:
        ours = {
            "id": self.id_of(label["id"]),
            "idBoard": self.id_of(self._head["board"]["id"]),
            "name": label["title"],
            "color": self._color(label),
        }
        return self._aside.put_back(ours, label["id"])

    def _color(self, label: Thing) -> str | None:
        word: str | None = self._aside.of(label["id"]).get("color")
        is_theirs = label["id"] in self._aside.ids and color_of(word) == label["color"]
        return word if is_theirs else color_word(label["color"])

    def _list(self, column: Thing) -> Thing:
        ours = {
            "id": self.id_of(column["id"]),
            "idBoard": self.id_of(self._head["board"]["id"]),
            "name": column["title"],
            "closed": bool(column.get("archived_at")),
            "pos": self._place(("lists", column["archived_at"] is None), column["id"]),
            "softLimit": column["task_limit"],
        }
        return self._aside.put_back(ours, column["id"], but=("pos",))

    def _member(self, person: Thing) -> Thing:
        return _named({**person, "id": self.id_of(person["id"])})

    def _attachment(self, found: Thing) -> Thing:
        own = f"{self._address}/attachments/{found['id']}/content"
        ours = {
            "id": self.id_of(found["id"], found["created_at"]),
            "name": found["title"],
            "url": found["url"] or own,
            "bytes": found["size"],
            "mimeType": found["media_type"] or "",
            "isUpload": found["url"] is None,
            "date": moment(found["created_at"]),
            "idMember": self._aside.of(found["id"]).get("author"),
        }
        return self._aside.put_back(ours, found["id"])


def _named(person: Thing) -> Thing:
    """Give somebody as a member."""
    named = {"username": person.get("username"), "fullName": person["name"]}
    return {"id": person["id"], **named}
