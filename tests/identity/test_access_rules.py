"""What keeps the access rules: routes refuse to lack one, and the database alone gives rights."""

from itertools import pairwise

import asyncpg
import jwt
import pytest

from api import PASSWORD, Api, Json, Person
from doska.boards.models import Role
from doska.boards.policy import GRANTS, RANKS
from doska.http.routing import Router
from doska.identity.access import Public
from matrix_rival import overtaking, waiting_for
from matrix_world import fingerprint, tables_of
from people import administrator


def bearer(person: Person, **claims: object) -> dict[str, str]:
    """Make a token as the server itself would sign it, with some claims changed."""
    key = person.api.app.state.settings.secret_key.get_secret_value()
    told = person.client.cookies["doska_session"]
    known = jwt.decode(told, key, algorithms=["HS256"], issuer="doska")
    return {"authorization": f"Bearer {jwt.encode({**known, **claims}, key, 'HS256')}"}


def test_an_endpoint_without_an_access_rule_cannot_be_defined() -> None:
    """Seen to fail when the route took an endpoint without a rule for public."""

    async def forgotten() -> None:
        """Forget who may call it."""

    for declare in (Router().get, Router().create, Router().put, Router().patch, Router().remove):
        with pytest.raises(TypeError, match="forgotten needs an access rule"):
            declare("/forgotten")(forgotten)
        declare("/public", dependencies=[Public])(forgotten)


def test_an_endpoint_without_a_docstring_cannot_be_defined() -> None:
    async def silent() -> None: ...

    with pytest.raises(TypeError, match="silent needs a docstring"):
        Router().get("/silent", dependencies=[Public])(silent)


def test_every_role_has_its_rights_and_a_higher_one_has_more() -> None:
    assert set(GRANTS) == set(Role)
    ascending = sorted(Role, key=lambda role: RANKS[role])
    assert ascending[-1] is Role.CREATOR
    assert all(GRANTS[low] < GRANTS[high] for low, high in pairwise(ascending))


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/boards/{board}", 404),
        ("DELETE", "/boards/{board}", 404),
        ("PATCH", "/users/{anna}", 403),
        ("DELETE", "/users/{anna}", 403),
    ],
)
async def test_a_token_that_says_administrator_gives_nothing(
    api: Api, method: str, path: str, status: int
) -> None:
    """Seen to fail when the token's flag was believed."""
    anna, boris = await api.user(), await api.user()
    board = await anna.board()
    where = path.format(board=board["id"], anna=anna.id)
    body = {"json": {"name": "Anna"}} if method == "PATCH" else {}
    response = await boris.send(method, where, headers=bearer(boris, admin=True), **body)
    assert response.status_code == status
    assert (await anna.read(f"/boards/{board['id']}")) == board


async def test_a_token_that_says_administrator_shows_nobodys_email(api: Api) -> None:
    anna, boris = await api.user(), await api.user()
    response = await boris.send("GET", f"/users/{anna.id}", headers=bearer(boris, admin=True))
    assert "email" in (await anna.read(f"/users/{anna.id}"))
    assert "email" not in response.json()


async def test_a_token_for_somebody_elses_sign_in_is_none(api: Api) -> None:
    anna, boris = await api.user(), await api.user()
    response = await boris.send("GET", "/users/me", headers=bearer(boris, sub=anna.id))
    assert response.status_code == 401


@pytest.mark.parametrize("flag", ["is_admin", "is_active"])
async def test_nobody_sets_the_flags_of_their_own_account(api: Api, flag: str) -> None:
    anna = await api.user()
    names = {"username": "anna", "email": "anna@example.com"}
    assert (await anna.patch(f"/users/{anna.id}", **{flag: True})).status_code == 422
    assert (await anna.put(f"/users/{anna.id}", **names, **{flag: True})).status_code == 422
    new = await api.nobody().post("/users", **names, password=PASSWORD, **{flag: True})
    assert new.status_code == 422
    assert await anna.read("/users/me") == anna.me


async def test_an_administrator_gains_and_loses_all_boards_at_the_next_request(
    api: Api, db: asyncpg.Connection
) -> None:
    """Seen to fail when the token's flag was believed."""
    root, anna, boris = await administrator(api, db), await api.user(), await api.user()
    board = f"/boards/{(await anna.board())['id']}"
    for is_admin, status in ((True, 200), (False, 404)):
        await root.patch(f"/users/{boris.id}", is_admin=is_admin)
        assert (await boris.get(board)).status_code == status
        assert (await boris.patch(board, title="Mine")).status_code == status
    assert (await anna.read(board))["title"] == "Mine"


