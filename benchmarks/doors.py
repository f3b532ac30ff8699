r"""What imports and exports cost beside PostgreSQL's own tools: a table, and an exit code.

Each round imports a board of 10,000 tasks and 20,000 subtasks from a Trello file as small as it can
be (13 MB) and from one with all that Trello writes today (58 MB), copies the very rows in by psql
(``\copy``, = 1), exports the board in each format, and dumps its rows by ``pg_dump`` (= 1). Then 16
clients read tasks of another board, with and without an import. ``--rounds`` chooses how often.
"""

import argparse
import asyncio
import os
import subprocess
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import asyncpg
from pydantic import SecretStr
from pydantic_core import from_json

import fill
import load
import servers
from doska.postgres.embedded.programs import find_binaries
from doska.postgres.migration import migrate
from doska.settings import Settings
from report import Row, Spread, Target, table
from trello_board import trello_file

TABLES = ("boards", "board_users", "columns", "tasks", "subtasks")  # parents first
DUMPED = (*TABLES, "events", "import_refs", "extras")
FORMATS = ("doska", "trello", "csv", "markdown")
LOAD_SECONDS = 6
HEAD = ("", "work", "target", "found", "who", "s", "MB")
MB = 1e6


class Bench:
    """The server, its database, and who asks."""

    def __init__(self, url: str, program: servers.Program, owner: fill.Owner, folder: Path) -> None:
        self._url, self._program, self._owner, self._folder = url, program, owner, folder
        self._db: asyncpg.Connection | None = None

    @property
    def db(self) -> asyncpg.Connection:
        """Return the connection that looks on."""
        assert self._db is not None  # noqa: S101  # it is opened first
        return self._db

    async def open(self) -> None:
        """Connect."""
        self._db = await asyncpg.connect(self._url)

    async def import_file(self, file: Path) -> tuple[str, float, float]:
        """Import; gives the board, the seconds of it all, and those of writing."""
        began = time.monotonic()
        answer = await asyncio.to_thread(self._curl, "POST", "/imports?into=new", "-T", str(file))
        import_id = from_json(answer)["id"]
        writing = began
        while True:
            row = await self.db.fetchrow(
                "select status, report, problem from imports where id = $1", import_id
            )
            if row["status"] in ("reading", "planning"):
                writing = time.monotonic()
            if row["status"] not in ("reading", "planning", "writing"):
                break
            await asyncio.sleep(0.005)
        ended = time.monotonic()
        if row["status"] != "done":
            raise load.LoadError(f"an import ended so: {row['problem']}")
        board_id: str = from_json(row["report"])["boards"][0]["board_id"]
        return board_id, ended - began, ended - writing

    def _curl(self, method: str, path: str, *more: str) -> bytes:
        """Ask by curl; LoadError unless it is answered well."""
        cookie = f"cookie: {self._owner.cookie}"
        command = ["curl", "-sS", "--fail-with-body", "-X", method, "-H", "Expect:", "-H", cookie]
        command += ["-H", "content-type: application/octet-stream", *more]
        found = subprocess.run(
            [*command, f"{self._program.url}{path}"], stdout=subprocess.PIPE, check=False
        )
        if found.returncode:
            raise load.LoadError(f"{method} {path}: {found.stdout[:300]!r}")
        return found.stdout

    async def copy(self, board_id: str) -> float:
        """Take a board's rows out, remove it, and time psql as it copies them in again."""
        commands = ["begin;"]
        for name in TABLES:
            file = self._folder / f"{name}.rows"
            key = "id" if name == "boards" else "board_id"
            query = f"select * from {name} where {key} = '{board_id}'"
            await self.db.copy_from_query(query, output=str(file))
            commands.append(f"\\copy {name} from '{file}'")
        await self.remove(board_id)
        script = self._folder / "copy.sql"
        script.write_text("\n".join([*commands, "commit;\n"]))
        began = time.monotonic()
        command = [
            str(find_binaries() / "psql"),
            "-qX",
            "-v",
            "ON_ERROR_STOP=1",
            "-f",
            str(script),
            self._url,
        ]
        await asyncio.to_thread(subprocess.run, command, check=True)
        return time.monotonic() - began

    async def remove(self, board_id: str) -> None:
        """Remove a board with all its rows, and let the database tidy up."""
        async with self.db.transaction():
            await self.db.execute("delete from subtasks where board_id = $1", board_id)
            await self.db.execute("delete from tasks where board_id = $1", board_id)
            await self.db.execute("delete from boards where id = $1", board_id)
        await self.db.execute("vacuum (analyze)")
        await self.db.execute("checkpoint")

    async def export(self, board_id: str, kind: str) -> tuple[float, int]:
        """Export; gives the seconds and the bytes."""
        file = self._folder / "exported"
        path = f"/boards/{board_id}/export?format={kind}"
        began = time.monotonic()
        await asyncio.to_thread(self._curl, "GET", path, "-o", str(file))
        return time.monotonic() - began, file.stat().st_size

    async def dump(self) -> tuple[float, int]:
        """Dump the same tables, in which there is no other board of that size."""
        file = self._folder / "dumped"
        tables = [part for name in DUMPED for part in ("-t", name)]
        began = time.monotonic()
        command = [
            str(find_binaries() / "pg_dump"),
            "--data-only",
            *tables,
            "-f",
            str(file),
            self._url,
        ]
        await asyncio.to_thread(subprocess.run, command, check=True)
        return time.monotonic() - began, file.stat().st_size


