"""Going through lists page by page."""

from typing import Any

from api import Json, Person

PAGES_MAX = 100  # a list that never ends fails


async def pages(person: Person, path: str, **params: Any) -> list[list[Json]]:
    """Follow ``next_cursor`` from the first page to the last."""
    found = [await person.read(path, **params)]
    while cursor := found[-1]["next_cursor"]:
        assert len(found) < PAGES_MAX
        found.append(await person.read(path, **params, cursor=cursor))
    return [page["items"] for page in found]


async def linked_pages(person: Person, path: str, **params: Any) -> list[list[Json]]:
    """Follow the ``Link`` headers as they are given; both ways must lead to the same place."""
    response = await person.get(path, **params)
    found = [response.json()]
    while "next" in response.links:
        assert len(found) < PAGES_MAX
        assert found[-1]["next_cursor"]
        response = await person.send("GET", response.links["next"]["url"])
        assert response.status_code == 200, response.text
        found.append(response.json())
    assert found[-1]["next_cursor"] is None
    return [page["items"] for page in found]


async def walked(person: Person, path: str, **params: Any) -> list[Json]:
    """Give all of a list."""
    return [item for page in await pages(person, path, **params) for item in page]
