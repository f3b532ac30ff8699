"""Profiles: who changes what, who sees what, pictures and passwords."""

import asyncpg
import pytest

from api import PASSWORD, Api
from people import another_device, promote

NEW_PASSWORD = "another horse battery 9"


async def test_a_person_changes_their_own_profile(api: Api) -> None:
    anna = await api.user("anna")
    answer = await anna.patch(f"/users/{anna.id}", name="Anna P.")
    assert answer.json() == {**(anna.me or {}), "name": "Anna P.", "version": 2}
    assert await anna.read("/users/me") == answer.json()


async def test_replacing_a_profile_gives_what_is_left_out_its_default(api: Api) -> None:
    anna = await api.user("anna", name="Anna P.", avatar_url="https://example.com/a.png")
    fields = {"username": "anna2", "email": "anna2@example.com"}
    replaced = (await anna.put(f"/users/{anna.id}", **fields)).json()
    defaults = {"name": "anna2", "avatar_url": f"/users/{anna.id}/avatar.svg", "version": 2}
    assert replaced == {**(anna.me or {}), **fields, **defaults}
    assert (await anna.put(f"/users/{anna.id}", username="anna3")).status_code == 422


async def test_changing_nothing_counts_no_version(api: Api) -> None:
    anna = await api.user("anna")
    assert (await anna.patch(f"/users/{anna.id}", username="anna")).json() == anna.me


@pytest.mark.parametrize("field", ["username", "email"])
async def test_a_name_taken_by_somebody_else_is_refused(api: Api, field: str) -> None:
    anna, boris = await api.user("anna"), await api.user("boris")
    taken = (boris.me or {})[field].upper()
    assert (await anna.patch(f"/users/{anna.id}", **{field: taken})).status_code == 409
    assert await anna.read("/users/me") == anna.me


async def test_ones_own_name_in_another_case_is_free(api: Api) -> None:
    anna = await api.user("anna")
    answer = await anna.patch(f"/users/{anna.id}", username="Anna", email="ANNA@example.com")
    assert answer.status_code == 200


async def test_a_stranger_changes_no_profile_and_an_administrator_any(
    api: Api, db: asyncpg.Connection
) -> None:
    anna, boris = await api.user("anna"), await api.user("boris")
    fields = {"username": "hacked", "email": "hacked@example.com"}
    for answer in (
        await boris.patch(f"/users/{anna.id}", **fields),
        await boris.put(f"/users/{anna.id}", **fields),
        await boris.delete(f"/users/{anna.id}"),
    ):
        assert answer.status_code == 403
    assert await anna.read("/users/me") == anna.me
    await promote(db, boris)
    assert (await boris.patch(f"/users/{anna.id}", name="Anna P.")).json()["name"] == "Anna P."


@pytest.mark.parametrize("flag", [{"is_admin": True}, {"is_active": False}, {"is_active": True}])
async def test_nobody_sets_their_own_flags(
    api: Api, db: asyncpg.Connection, flag: dict[str, bool]
) -> None:
    anna = await api.user("anna")
    me = f"/users/{anna.id}"
    assert (await anna.patch(me, name="X", **flag)).status_code == 422
    whole = {"username": "x" * 5, "email": "x@example.com", **flag}
    assert (await anna.put(me, **whole)).status_code == 422
    assert await anna.read("/users/me") == anna.me
    await promote(db, anna)
    assert (await anna.patch(me, **flag)).status_code == 200


async def test_flags_left_out_of_a_replacement_stay(api: Api, db: asyncpg.Connection) -> None:
    admin = await promote(db, await api.user("admin"))
    await admin.put(f"/users/{admin.id}", username="admin", email="a@example.com")
    assert (await admin.read("/users/me"))["is_admin"] is True


async def test_an_administrator_disables_and_enables_an_account(
    api: Api, db: asyncpg.Connection
) -> None:
    anna, admin = await api.user("anna"), await promote(db, await api.user("admin"))
    await admin.patch(f"/users/{anna.id}", is_active=False)
    assert (await anna.get("/users/me")).status_code == 401
    await admin.patch(f"/users/{anna.id}", is_active=True)
    assert (await anna.get("/users/me")).status_code == 401  # the old sign-in has ended
    await another_device(api, anna)


PICTURES_REFUSED = [
    "javascript:alert(1)",
    "http://example.com/a.png",
    "//example.com/a.png",
    "data:image/svg+xml,<svg/>",
    "https://",
    "https:///a.png",
    "https://user:secret@example.com/a.png",
    'https://example.com/"onerror="x',
    "https://example.com/a b.png",
    "https://example.com\\@evil.example/",
    "/users/0198c0de-0000-7000-8000-000000000001/avatar.svg",
    "/users/me",
    "https://example.com/" + "a" * 500,
    "",
]


