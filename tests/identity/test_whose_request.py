"""A request can say whose it is: tabs of one browser share its cookie, and people share browsers."""

import httpx

from api import PASSWORD, Api, Person
from checks import refused


async def send(person: Person, named: str, path: str = "/boards") -> httpx.Response:
    return await person.send("POST", path, json={"title": "Work"}, headers={"doska-person": named})


async def test_a_request_of_whom_it_names_is_done(api: Api) -> None:
    anna = await api.user("anna")
    assert (await send(anna, anna.id)).status_code == 201
    assert (await send(anna, anna.id.upper())).status_code == 201


async def test_where_somebody_else_has_signed_in_nothing_is_done(api: Api) -> None:
    """Seen to fail when the header was not read."""
    anna, boris = await api.user("anna"), await api.user("boris")
    before = await boris.items("/boards")
    await anna.post("/auth/login", login="boris", password=PASSWORD)  # in another tab
    refused(await send(anna, anna.id), 401, "another-person")
    assert await boris.items("/boards") == before
    assert (await send(anna, boris.id)).status_code == 201


async def test_what_is_no_id_is_nobody(api: Api) -> None:
    anna = await api.user("anna")
    for named in ("", "nobody", f"{anna.id}, {anna.id}"):
        refused(await send(anna, named), 401, "another-person")
