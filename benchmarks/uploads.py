"""What an upload costs: beside a route that only writes and hashes, and in memory.

The floor is a bare Starlette application that hashes, writes and syncs; curl sends to both in turns.
"""

import os
import subprocess
import sys
import tempfile
import time
from contextlib import AbstractContextManager
from pathlib import Path

import fill
import servers
from load import LoadError
from report import Row, Spread, Target

FILE_BYTES, AT_ONCE = 25_000_000, 8
ROUNDS = 5
OPEN = {"UPLOADS_PER_USER_MAX": str(AT_ONCE), "ATTACHMENTS_PER_BOARD_MB_MAX": "100000"}
FLOOR = """
import hashlib, os, sys
import uvicorn
from starlette.applications import Starlette
from starlette.responses import Response
from starlette.routing import Route

async def take(request):
    found = hashlib.sha256()
    with open(os.path.join(sys.argv[2], os.urandom(8).hex()), "wb") as file:
        async for piece in request.stream():
            found.update(piece)
            file.write(piece)
        file.flush()
        os.fsync(file.fileno())
    return Response(found.hexdigest())

async def ready(request):
    return Response("ok")

app = Starlette(routes=[Route("/take", take, methods=["POST"]), Route("/health/ready", ready)])
uvicorn.run(app, port=int(sys.argv[1]), log_level="error", loop="uvloop", http="httptools")
"""


def rows(url: str, scene: fill.Scene, rounds: int = ROUNDS) -> list[Row]:
    """Send a file to both in turns, then eight at once."""
    with tempfile.TemporaryDirectory(dir="/tmp") as name:
        folder = Path(name)
        file = folder / "file.bin"
        file.write_bytes(os.urandom(FILE_BYTES))
        files = {"FILES_DIR": str(folder / "files")}
        with servers.doska(url, **OPEN, **files) as doska, _floor(folder) as floor:
            address = f"/tasks/{scene.boards[0].tasks[0]}/attachments?name=file.bin"
            rates: list[tuple[float, float]] = []
            _send(doska, address, file, scene.owner)
            _send(floor, "/take", file, scene.owner)
            for _ in range(rounds):
                ours = _send(doska, address, file, scene.owner)
                rates.append((ours, _send(floor, "/take", file, scene.owner)))
            grown = _grown(doska, address, file, scene.owner)
    sides = {
        who: {"rate": Spread.of([FILE_BYTES / seconds[n] / 1e6 for seconds in rates])}
        for n, who in enumerate(("doska, MB/s", "floor, MB/s"))
    }
    speed = Target("≥", 0.5, "× a bare route's speed")
    memory = Target("≤", 20, "MB more")
    return [
        Row("18a", "upload of 25 MB", speed, [theirs / ours for ours, theirs in rates], sides),
        Row("18b", "memory with 8 uploads at once", memory, [grown / 1e6]),
    ]


def _floor(folder: Path) -> AbstractContextManager[servers.Program]:
    program = folder / "floor.py"
    program.write_text(FLOOR)
    (folder / "taken").mkdir()
    command = [sys.executable, str(program), "{port}", str(folder / "taken")]
    return servers.running(command, dict(os.environ))


def _command(program: servers.Program, path: str, file: Path, owner: fill.Owner) -> list[str]:
    """Write the call of curl, which prints the status."""
    headers = ["Expect:", "content-type: application/octet-stream", f"cookie: {owner.cookie}"]
    named = [part for header in headers for part in ("-H", header)]
    shown = ["-sS", "-o", os.devnull, "-w", "%{http_code}"]
    return ["curl", *shown, *named, "-X", "POST", "-T", str(file), f"{program.url}{path}"]


def _send(program: servers.Program, path: str, file: Path, owner: fill.Owner) -> float:
    """Send the file; gives the seconds it took."""
    started = time.monotonic()
    said = subprocess.check_output(_command(program, path, file, owner), text=True)
    if not said.startswith("2"):
        raise LoadError(f"an upload was answered with {said}")
    return time.monotonic() - started


def _grown(program: servers.Program, path: str, file: Path, owner: fill.Owner) -> int:
    """Send the file eight times at once; gives by how many bytes the server grew meanwhile."""
    before = most = program.memory_bytes()
    sending = [
        subprocess.Popen(_command(program, path, file, owner), stdout=subprocess.DEVNULL)
        for _ in range(AT_ONCE)
    ]
    while any(process.poll() is None for process in sending):
        most = max(most, program.memory_bytes())
        time.sleep(0.01)
    return most - before
