import asyncpg
import pytest

from api import Api, Json
from casts import OTHERS, ROLES, add, board_with, may_manage, people_of, place_of, roles_on
from checks import events, invalid, refused
from doska.schemas import new_id
from people import promote


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("own", ROLES)
async def test_people_are_added_in_a_role_lower_than_ones_own(
    api: Api, own: str, role: str
) -> None:
    """Seen to fail with a comparison that lets equals through."""
    anna, boris, board = await board_with(api, own)
    clara = await api.user()

    response = await boris.post(people_of(board), user_id=clara.id, role=role)

    if may_manage(own, role):
        assert response.status_code == 201
        assert (response.json()["user"]["id"], response.json()["role"]) == (clara.id, role)
    else:
        refused(response, 403, "not-allowed", role=own)
    assert (clara.id in await roles_on(board, anna)) == may_manage(own, role)


@pytest.mark.parametrize("new", ROLES)
@pytest.mark.parametrize("old", OTHERS)
@pytest.mark.parametrize("own", ROLES)
async def test_roles_are_changed_from_lower_to_lower_than_ones_own(
    api: Api, own: str, old: str, new: str
) -> None:
    """Seen to fail with a check of the new role only, and with one of the old role only."""
    anna, boris, board = await board_with(api, own)
    clara = await add(api, anna, board, old)

    response = await boris.put(place_of(board, clara), role=new)

    is_hand_over = own == new == "CREATOR"
    if is_hand_over or may_manage(own, old, new):
        assert (response.status_code, response.json()["role"]) == (200, new)
    else:
        refused(response, 403, "not-allowed", role=own)
        assert (await roles_on(board, anna))[clara.id] == old


@pytest.mark.parametrize("role", OTHERS)
async def test_nobody_but_the_creator_changes_their_own_role(api: Api, role: str) -> None:
    anna, boris, board = await board_with(api, role)

    for new in ROLES:
        refused(await boris.put(place_of(board, boris), role=new), 403, "not-allowed", role=role)
    assert (await roles_on(board, anna))[boris.id] == role


async def test_a_person_on_a_board_is_added_once(api: Api) -> None:
    anna, boris, board = await board_with(api, "OBSERVER")

    async with events(anna, board, 0):
        again = await anna.post(people_of(board), user_id=boris.id, role="MEMBER")

    refused(again, 409, "already-exists")
    assert (await roles_on(board, anna))[boris.id] == "OBSERVER"


async def test_a_person_is_added_as_a_member_unless_told_otherwise(api: Api) -> None:
    anna, boris = await api.user(), await api.user()
    board = await anna.board()

    response = await anna.post(people_of(board), user_id=boris.id)

    assert response.headers["location"] == place_of(board, boris)
    view = {name: (boris.me or {})[name] for name in ("id", "username", "name", "avatar_url")}
    assert response.json().items() >= {"role": "MEMBER", "user": view}.items()


async def test_whom_nobody_knows_or_who_is_disabled_cannot_be_added(
    api: Api, db: asyncpg.Connection
) -> None:
    anna, disabled = await api.user(), await api.user()
    board = await anna.board()
    await db.execute("update users set is_active = false where id = $1", disabled.id)

    for user_id in (new_id(), disabled.id):
        refused(await anna.post(people_of(board), user_id=user_id), 404, "not-found")


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({"role": "MEMBER"}, "/body/user_id"),
        ({"user_id": "anna"}, "/body/user_id"),
        ({"user_id": new_id(), "role": "BOSS"}, "/body/role"),
        ({"user_id": new_id(), "role": None}, "/body/role"),
        ({"user_id": new_id(), "joined_at": "2020-01-01T00:00:00Z"}, "/body/joined_at"),
    ],
)
async def test_adding_names_a_person_and_a_role(api: Api, body: Json, pointer: str) -> None:
    anna = await api.user()
    board = await anna.board()

    invalid(await anna.post(people_of(board), **body), pointer)


async def test_a_new_role_is_one_of_the_four(api: Api) -> None:
    anna, boris, board = await board_with(api, "MEMBER")

    invalid(await anna.put(place_of(board, boris), role="BOSS"), "/body/role")
    invalid(await anna.put(place_of(board, boris), role=None), "/body/role")
    invalid(await anna.put(place_of(board, boris)), "/body/role")


async def test_the_same_role_again_is_no_change(api: Api) -> None:
    anna, boris, board = await board_with(api, "MEMBER")

    async with events(anna, board, 0):
        assert (await anna.put(place_of(board, boris), role="MEMBER")).status_code == 200
        assert (await anna.put(place_of(board, anna), role="CREATOR")).json()["role"] == "CREATOR"


async def test_who_is_not_on_the_board_has_no_role_to_read_change_or_lose(api: Api) -> None:
    anna, clara = await api.user(), await api.user()
    board = await anna.board()

    refused(await anna.get(place_of(board, clara)), 404, "not-found")
    refused(await anna.put(place_of(board, clara), role="MEMBER"), 404, "not-found")
    refused(await anna.delete(place_of(board, clara)), 404, "not-found")


async def test_an_administrator_manages_people_as_a_creator_does(
    api: Api, db: asyncpg.Connection
) -> None:
    anna, boris, board = await board_with(api, "MODERATOR")
    admin, clara = await promote(db, await api.user()), await api.user()

    await admin.invite(board, clara, "MODERATOR")
    assert (await admin.put(place_of(board, clara), role="CREATOR")).status_code == 200
    assert (await admin.delete(place_of(board, boris))).status_code == 204
    refused(await admin.delete(place_of(board, clara)), 409, "hand-over-first")

    assert await roles_on(board, anna) == {anna.id: "MODERATOR", clara.id: "CREATOR"}
    assert (await admin.read(f"/boards/{board['id']}"))["role"] is None


async def test_people_are_listed_in_the_order_in_which_they_joined(api: Api) -> None:
    anna, boris, board = await board_with(api, "OBSERVER")
    clara = await add(api, anna, board, "MODERATOR")

    listed = await boris.items(people_of(board))

    assert [found["user"]["id"] for found in listed] == [anna.id, boris.id, clara.id]
    assert listed == [await boris.read(place_of(board, who)) for who in (anna, boris, clara)]


async def test_a_passer_by_sees_the_people_of_a_public_board_and_adds_nobody(api: Api) -> None:
    anna, passer_by = await api.user(), await api.user()
    board = await anna.board(is_public=True)

    assert await roles_on(board, passer_by) == {anna.id: "CREATOR"}
    joining = await passer_by.post(people_of(board), user_id=passer_by.id, role="OBSERVER")
    refused(joining, 403, "not-allowed", role=None)


async def test_a_stranger_learns_nothing_about_who_is_on_a_board(api: Api) -> None:
    anna, boris, board = await board_with(api, "MEMBER")
    stranger = await api.user()

    for refusal in (
        await stranger.get(people_of(board)),
        await stranger.get(place_of(board, anna)),
        await stranger.post(people_of(board), user_id=stranger.id, role="OBSERVER"),
        await stranger.put(place_of(board, boris), role="OBSERVER"),
        await stranger.delete(place_of(board, boris)),
    ):
        refused(refusal, 404, "not-found")


async def test_a_board_is_not_handed_over_to_a_disabled_account(
    api: Api, db: asyncpg.Connection
) -> None:
    anna, boris, board = await board_with(api, "MEMBER")
    await db.execute("update users set is_active = false where id = $1", boris.id)

    refused(await anna.put(place_of(board, boris), role="CREATOR"), 409, "account-disabled")
    assert await roles_on(board, anna) == {anna.id: "CREATOR", boris.id: "MEMBER"}
