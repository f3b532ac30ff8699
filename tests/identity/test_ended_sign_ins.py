"""What was once a way in is none any more, and what was forged never is: on every operation."""

from collections.abc import AsyncIterator
from dataclasses import dataclass

import pytest
from fastapi import FastAPI

from api import Api, Person
from checks import refused
from crowd import Crowd, two_boards
from ended import ENDINGS, forgeries, ways_of
from operations import OPERATIONS, Operation, request
from people import another_device, promote, token_of, with_cookie, with_header

PROTECTED = [operation for operation in OPERATIONS if not operation.is_public]


@dataclass
class Doors:
    """Two boards; those who were on the first and cannot come in, and those who still can."""

    crowd: Crowd
    closed: dict[str, Person]
    good: Person
    demoted: Person
    stranger: Person


@pytest.fixture(scope="module")
async def doors(app: FastAPI, database_url: str) -> AsyncIterator[Doors]:
    api = Api(app)
    async with two_boards(api, database_url) as made:
        board, own = {"id": made.own.ids["board_id"]}, made.own.owner
        root = await promote(made.db, await api.user())
        closed: dict[str, Person] = {}
        for ending, end in ENDINGS.items():
            person = await api.user()
            await own.invite(board, person, "MODERATOR")
            ways = await ways_of(person)
            await end(ways, root)
            closed |= {f"{ending}, {way}": who for way, who in ways.all(api).items()}
        key = str(app.state.settings.secret_key.get_secret_value())
        for name, token in forgeries(key, token_of(own), token_of(made.own.member)).items():
            closed[f"{name}, cookie"] = with_cookie(api, token)
            closed[f"{name}, bearer"] = with_header(api, f"Bearer {token}")
        demoted, stranger = await _demoted(api, made), await api.user()
        yield Doors(made, closed, own, demoted, stranger)


async def _demoted(api: Api, made: Crowd) -> Person:
    """Make somebody whose token says administrator, and was right."""
    person = await promote(made.db, await api.user())
    person = await another_device(api, person)
    assert (await person.get(f"/boards/{made.own.ids['board_id']}")).is_success
    await made.db.execute("update users set is_admin = false where id = $1", person.id)
    return person


@pytest.mark.parametrize("operation", PROTECTED, ids=str)
async def test_no_old_or_forged_way_in_is_good_for_anything(
    doors: Doors, operation: Operation
) -> None:
    before = await doors.crowd.rows()
    for name, person in doors.closed.items():
        asked = request(doors.crowd.own, operation)
        asked.person = person
        answer = await asked.send()
        assert answer.status_code == 401, f"{name}: {answer.text}"
        refused(answer, 401, "unauthenticated")
    assert await doors.crowd.rows() == before


OTHERWISE = (
    "log_out",
    "delete_user",
    "change_password",
    "accept_invitation",
)  # a link's is its holder's
STAYING = [o for o in PROTECTED if o.id not in OTHERWISE]


@pytest.mark.parametrize("operation", STAYING, ids=str)
async def test_a_token_that_says_administrator_is_worth_what_a_strangers_is(
    doors: Doors, operation: Operation
) -> None:
    """Among those are the operations on the boards and accounts of others."""
    answers = []
    for person in (doors.demoted, doors.stranger):
        asked = request(doors.crowd.own, operation)
        asked.person = person
        answers.append(await asked.send())
    demoted, stranger = answers
    assert demoted.status_code == stranger.status_code, demoted.text
    told, own = demoted.text if demoted.status_code == 200 else "", doors.crowd.own
    email = str((own.owner.me or {})["email"])
    assert not [word for word in (f"{own.word} ", email) if word in told]


async def test_they_were_good_before(api: Api) -> None:
    """Else the tests above would prove nothing."""
    anna = await api.user()
    for person in (await ways_of(anna)).all(api).values():
        assert await person.read("/users/me") == anna.me
