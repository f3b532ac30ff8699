"""Who was refused what: one line of audit each, and none for who is nobody."""

import asyncpg
import pytest

from audits import Logged, Team, events, left_by, only, team_of, told
from logs import audit_of, forget, logging
from people import signed, token_of, with_cookie, with_header
from sign_ins import ELSEWHERE, at
from tokens import CLEAR, script_of


@pytest.fixture
async def team(logged: Logged, db: asyncpg.Connection) -> Team:
    return await team_of(logged, db)


async def test_a_denial_tells_who_was_refused_what_by_which_rule(
    logged: Logged, team: Team
) -> None:
    _, written = logged
    column = await team.anna.column(team.board)
    forget(written)
    boris = at(team.boris.api, ELSEWHERE, team.boris)
    answer = await boris.patch(f"/columns/{column['id']}", title="needle")
    line = only(audit_of(written))
    expected = {"event": "denied", "outcome": "refused", "status": 403, "reason": "not-allowed"}
    expected |= {"rule": "EDIT_BOARD", "method": "PATCH", "route": "/columns/{column_id}"}
    expected |= {"user": boris.id, "column_id": column["id"], "source": ELSEWHERE}
    assert expected.items() <= line.items()
    assert line["request_id"] == answer.json()["request_id"]
    assert b"needle" not in written.getvalue()


async def test_every_kind_of_denial_has_one_line(logged: Logged, team: Team) -> None:
    """Seen to fail with lines for 403 only, and with a forged token's user in one."""
    api, written = logged
    token, forged = token_of(team.anna), signed(api, {"sub": "x"})
    reader = await script_of(team.anna, "read")
    forget(written)
    await with_cookie(api, forged).get("/users/me")
    await with_header(api, f"Bearer {token[:-2]}").get("/users/me")
    await with_header(api, f"Bearer {CLEAR}{'A' * 86}").get("/users/me")
    await reader.post("/boards", title="x")
    await reader.get("/auth/tokens")
    await team.boris.patch(f"/users/{team.anna.id}", name="x")
    lines = audit_of(written)
    assert told(lines, "status", "reason", "user") == [
        *[["denied", 401, "unauthenticated", None]] * 3,
        ["denied", 403, "scope-too-small", team.anna.id],
        ["denied", 403, "only-in-person", team.anna.id],
        ["denied", 403, "not-your-account", team.boris.id],
    ]
    assert not [part for part in (token[-20:], forged[-20:], CLEAR) if part in str(lines)]


async def test_who_shows_nothing_or_looks_for_what_is_not_there_is_not_denied(
    logged: Logged, team: Team
) -> None:
    """Seen to fail with a line for each 401; a wrong password has a line of its own."""
    api, written = logged
    await api.nobody().get("/users/me")
    await api.nobody().post("/auth/login", login="needle", password="x")
    await team.boris.get("/boards/0198c0de-0000-7000-8000-000000000001")
    await team.boris.get("/needle")
    assert events(audit_of(written)) == ["sign_in"]


async def test_a_denial_holds_no_part_of_an_address_but_ids(logged: Logged, team: Team) -> None:
    """Seen to fail with all that the address holds."""
    api, written = logged
    await with_header(api, "Bearer x").get("/users/needle")
    await with_header(api, "Bearer x").get(f"/users/{team.anna.id}")
    lines = audit_of(written)
    assert told(lines, "route", "user_id") == [
        ["denied", "/users/{user_id}", None],
        ["denied", "/users/{user_id}", team.anna.id],
    ]


async def test_who_is_disabled_leaves_denials_from_then_on(logged: Logged, team: Team) -> None:
    _, written = logged
    lines = await left_by(
        written, lambda: team.clara.patch(f"/users/{team.boris.id}", is_active=False)
    )
    assert events(lines) == ["account.disabled"]
    lines = await left_by(written, lambda: team.boris.get("/users/me"))
    assert told(lines, "user") == [["denied", team.boris.id]]


@pytest.mark.usefixtures("api")
async def test_whoever_tries_too_often_is_told_by_address(database_url: str) -> None:
    async with logging(database_url, sign_in_attempts_a_minute=1) as (api, written):
        for _ in range(3):
            await at(api, ELSEWHERE).post("/auth/login", login="needle", password="x")
        lines = [line for line in audit_of(written) if line["event"] == "attempt"]
    assert len(lines) == 2
    assert {line["outcome"] for line in lines} == {"held_back"}
    assert {(line["source"], line["route"]) for line in lines} == {(ELSEWHERE, "/auth/login")}
