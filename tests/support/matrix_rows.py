"""The lines of access_matrix.txt, and what is answered to one of them."""

from dataclasses import dataclass
from pathlib import Path

import httpx

from api import Json
from matrix_requests import CASES, Case
from matrix_world import CALLERS, World
from people import with_header


@dataclass(frozen=True)
class Row:
    """One line of the matrix."""

    name: str
    expected: dict[str, str]

    @property
    def operation(self) -> str:
        return self.name.partition(" (")[0]

    @property
    def method(self) -> str:
        return self.name.partition(" ")[0]

    def request(self, ids: dict[str, str]) -> Json:
        path = self.operation.partition(" ")[2]
        return {"method": self.method, **CASES.get(self.name, Case()).filled(path, ids)}


def read_matrix() -> list[Row]:
    text = Path(__file__).with_name("access_matrix.txt").read_text(encoding="utf-8")
    header, *lines = [line for line in text.splitlines() if line and not line.startswith("#")]
    assert header.split() == list(CALLERS)
    cells = [line.split() for line in lines]
    width = len(CALLERS)
    return [
        Row(" ".join(row[:-width]), dict(zip(CALLERS, row[-width:], strict=True))) for row in cells
    ]


MATRIX = read_matrix()
READING = {"POST /invitations/open"}  # what it shows is asked for by a secret, so in a body


async def answer(world: World, row: Row, caller: str, token: str | None = None) -> str:
    """Ask as a caller, or with an access token of theirs; rows change if it is done, else none."""
    person = await world.restore(caller)
    if token:
        person = with_header(world.api, f"Bearer {token}")
    response = await person.send(**row.request(world.ids(caller)))
    is_changed = await world.is_changed(caller)
    is_write = row.method != "GET" and row.operation not in READING
    assert is_changed == (is_write and response.is_success), f"rows, for {caller}"
    return "none" if is_empty_list(response) else str(response.status_code)


def is_empty_list(response: httpx.Response) -> bool:
    if response.headers.get("content-type") != "application/json" or not response.content:
        return False
    return bool(response.json().get("items") == [])
