"""What is done on a board of a server that runs as a program."""

import httpx

from api import PASSWORD


async def registered(client: httpx.AsyncClient) -> str:
    """Sign somebody in; gives the id of a board of theirs."""
    body = {"username": "anna", "email": "anna@example.com", "password": PASSWORD}
    (await client.post("/users", json=body)).raise_for_status()
    return str((await client.post("/boards", json={"title": "Web"})).json()["id"])


async def retitle(client: httpx.AsyncClient, board_id: str, title: str) -> None:
    (await client.patch(f"/boards/{board_id}", json={"title": title})).raise_for_status()
