"""doska import and doska export, against a server of this process."""

import asyncio
import json
import socket
from collections.abc import AsyncIterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
import uvicorn
from typer.testing import CliRunner, Result

from api import Api, Person
from casts import board_with
from doska.cli import cli
from exporting import a_full_board, exported
from tokens import new_token


@pytest.fixture
async def url(api: Api) -> AsyncIterator[str]:
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        config = uvicorn.Config(api.app, lifespan="off", log_level="error")
        server = uvicorn.Server(config)
        serving = asyncio.create_task(server.serve([listening]))
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
        server.should_exit = True
        await serving


def names_in(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


async def ran(api: Api, url: str, person: Person, *arguments: Any) -> Result:
    """Run a command in a thread, while this process answers it and does its jobs."""
    token = (await new_token(person))["token"]
    environment = {"DOSKA_URL": url, "DOSKA_TOKEN": token}
    runner = CliRunner(env=environment)
    words = [str(argument) for argument in arguments]
    command = asyncio.create_task(asyncio.to_thread(runner.invoke, cli, words))
    while not command.done():
        await api.work_off()
        with suppress(TimeoutError):
            await asyncio.wait_for(asyncio.shield(command), 0.05)
    return command.result()


async def test_a_board_leaves_and_comes_back(api: Api, url: str, tmp_path: Path) -> None:
    anna, _, board = await a_full_board(api)
    content = (await exported(anna, board, "doska")).content
    file = tmp_path / "board.doska"

    saved = await ran(api, url, anna, "export", board["id"], "--output", file)
    assert (saved.exit_code, file.read_bytes()) == (0, content), saved.output
    await anna.delete(f"/boards/{board['id']}")
    tried = await ran(api, url, anna, "import", file, "--dry-run", "--json")
    back = await ran(api, url, anna, "import", file, "--strict")

    assert json.loads(tried.stdout)["boards"][0]["board_id"] == board["id"]
    assert (back.exit_code, board["id"] in back.stdout) == (0, True), back.output
    assert (await exported(anna, board, "doska")).content == content
    assert names_in(tmp_path) == {file.name}


async def test_all_boards_are_saved_under_names_of_ours(api: Api, url: str, tmp_path: Path) -> None:
    anna, _, board = await board_with(api, "CREATOR", title="../../etc/passwd")

    saved = await ran(api, url, anna, "export", "--all", tmp_path, "--format", "csv")

    assert saved.exit_code == 0, saved.output
    names = names_in(tmp_path)
    assert names == {f"{found['key']}-{found['id']}.csv" for found in await anna.items("/boards")}
    assert f"{board['key']}-{board['id']}.csv" in names


async def test_it_exits_with_what_has_happened(api: Api, url: str, tmp_path: Path) -> None:
    anna, stranger = await api.user(), await api.user()
    board = await anna.board()
    broken, lossy = tmp_path / "broken.json", tmp_path / "lossy.json"
    broken.write_text('{"lists": [], "cards": [], "name": ')
    card = {"id": "c", "name": "x", "idList": "l", "email": "k+1@boards.example"}
    lossy.write_text(
        json.dumps({"name": "x", "lists": [{"id": "l", "name": "To do"}], "cards": [card]})
    )

    refused = await ran(api, url, stranger, "export", board["id"])
    unnamed = await ran(api, url, anna, "export")
    unreadable = await ran(api, url, anna, "import", broken)
    losing = await ran(api, url, anna, "import", lossy, "--strict")
    unreachable = await ran(api, "http://127.0.0.1:9", anna, "export", board["id"])
    unsigned = CliRunner(env={"DOSKA_URL": url, "DOSKA_TOKEN": ""}).invoke(cli, ["export", "x"])

    codes = [r.exit_code for r in (refused, unnamed, unreadable, losing, unreachable, unsigned)]
    assert codes == [2, 2, 2, 3, 1, 1]
    assert "There is nothing here that you may see." in refused.stderr
    assert "DOSKA_TOKEN is missing" in unsigned.stderr