async def test_a_demoted_administrator_does_nothing_more_with_the_old_token(
    api: Api, db: asyncpg.Connection
) -> None:
    first, second = await administrator(api, db, "first"), await administrator(api, db, "second")
    anna = await api.user()
    assert "email" in await second.read(f"/users/{anna.id}")
    await first.patch(f"/users/{second.id}", is_admin=False)
    assert "email" not in await second.read(f"/users/{anna.id}")
    assert (await second.patch(f"/users/{anna.id}", is_active=False)).status_code == 403


async def team(api: Api) -> tuple[Person, Person, Json]:
    """Make a board of Anna's on which Boris is a MODERATOR."""
    anna, boris = await api.user("anna"), await api.user("boris")
    board = await anna.board()
    await anna.invite(board, boris, "MODERATOR")
    return anna, boris, board


async def test_a_changed_or_lost_role_counts_at_the_next_request(api: Api) -> None:
    anna, boris, board = await team(api)
    path = f"/boards/{board['id']}"
    place = f"{path}/users/{boris.id}"
    assert (await boris.patch(path, title="One")).status_code == 200
    await anna.put(place, role="MEMBER")
    assert (await boris.patch(path, title="Two")).status_code == 403
    await anna.delete(place)
    assert (await boris.patch(path, title="Three")).status_code == 404
    assert (await boris.get(path)).status_code == 404


async def test_who_signed_out_can_use_the_token_no_more(api: Api) -> None:
    """Seen to fail when sign-ins that have ended were still taken."""
    _, boris, board = await team(api)
    path, headers = f"/boards/{board['id']}", bearer(boris)
    assert (await boris.send("GET", path, headers=headers)).status_code == 200
    await boris.post("/auth/logout")
    for method, body in (("GET", {}), ("PATCH", {"json": {"title": "Mine"}}), ("DELETE", {})):
        assert (await boris.send(method, path, headers=headers, **body)).status_code == 401


async def test_a_disabled_person_is_out_at_once_and_cannot_sign_in(
    api: Api, db: asyncpg.Connection
) -> None:
    _, boris, board = await team(api)
    root = await administrator(api, db)
    assert (await root.patch(f"/users/{boris.id}", is_active=False)).status_code == 200
    assert (await boris.get(f"/boards/{board['id']}")).status_code == 401
    assert (await boris.patch(f"/boards/{board['id']}", title="Mine")).status_code == 401
    again = await boris.post("/auth/login", login="boris", password=PASSWORD)
    assert again.status_code == 401


LOSSES = {
    "place": ("delete from board_users where user_id = $1 and role <> 'CREATOR'", 404),
    "role": (
        "update board_users set role = 'OBSERVER' where user_id = $1 and role <> 'CREATOR'",
        403,
    ),
    "account": ("update users set is_active = false where id = $1", 401),
    "sign-in": ("update sessions set revoked_at = now() where user_id = $1", 401),
}


@pytest.mark.parametrize("loss", LOSSES)
@pytest.mark.parametrize("kind", ["boards", "columns", "tasks", "subtasks"])
async def test_who_loses_a_right_while_waiting_for_the_board_writes_nothing(
    api: Api, db: asyncpg.Connection, kind: str, loss: str
) -> None:
    """Seen to fail when the right was judged in the statement that locks, and before it."""
    anna, boris, board = await team(api)
    column = await anna.column(board)
    task = await anna.task(column)
    named = {
        "boards": board,
        "columns": column,
        "tasks": task,
        "subtasks": await anna.subtask(task),
    }
    write = boris.patch(f"/{kind}/{named[kind]['id']}", title="Mine")
    sql, status = LOSSES[loss]
    tables = await tables_of(db)
    async with overtaking(db, board["id"], write) as waiting:
        await db.execute(sql, boris.id)
        before = await fingerprint(db, tables)
    assert (await waiting).status_code == status
    assert await fingerprint(db, tables) == before


async def test_an_administrator_demoted_while_waiting_changes_no_account(
    api: Api, db: asyncpg.Connection
) -> None:
    """Seen to fail when the right was judged only before the lock, which is the account's."""
    root, anna = await administrator(api, db), await api.user("anna")
    async with db.transaction():
        await db.execute("select from users where id = $1 for update", anna.id)
        waiting = await waiting_for(db, root.patch(f"/users/{anna.id}", name="Nobody"))
        await db.execute("update users set is_admin = false where id = $1", root.id)
    assert (await waiting).status_code == 403
    assert await anna.read("/users/me") == anna.me


async def test_who_has_waited_and_kept_the_right_writes(api: Api, db: asyncpg.Connection) -> None:
    _, boris, board = await team(api)
    write = boris.patch(f"/boards/{board['id']}", title="Ours")
    async with overtaking(db, board["id"], write) as waiting:
        assert not waiting.done()
    assert (await waiting).json()["title"] == "Ours"
