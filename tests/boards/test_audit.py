"""The audit: every operation leaves the lines that it should, and only once it is certain."""

import re
from contextlib import suppress
from typing import get_args

import asyncpg
import pytest

from advisories import ROOT
from audits import (
    ALWAYS,
    CLASSIFIED,
    LEFT,
    NONE_LEFT,
    NOT_SIGNED_IN,
    Logged,
    by_board,
    events,
    failing_at_commit,
    left_by,
    only,
)
from doska.http.telemetry import Event
from doska.postgres.commits import after_commit
from doska.postgres.database import transaction
from log_board import log_of
from logs import audit_of, forget, requests_of
from operations import OPERATIONS, Operation, request, scene

WRITING = [operation for operation in OPERATIONS if operation.is_writing]
LEAVING = [operation for operation in OPERATIONS if operation.id in LEFT]

# What each of them changes; where no row of this can be written, it fails.
CHANGED = {
    "set_role": "board_users",
    "add_person": "board_users",
    "remove_person": "board_users",
    "delete_board": "boards",
    "delete_user": "users",
    "replace_user": "users",
    "update_user": "users",
    "register": "users",
    "change_password": "users",
    "create_password_link": "password_links",
    "reset_password": "users",
    "create_invitation": "invitations",
    "withdraw_invitation": "invitations",
    "accept_invitation": "board_users",
    "create_token": "sessions",
    "end_token": "sessions",
    "end_session": "sessions",
    "log_out": "sessions",
    "log_in": "sessions",
}


def test_every_operation_on_people_and_accounts_is_classified() -> None:
    """Seen to fail without ``end_token`` in the table."""
    guarded = {operation.id for operation in WRITING if operation.path.startswith(CLASSIFIED)}
    assert guarded - NONE_LEFT == LEFT.keys() - {"delete_board"}
    assert len(guarded) > 10


def test_every_event_is_described() -> None:
    """Seen to fail with one event left out of the page."""
    page = (ROOT / "docs" / "decisions" / "23-audit.md").read_text()
    table = page.partition("| event | |\n")[2]
    described = re.findall(r"^\| `([a-z_.]+)` \|", table, re.MULTILINE)
    assert described == list(get_args(Event))


@pytest.mark.parametrize("operation", WRITING, ids=str)
async def test_an_operation_leaves_its_lines_and_no_others(
    logged: Logged, operation: Operation
) -> None:
    """Seen to fail with no line for a token that is ended."""
    api, written = logged
    asked = request(await scene(api, "own"), operation)
    forget(written)
    assert (await asked.send()).is_success
    lines, told = audit_of(written), only(requests_of(written))
    assert by_board(lines) == LEFT.get(operation.id, [])
    for line in lines:
        named = [n for n in ALWAYS if operation.id not in NOT_SIGNED_IN or n != "session"]
        assert all(line[name] for name in named)
        assert (line["request_id"], line["outcome"]) == (told["request_id"], "ok")


@pytest.mark.parametrize("operation", WRITING, ids=str)
async def test_an_operation_that_is_only_tried_out_leaves_nothing(
    logged: Logged, operation: Operation
) -> None:
    """Seen to fail with lines written when they are told, and not after the commit."""
    api, written = logged
    asked = request(await scene(api, "own"), operation)
    forget(written)
    answer = await asked.send(headers={"prefer": "dry-run"})
    assert answer.status_code in (200, 202, 422)  # an import is tried out behind the request
    assert audit_of(written) == []


@pytest.mark.parametrize("operation", LEAVING, ids=str)
async def test_what_fails_at_its_commit_is_in_no_line(
    logged: Logged, db: asyncpg.Connection, operation: Operation
) -> None:
    """Seen to fail with lines written when they are told, and not after the commit."""
    api, written = logged
    asked = request(await scene(api, "own"), operation)
    path = operation.path.format(**asked.path)
    async with failing_at_commit(db, CHANGED[operation.id]):
        lines = await left_by(
            written, lambda: asked.person.client.request(operation.method, path, json=asked.body)
        )
    assert only(requests_of(written))["status"] == 500
    assert lines == []


@pytest.mark.parametrize("operation", LEAVING, ids=str)
async def test_what_is_refused_leaves_nothing_but_the_refusal(
    logged: Logged, operation: Operation
) -> None:
    """From another site, that is: refused before anything is looked at."""
    api, written = logged
    asked = request(await scene(api, "own"), operation)
    asked.person.client.headers["sec-fetch-site"] = "cross-site"
    forget(written)
    assert (await asked.send()).status_code == 403
    line = only(audit_of(written))
    assert (line["event"], line["reason"], line["route"]) == ("denied", "cross-site", None)


async def test_a_repeated_request_leaves_no_second_line(logged: Logged) -> None:
    api, written = logged
    own = await scene(api, "own")
    operation = next(o for o in LEAVING if o.id == "set_role")
    for expected in (["role.changed"], []):
        forget(written)
        await request(own, operation).send(headers={"idempotency-key": "once"})
        assert events(audit_of(written)) == expected


@pytest.mark.parametrize("name", ["add_person", "set_role", "remove_person"])
async def test_a_line_names_the_event_of_the_boards_own_log(
    logged: Logged, db: asyncpg.Connection, name: str
) -> None:
    """Seen to fail with the number of the event before."""
    api, written = logged
    own = await scene(api, "own")
    forget(written)
    await request(own, next(o for o in LEAVING if o.id == name)).send()
    line, (*_, last) = only(audit_of(written)), await log_of(db, own.ids["board_id"])
    person = own.friend if name == "add_person" else own.member
    assert (line["board"], line["seq"]) == (own.ids["board_id"], last["seq"])
    assert (line["user"], line["target"]) == (str(last["actor_id"]), person.id)


@pytest.mark.usefixtures("api")
async def test_what_waits_for_a_commit_waits_for_the_outermost() -> None:
    """Seen to fail when the end of a transaction within another was enough."""
    done: list[str] = []
    with suppress(ZeroDivisionError):
        async with transaction():
            async with transaction():
                after_commit(lambda: done.append("undone"))
            raise ZeroDivisionError
    async with transaction():
        async with transaction():
            after_commit(lambda: done.append("inner"))
        after_commit(lambda: done.append("outer"))
        assert done == []
    after_commit(lambda: done.append("at once"))
    assert done == ["inner", "outer", "at once"]