@contextmanager
def watched(program: servers.Program) -> Iterator[Callable[[], tuple[float, float]]]:
    """Look at memory meanwhile; gives what the server grew by and the reading process had, MB."""
    before = program.memory_bytes()
    most, ended = [before, 0.0], threading.Event()

    def look() -> None:
        while not ended.wait(0.02):
            most[0] = max(most[0], program.memory_bytes())
            most[1] = max(most[1], _reader_bytes(program.process.pid))

    thread = threading.Thread(target=look)
    thread.start()
    try:
        yield lambda: ((most[0] - before) / MB, most[1] / MB)
    finally:
        ended.set()
        thread.join()


def _reader_bytes(pid: int) -> int:
    """Tell the most that the process which reads files has had (its resident set)."""
    for children in Path(f"/proc/{pid}/task").glob("*/children"):
        with suppress(OSError, StopIteration):
            for child in children.read_text().split():
                lines = Path(f"/proc/{child}/status").read_text().splitlines()
                return int(next(x for x in lines if x.startswith("VmHWM:")).split()[1]) * 1024
    return 0


async def rounds_of(
    bench: Bench, program: servers.Program, files: list[Path], rounds: int
) -> list[Row]:
    """Import, copy, export and dump in turns."""
    found: dict[str, list[float]] = {}

    def note(name: str, value: float) -> None:
        found.setdefault(name, []).append(value)

    for n in range(rounds + 1):
        if n == 1:
            found.clear()  # the first one only warms up
        for file in files if n % 2 else reversed(files):
            with watched(program) as memory:
                board_id, whole, writing = await bench.import_file(file)
            grown, reader = memory()
            for name, value in (
                ("whole", whole),
                ("writing", writing),
                ("grown", grown),
                ("reader", reader),
            ):
                note(f"{file.stem} {name}", value)
            if file is files[0]:
                await _exports(bench, program, board_id, note)
            copied = await bench.copy(board_id)
            note(f"{file.stem} copy", copied)
            await bench.remove(board_id)
    return _rows(found, files)


async def _exports(
    bench: Bench, program: servers.Program, board_id: str, note: Callable[[str, float], None]
) -> None:
    seconds, size = await bench.dump()
    note("dump", seconds)
    note("dump MB", size / MB)
    for kind in FORMATS:
        with watched(program) as memory:
            seconds, size = await bench.export(board_id, kind)
        note(kind, seconds)
        note(f"{kind} MB", size / MB)
        note(f"{kind} grown", memory()[0])


