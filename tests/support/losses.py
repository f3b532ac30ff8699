"""Somebody who follows a board, and all the ways to lose it."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

import asyncpg

from api import PASSWORD, Api, Json, Person
from people import another_device, promote

NEW_PASSWORD = "staple over the moon 7"


@dataclass
class Scene:
    """Anna's board, ivan who watches it, and his other device."""

    anna: Person
    board: Json
    ivan: Person
    twin: Person
    boss: Person

    @property
    def place(self) -> str:
        return f"/boards/{self.board['id']}/users/{self.ivan.id}"


async def scene_of(api: Api, db: asyncpg.Connection) -> Scene:
    anna, ivan, boss = await api.user(), await api.user(), await api.user()
    board = await anna.board()
    await anna.invite(board, ivan)
    return Scene(anna, board, ivan, await another_device(api, ivan), await promote(db, boss))


async def removed(scene: Scene) -> object:
    return await scene.anna.delete(scene.place)


async def left(scene: Scene) -> object:
    return await scene.twin.delete(scene.place)


async def signed_out(scene: Scene) -> object:
    return await scene.ivan.post("/auth/logout")


async def session_ended(scene: Scene) -> object:
    sessions = await scene.twin.items("/auth/sessions")
    (other,) = [session for session in sessions[:2] if not session["is_current"]]
    return await scene.twin.delete(f"/auth/sessions/{other['id']}")


async def password_changed(scene: Scene) -> object:
    body = {"current_password": PASSWORD, "new_password": NEW_PASSWORD}
    return await scene.twin.put("/users/me/password", **body)


async def disabled(scene: Scene) -> object:
    return await scene.boss.patch(f"/users/{scene.ivan.id}", is_active=False)


async def deleted(scene: Scene) -> object:
    return await scene.twin.delete(f"/users/{scene.ivan.id}")


Loss = Callable[[Scene], Awaitable[object]]


LOSSES: list[Loss] = [
    removed, left, signed_out, session_ended, password_changed, disabled, deleted
]  # fmt: skip
