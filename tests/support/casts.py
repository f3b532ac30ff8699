"""Boards with people on them, and who of them may manage whom."""

from typing import Any

from api import Api, Json, Person

ROLES = ("CREATOR", "MODERATOR", "MEMBER", "COMMENTER", "OBSERVER")  # from the highest
OTHERS = ROLES[1:]


async def board_with(api: Api, role: str, **fields: Any) -> tuple[Person, Person, Json]:
    """Give a board's CREATOR, somebody on it in this role (or the CREATOR again), and the board."""
    anna = await api.user()
    board = await anna.board(**{"title": "Website", **fields})
    person = anna if role == "CREATOR" else await add(api, anna, board, role)
    return anna, person, board


async def add(api: Api, creator: Person, board: Json, role: str) -> Person:
    """Make a person and put them on the board."""
    person = await api.user()
    await creator.invite(board, person, role)
    return person


def people_of(board: Json) -> str:
    return f"/boards/{board['id']}/users"


def place_of(board: Json, person: Person) -> str:
    return f"{people_of(board)}/{person.id}"


async def roles_on(board: Json, reader: Person) -> dict[str, str]:
    """Tell everybody's role by their id."""
    return {found["user"]["id"]: found["role"] for found in await reader.items(people_of(board))}


def may_manage(role: str, *others: str) -> bool:
    """Tell whether this role gives and takes those: lower ones than one's own."""
    is_above = all(ROLES.index(role) < ROLES.index(other) for other in others)
    return role in ("CREATOR", "MODERATOR") and is_above
