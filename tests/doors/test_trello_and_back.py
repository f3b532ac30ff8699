"""What comes from Trello and goes back: all that is kept or aside is in its place again."""

import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from api import Api
from doska.doors.account import Account
from doska.doors.readers.trello_table import TABLE
from exporting import exported
from importing import done

EXAMPLES = Path(__file__).parent / "examples"
COMMENT = "commentCard"
OTHERWISE = {  # by hand, cards have checklists of texts; Trello's own have ids and stand beside
    "cards[].checklists[].name": "checklists[].name",
    "cards[].checklists[].checkItems[]": "checklists[].checkItems[].name",
}
# The list of a card that the file does not have: it is in "(no list)" now.
EARLIER = {"trello-again-2.json": "trello-again-1.json"}  # which made the board
GONE = {"trello.json": {("cards[].idList", '"600000630000000000000063"')}}


def leaves(value: Any, account: Account, path: str = "") -> Iterator[tuple[str, str]]:
    """List what has a value and is not dropped, by its path."""
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from leaves(inner, account, f"{path}.{key}" if path else key)
    elif isinstance(value, list):
        for inner in value:
            if path != "actions" or inner.get("type") == COMMENT:
                yield from leaves(inner, account, f"{path}[]")
    elif value is not None and not account.at(path).fate.reason:
        yield OTHERWISE.get(path, path), json.dumps(value)


def found_in(board: Any) -> Counter[tuple[str, str]]:
    return Counter(leaves(board, Account(TABLE)))


NAMES = [
    "trello.json", "trello-2012.json", "trello-by-hand.json", "trello-again-1.json",
    "trello-again-2.json",
]  # fmt: skip


@pytest.mark.parametrize("name", NAMES)
async def test_all_that_is_kept_or_aside_is_back_in_its_place(api: Api, name: str) -> None:
    anna = await api.user("anna")
    if earlier := EARLIER.get(name):
        await done(anna, (EXAMPLES / earlier).read_bytes())
    data = (EXAMPLES / name).read_bytes()
    report = await done(anna, data)
    board = await anna.read(f"/boards/{report['boards'][0]['board_id']}")

    got = (await exported(anna, board, "trello")).json()

    missing = found_in(json.loads(data)) - found_in(got)
    assert missing.keys() == GONE.get(name, set())


async def test_what_is_aside_is_not_for_who_sees_no_history(api: Api) -> None:
    anna, stranger = await api.user("anna"), await api.user()
    report = await done(anna, (EXAMPLES / "trello.json").read_bytes())
    board = await anna.read(f"/boards/{report['boards'][0]['board_id']}")
    await anna.patch(f"/boards/{board['id']}", is_public=True)

    got = (await exported(stranger, board, "trello")).json()

    assert "memberships" in (await exported(anna, board, "trello")).json()
    assert "memberships" not in got
    assert got["id"] != json.loads((EXAMPLES / "trello.json").read_bytes())["id"]


async def test_a_text_that_was_edited_here_is_not_the_old_one(api: Api) -> None:
    anna = await api.user("anna")
    card = {"id": "a", "idList": "L", "name": "x" * 600, "desc": "one\r\ntwo"}
    file = {"id": "B", "name": "B", "lists": [{"id": "L", "name": "L"}], "cards": [card]}
    report = await done(anna, json.dumps(file).encode())
    board = await anna.read(f"/boards/{report['boards'][0]['board_id']}")

    async def shown() -> tuple[str, str]:
        (found,) = (await exported(anna, board, "trello")).json()["cards"]
        return found["name"], found["desc"]

    assert await shown() == (card["name"], card["desc"])
    (task,) = await anna.items("/tasks", board_id=board["id"])
    await anna.patch(f"/tasks/{task['id']}", title="Shorter")
    assert await shown() == ("Shorter", card["desc"])