@pytest.mark.parametrize("url", PICTURES_REFUSED)
async def test_a_picture_that_is_no_https_address_is_refused(api: Api, url: str) -> None:
    anna = await api.user("anna")
    answer = await anna.patch(f"/users/{anna.id}", avatar_url=url)
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["pointer"] == "/body/avatar_url"
    body = {"username": "boris", "email": "b@example.com", "password": PASSWORD, "avatar_url": url}
    assert (await api.nobody().post("/users", **body)).status_code == 422


async def test_nobody_wears_the_identicon_of_somebody_else(api: Api) -> None:
    anna, boris = await api.user("anna"), await api.user("boris")
    url = f"/users/{boris.id}/avatar.svg"
    assert (await anna.patch(f"/users/{anna.id}", avatar_url=url)).status_code == 422


async def test_a_picture_elsewhere_gives_way_to_the_identicon_again(api: Api) -> None:
    anna = await api.user("anna", avatar_url="https://example.com/a.png?size=40")
    assert (anna.me or {})["avatar_url"] == "https://example.com/a.png?size=40"
    answer = await anna.patch(f"/users/{anna.id}", avatar_url=None)
    assert answer.json()["avatar_url"] == f"/users/{anna.id}/avatar.svg"


async def test_an_identicon_is_public_safe_and_the_same_each_time(api: Api) -> None:
    anna, boris = await api.user("anna"), await api.user("boris")
    first = await api.nobody().get(f"/users/{anna.id}/avatar.svg")
    assert first.status_code == 200
    assert first.headers["content-type"].startswith("image/svg+xml")
    assert first.headers["cache-control"].startswith("public, max-age=")
    assert first.headers["x-content-type-options"] == "nosniff"
    assert "sandbox" in first.headers["content-security-policy"]
    assert first.text.startswith("<svg ")
    assert (await boris.get(f"/users/{anna.id}/avatar.svg")).text == first.text
    assert (await boris.get(f"/users/{boris.id}/avatar.svg")).text != first.text


async def test_an_identicon_of_nobody_does_not_exist(api: Api) -> None:
    nobody = "/users/0198c0de-0000-7000-8000-000000000001/avatar.svg"
    assert (await api.nobody().get(nobody)).status_code == 404


async def test_email_and_flags_are_seen_by_oneself_and_administrators_only(
    api: Api, db: asyncpg.Connection
) -> None:
    anna, boris = await api.user("anna"), await api.user("boris")
    admin = await promote(db, await api.user("admin"))
    private = {"email", "is_admin", "is_active"}
    assert not private & (await boris.read(f"/users/{anna.id}")).keys()
    seen = {user["username"]: private <= user.keys() for user in await boris.items("/users")}
    assert seen == {"admin": False, "anna": False, "boris": True}
    assert await admin.read(f"/users/{anna.id}") == anna.me
    assert all(private <= user.keys() for user in await admin.items("/users"))


async def test_people_are_not_found_by_email(api: Api) -> None:
    await api.user("anna", email="secret@example.com")
    boris = await api.user("boris")
    assert await boris.items("/users", q="secret") == []
    assert [user["username"] for user in await boris.items("/users", q="NN")] == ["anna"]


async def test_a_new_password_ends_all_other_sign_ins(api: Api) -> None:
    anna = await api.user("anna")
    phone = await another_device(api, anna)
    change = {"current_password": PASSWORD, "new_password": NEW_PASSWORD}
    assert (await anna.put("/users/me/password", **change)).status_code == 204
    assert (await anna.get("/users/me")).status_code == 200
    assert (await phone.get("/users/me")).status_code == 401
    old = await api.nobody().post("/auth/login", login="anna", password=PASSWORD)
    assert old.status_code == 401
    await another_device(api, anna, NEW_PASSWORD)


@pytest.mark.parametrize(
    ("current", "new", "pointer"),
    [
        ("a wrong password", NEW_PASSWORD, "/body/current_password"),
        (PASSWORD, "password123", "/body/new_password"),
        (PASSWORD, "anna-anna", "/body/new_password"),
        (PASSWORD, "x" * 129, "/body/new_password"),
    ],
)
async def test_a_refused_change_of_password_changes_nothing(
    api: Api, current: str, new: str, pointer: str
) -> None:
    anna = await api.user("anna-anna")
    phone = await another_device(api, anna)
    change = {"current_password": current, "new_password": new}
    answer = await anna.put("/users/me/password", **change)
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["pointer"] == pointer
    assert (await phone.get("/users/me")).status_code == 200
    await another_device(api, anna)
