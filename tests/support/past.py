"""A board as it was: what was seen of it then, told with the names of today."""

from collections.abc import Iterable
from typing import Any

from api import Json, Person
from log_world import Deed, World
from walks import walked


def path_of(board: Json | str) -> str:
    return f"/boards/{board if isinstance(board, str) else board['id']}/snapshot"


async def seen(person: Person, board: Json, at: int, **params: Any) -> Json:
    """Look at a board as it was after an event."""
    return await person.read(path_of(board), at=at, **params)


async def chronicle(world: World, reader: Person, deeds: Iterable[Deed]) -> list[Json]:
    """Do the deeds; give the board as it was seen after each event."""
    found = [await reader.read(path_of(world.board))]
    for deed in deeds:
        await world.do(deed)
        now = await reader.read(path_of(world.board))
        if now["seq"] != found[-1]["seq"]:
            found.append(now)
    return found


async def check(world: World, reader: Person, deeds: list[Deed]) -> None:
    """Compare what is shown of each event later with what was seen then."""
    found = await chronicle(world, reader, deeds)
    seqs = [then["seq"] for then in found]
    assert seqs == sorted(set(seqs))
    faces = await faces_of_today(reader)
    for then in found:
        later = await reader.read(path_of(world.board), at=then["seq"])
        assert later == with_faces(then, faces)


async def faces_of_today(reader: Person) -> dict[str, Json]:
    """Give everybody who has an account as they are shown, by their id."""
    names = ("id", "username", "name", "avatar_url")
    users = await walked(reader, "/users", limit=200)
    return {user["id"]: {name: user[name] for name in names} for user in users}


def with_faces(then: Json, faces: dict[str, Json]) -> Json:
    """Show people as they are today; those whose account is gone not at all."""
    people = [
        {**person, "user": faces[person["user"]["id"]]}
        for person in then["people"]
        if person["user"]["id"] in faces
    ]
    return {
        **then,
        "people": people,
        "tasks": [task_with_faces(task, faces) for task in then["tasks"]],
    }


def task_with_faces(task: Json, faces: dict[str, Json]) -> Json:
    assignees = [faces[face["id"]] for face in task["assignees"] if face["id"] in faces]
    author = faces.get(task["author"]["id"]) if task["author"] else None
    return {**task, "assignees": assignees, "author": author}
