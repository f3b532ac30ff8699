"""Words of the API in any case: statuses, roles, priorities, sort keys, places."""

from typing import Any

import pytest

from api import Api
from casts import board_with
from checks import invalid
from operations import SCHEMAS
from works import a_column


async def test_words_in_bodies_are_taken_in_any_case_and_given_in_one(api: Api) -> None:
    anna, board, column = await a_column(api)
    boris, task = await api.user(), await anna.task(column, priority="high", status="Done")
    assert (task["priority"], task["status"]) == ("HIGH", "DONE")

    person = await anna.make(f"/boards/{board['id']}/users", user_id=boris.id, role="Observer")
    assert person["role"] == "OBSERVER"
    changed = await anna.put(f"/boards/{board['id']}/users/{boris.id}", role="member")
    assert changed.json()["role"] == "MEMBER"
    moved = await anna.post(f"/tasks/{task['id']}/move", column_id=column["id"], at="TOP")
    assert moved.status_code == 200
    assert (await anna.post("/auth/tokens", name="x", scope="READ")).json()["scope"] == "read"


async def test_words_in_a_query_are_taken_in_any_case(api: Api) -> None:
    anna, _, column = await a_column(api)
    await anna.task(column, "A", priority="LOW")
    await anna.task(column, "B", is_archived=True)

    for params in ({"sort": "-TITLE", "archived": "All"}, {"sort": "-Title", "archived": "ALL"}):
        assert [t["title"] for t in await anna.items("/tasks", **params)] == ["B", "A"]
    assert len(await anna.items("/boards", sort="TITLE", visibility="MINE")) == 2
    answer = await anna.delete(f"/columns/{column['id']}", tasks="DELETE")
    assert answer.status_code == 204


@pytest.mark.parametrize("role", ["", "MEMBERS", "member ship", None, 1, True, ["MEMBER"]])
async def test_what_is_no_word_of_them_is_refused(api: Api, role: Any) -> None:
    anna, _, board = await board_with(api, "CREATOR")
    boris = await api.user()
    invalid(
        await anna.post(f"/boards/{board['id']}/users", user_id=boris.id, role=role), "/body/role"
    )


def test_the_document_shows_each_word_once() -> None:
    assert SCHEMAS["Role"]["enum"] == ["CREATOR", "MODERATOR", "MEMBER", "COMMENTER", "OBSERVER"]
    assert SCHEMAS["Priority"]["enum"] == ["LOW", "MEDIUM", "HIGH"]
