"""Ids of objects that one may not see, put in the place of one's own, everywhere."""

import json
from dataclasses import replace

import asyncpg
import pytest

from api import Api
from checks import refused
from foreign import (
    CANARY,
    IN_BODIES,
    LISTS,
    OF_THE_SAME_BOARD,
    OF_THINGS,
    PLACES,
    each,
    listings,
    put,
)
from operations import WITH_BODY, Operation, Request, all_rows, request, scene
from people import fresh_name


@each(PLACES)
async def test_an_id_of_somebody_elses_is_as_good_as_none(
    api: Api, db: asyncpg.Connection, operation: Operation, where: str, name: str
) -> None:
    """Seen to fail when a move trusts its neighbour's board, and when assigning asks for none."""
    own, foreign = await scene(api, "own"), await scene(api, CANARY)
    asked = request(own, operation)
    put(asked, where, name, foreign)
    before = await all_rows(db)
    answer = await asked.send()
    assert await all_rows(db) == before
    assert CANARY not in answer.text
    if operation.method == "get" and where == "query":
        assert (answer.status_code, answer.json()["items"]) == (200, [])
    elif operation.path == "/users/{user_id}":
        refused(answer, 403, "not-your-account")
    else:
        assert answer.status_code in (404, 422), answer.text


@each(OF_THINGS)
async def test_it_is_the_same_answer_as_for_an_id_that_never_was(
    api: Api, operation: Operation, where: str, name: str
) -> None:
    own, foreign = await scene(api, "own"), await scene(api, "foreign")
    never = replace(foreign, ids=dict.fromkeys(foreign.ids, "0198c0de-0000-7000-8000-000000000001"))
    answers = []
    for other in (foreign, never):
        asked = request(own, operation)
        put(asked, where, name, other)
        answer = await asked.send()
        shown = {key: value for key, value in answer.json().items() if key != "request_id"}
        answers.append((answer.status_code, shown))
    assert answers[0] == answers[1]


@each(OF_THE_SAME_BOARD)
async def test_things_of_two_boards_of_ones_own_do_not_mix(
    api: Api, db: asyncpg.Connection, operation: Operation, where: str, name: str
) -> None:
    """Seen to fail when a column is looked for on all boards."""
    own, other = await scene(api, "own"), await scene(api, "other")
    await other.owner.invite({"id": other.ids["board_id"]}, own.owner, "MODERATOR")
    asked = request(own, operation)
    put(asked, where, name, other)
    before = await all_rows(db)
    refused(await asked.send(), 404, "not-found")
    assert await all_rows(db) == before


def doubled(asked: Request, name: str, first: str, last: str) -> bytes:
    """Write the body with one name twice."""
    body = {key: value for key, value in (asked.body or {}).items() if key != name}
    text = json.dumps(body)[1:-1]
    members = [f'"{name}":"{first}"', *([text] if text else []), f'"{name}":"{last}"']
    return ("{" + ",".join(members) + "}").encode()


@each(IN_BODIES)
async def test_a_name_given_twice_is_judged_by_what_is_used(
    api: Api, db: asyncpg.Connection, operation: Operation, where: str, name: str
) -> None:
    assert where == "body"
    own, foreign = await scene(api, "own"), await scene(api, CANARY)
    asked = request(own, operation)
    ids = own.ids[name], foreign.ids[name]
    before = await all_rows(db)
    assert (await asked.send(doubled(asked, name, *ids))).status_code == 404
    assert await all_rows(db) == before
    answer = await asked.send(doubled(asked, name, *reversed(ids)))
    assert answer.is_success
    assert CANARY not in answer.text


CREATIONS = [operation for operation in WITH_BODY if "id" in operation.fields]


@pytest.mark.parametrize("operation", CREATIONS, ids=str)
@pytest.mark.parametrize("whose", ["own", "foreign"])
async def test_an_id_that_exists_is_refused_whoevers_it_is(
    api: Api, db: asyncpg.Connection, operation: Operation, whose: str
) -> None:
    scenes = {"own": await scene(api, "own"), "foreign": await scene(api, CANARY)}
    noun = "attachment" if operation.id == "add_link" else operation.id.removeprefix("create_")
    existing = scenes[whose].ids[f"{noun}_id"]
    asked = request(scenes["own"], operation)
    assert asked.body
    asked.body["id"] = existing
    before = await all_rows(db)
    refused(await asked.send(), 409, "already-exists")
    assert await all_rows(db) == before


@pytest.mark.parametrize("operation", CREATIONS, ids=str)
async def test_an_id_of_ones_own_making_is_kept(api: Api, operation: Operation) -> None:
    asked = request(await scene(api, "own"), operation)
    answer = await asked.send()
    assert answer.json()["id"] == (asked.body or {})["id"]
    assert answer.headers["location"].endswith(answer.json()["id"])


def test_there_are_lists_to_look_at() -> None:
    assert len(LISTS) >= 10


@pytest.mark.parametrize("operation", LISTS, ids=str)
async def test_nothing_of_a_foreign_board_is_in_any_list(api: Api, operation: Operation) -> None:
    own, foreign = await scene(api, "own"), await scene(api, CANARY)
    foreign_texts = [foreign.ids["board_id"], foreign.ids["task_id"]]
    foreign_texts += [] if operation.id == "list_users" else [CANARY]
    for asked in listings(own, foreign, operation):
        text = (await asked.send()).text
        assert not [found for found in foreign_texts if found in text]


async def test_a_person_is_found_but_not_what_they_do(api: Api) -> None:
    own, foreign = await scene(api, "own"), await scene(api, CANARY)
    assert await own.owner.items(f"/users/{foreign.owner.id}/boards") == []
    assert await own.owner.items("/tasks", assignee_id=foreign.member.id) == []
    stranger = await api.user(fresh_name("stranger"))
    assert await stranger.items(f"/users/{own.owner.id}/boards") == []