def _rows(found: dict[str, list[float]], files: list[Path]) -> list[Row]:
    rows = []
    for number, file, bound in zip((1, 2), files, (6, 10), strict=True):
        of = {
            name.removeprefix(f"{file.stem} "): v
            for name, v in found.items()
            if name.startswith(file.stem)
        }
        size = file.stat().st_size / MB
        sides = {name: {"s": Spread.of(of[name])} for name in ("whole", "writing", "copy")}
        copies = of["copy"]
        for part, name, most in (("a", "writing", 2.5), ("b", "whole", bound)):
            values = [a / b for a, b in zip(of[name], copies, strict=True)]
            work = f"import of {size:.0f} MB: {name}"
            rows.append(Row(f"{number}{part}", work, Target("≤", most, "× \\copy"), values,
                {who: sides[who] for who in (name, "copy")}))  # fmt: skip
        used = [a + b for a, b in zip(of["grown"], of["reader"], strict=True)]
        parts = {who: {"s": "", "MB": Spread.of(of[who])} for who in ("reader", "grown")}
        work = f"import of {size:.0f} MB: memory"
        rows.append(Row(f"{number}c", work, Target("≤", 150 + 4 * size, "MB"), used, parts))  # type: ignore[arg-type]
    for kind in FORMATS:
        values = [a / b for a, b in zip(found[kind], found["dump"], strict=True)]
        sides = {
            who: {"s": Spread.of(found[who]), "MB": Spread.of(found[f"{who} MB"])}
            for who in (kind, "dump")
        }
        rows.append(Row(f"3 {kind}", "export", Target("≤", 3, "× pg_dump"), values, sides))
        grown = found[f"{kind} grown"]
        rows.append(Row(f"3 {kind}", "export: memory", Target("≤", 20, "MB more"), grown))
    return rows


async def others(
    bench: Bench, program: servers.Program, owner: fill.Owner, file: Path, rounds: int
) -> Row:
    """Time what 16 clients notice of an import."""
    board = await fill.fill_one(bench.db, owner, fill.TASKS)
    requests = [load.Request("GET", f"/tasks/{task}") for task in board.tasks]
    headers = {"cookie": owner.cookie}
    ratios, alone, beside = [], [], []

    async def loaded() -> load.Load:
        return await asyncio.to_thread(load.send, program.port, requests, headers, LOAD_SECONDS)

    await loaded()
    for _ in range(rounds):
        before = await loaded()
        running = asyncio.create_task(loaded())
        board_id = ""
        while not running.done():
            board_id, _, _ = await bench.import_file(file)
        during = await running
        await bench.remove(board_id)
        ratios.append(during.p99 / before.p99)
        alone.append(before.p99 / 1e6)
        beside.append(during.p99 / 1e6)
    sides = {"alone": {"s": Spread.of(alone)}, "beside imports": {"s": Spread.of(beside)}}
    return Row("4", "p99 of reading a task, 16 clients", Target("≤", 2, "×"), ratios, sides)


async def run(rounds: int) -> bool:
    """Fill, measure, print; tells whether all targets are reached."""
    with tempfile.TemporaryDirectory(dir="/tmp") as name, servers.postgres() as server:
        folder = Path(name)
        files = [folder / "small.json", folder / "full.json"]
        for file, is_full in zip(files, (False, True), strict=True):
            file.write_bytes(trello_file(is_full=is_full))
        await migrate(Settings(_env_file=None, database_url=SecretStr(server.url)))
        own = {"FILES_DIR": str(folder / "files")}
        with servers.doska(server.url, **own) as program:
            owner = fill.register(program.port)
            bench = Bench(server.url, program, owner, folder)
            await bench.open()
            rows = await rounds_of(bench, program, files, rounds)
            rows.append(await others(bench, program, owner, files[0], rounds))
            await bench.db.close()
    print(table(rows, HEAD))
    return all(row.verdict == "pass" for row in rows)


def main() -> None:
    """Read the command line."""
    os.environ.setdefault("BENCH_GENERATOR", "own")
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    raise SystemExit(not asyncio.run(run(parser.parse_args().rounds)))


if __name__ == "__main__":
    main()
