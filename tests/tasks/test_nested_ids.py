"""Ids of another board's inside a batch, and whatever is said twice: never is it mixed up."""

import json
from collections.abc import AsyncIterator
from typing import Any

import pytest
from fastapi import FastAPI

from api import Api, Json
from checks import refused
from crowd import Crowd, two_boards
from foreign import CANARY, PLACES, each, put
from nested import BATCH, KINDS, NESTED, Nested, good
from operations import OPERATIONS, Operation, Request, Scene, request


@pytest.fixture(scope="module")
async def saved(app: FastAPI, database_url: str) -> AsyncIterator[Crowd]:
    async with two_boards(Api(app), database_url) as made:
        yield made


@pytest.fixture
async def world(saved: Crowd) -> Crowd:
    await saved.restore()
    return saved


def batch(scene: Scene, *operations: Json) -> Request:
    return Request(BATCH, scene.owner, scene.ids, {}, {"operations": list(operations)})


def test_every_operation_of_a_batch_is_looked_at() -> None:
    assert {place.kind for place in NESTED} == set(KINDS)
    assert len(NESTED) >= 25


@pytest.mark.parametrize("kind", KINDS)
async def test_what_is_ones_own_is_done(world: Crowd, kind: str) -> None:
    """Else the tests below would prove nothing."""
    answer = await batch(world.own, good(world.own, kind)).send()
    assert answer.is_success, answer.text


@pytest.mark.parametrize("place", NESTED, ids=str)
async def test_a_foreign_id_inside_a_batch_is_as_good_as_none(world: Crowd, place: Nested) -> None:
    """Alone, and beside something good, which then is not done either."""
    before = await world.rows()
    bad, fine = good(world.own, place.kind, place, world.foreign), good(world.own, "update_subtask")
    for operations in ([bad], [fine, bad], [bad, fine]):
        answer = await batch(world.own, *operations).send()
        assert answer.status_code in (404, 422), answer.text
        assert CANARY not in world.shown(answer)
    assert await world.rows() == before


def twice(members: Json, name: str, first: Any, last: Any) -> str:
    """Write an object with one name twice."""
    beside = [f"{json.dumps(k)}:{json.dumps(v)}" for k, v in members.items() if k != name]
    inner = [f'"{name}":{json.dumps(first)}', *beside, f'"{name}":{json.dumps(last)}']
    return "{" + ",".join(inner) + "}"


async def judged_by_the_last(world: Crowd, asked: Request, *texts: str) -> None:
    """Send a body that ends with the foreign one, then one that only begins with it."""
    before, theirs = await world.rows(), await world.foreign_rows()
    answer = await asked.send(texts[0].encode())
    assert answer.status_code in (403, 404, 422), answer.text
    assert CANARY not in world.shown(answer)
    assert await world.rows() == before
    answer = await asked.send(texts[1].encode())
    assert answer.is_success, answer.text
    assert CANARY not in world.shown(answer)
    assert await world.foreign_rows() == theirs


@each([place for place in PLACES if place[1] == "body"])
async def test_of_a_name_given_twice_the_foreign_value_is_never_used_unjudged(
    world: Crowd, operation: Operation, where: str, name: str
) -> None:
    asked, foreign = request(world.own, operation), request(world.own, operation)
    if name in ("before", "after"):
        put(asked, where, name, world.own)
    put(foreign, where, name, world.foreign)
    body, values = asked.body or {}, ((asked.body or {})[name], (foreign.body or {})[name])
    texts = (twice(body, name, *values), twice(body, name, *reversed(values)))
    await judged_by_the_last(world, asked, *texts)


@pytest.mark.parametrize("place", NESTED, ids=str)
async def test_nor_is_it_inside_a_batch(world: Crowd, place: Nested) -> None:
    near = place if place.name in ("before", "after") else None
    own = good(world.own, place.kind, near, world.own)
    foreign = good(world.own, place.kind, place, world.foreign)
    texts = []
    for pair in ((own, foreign), (foreign, own)):
        if place.is_in_body:
            values = [operation["body"][place.name] for operation in pair]
            inner = twice(own["body"], place.name, *values)
            text = twice({**own, "body": 0}, "body", 0, 1).replace(":1}", f":{inner}}}")
        else:
            text = twice(own, place.name, *(operation[place.name] for operation in pair))
        texts.append(f'{{"operations":[{text}]}}')
    await judged_by_the_last(world, batch(world.own), *texts)


async def test_nor_are_whole_operations(world: Crowd) -> None:
    own = [good(world.own, "update_task")]
    foreign = [{**own[0], "task_id": world.foreign.ids["task_id"]}]
    texts = (twice({}, "operations", own, foreign), twice({}, "operations", foreign, own))
    await judged_by_the_last(world, batch(world.own), *texts)


QUERIES = [place for place in PLACES if place[1] == "query"]
PATHS = [operation for operation in OPERATIONS if operation.parameters("path")]


@each(QUERIES)
async def test_nor_is_a_parameter_given_twice(
    world: Crowd, operation: Operation, where: str, name: str
) -> None:
    assert where == "query"
    own, foreign = (scene.id_of(name, operation) for scene in (world.own, world.foreign))
    for values in ([own, foreign], [foreign, own], [f"{own},{foreign}"]):
        await world.restore()
        theirs, asked = await world.foreign_rows(), request(world.own, operation)
        asked.query[name] = values  # type: ignore[assignment]
        answer = await asked.send()
        assert answer.status_code < 500
        assert CANARY not in world.shown(answer)
        assert not (values[-1] == foreign and operation.is_writing and answer.is_success)
        assert await world.foreign_rows() == theirs


@pytest.mark.parametrize("operation", PATHS, ids=str)
async def test_the_id_in_the_path_is_the_one_that_counts(
    world: Crowd, operation: Operation
) -> None:
    """Another one of the same name, in the query or in the body, is looked past or refused."""
    theirs = await world.foreign_rows()
    for name in request(world.own, operation).path:
        foreign = world.foreign.id_of(name, operation)
        await world.restore()
        beside, own = request(world.own, operation), await world.rows()
        beside.query = {**beside.query, name: foreign}
        answers = [await beside.send()]
        is_read = name in {parameter["name"] for parameter in operation.parameters("query")}
        if is_read or operation.id == "read_avatar":  # which takes whatever a query says
            assert answers[0].is_success, answers[0].text
        else:  # an unknown one, which nobody may take for a filter
            refused(answers[0], 422, "invalid")
            assert await world.rows() == own
        await world.restore()
        within = request(world.own, operation)
        within.body = {**(within.body or {}), name: foreign}
        answers.append(await within.send())
        is_refused = operation.fields and answers[1].status_code == 422
        assert answers[1].is_success or is_refused
        assert not [answer for answer in answers if CANARY in world.shown(answer)]
    assert await world.foreign_rows() == theirs
