"""Any input is answered: schemathesis asks all that the OpenAPI document allows, and all it does not."""

import asyncio
import os
import re
import sys
from dataclasses import dataclass
from pathlib import Path

import asyncpg
from pydantic_core import to_json

from api import PASSWORD, Json
from people import COOKIE
from programs import Served
from proof import Finding, Size
from stage import a_folder, a_postgres, a_program

PROMISE = "any input is answered"
HERE = Path(__file__).parent
PATIENT = {"SIGN_IN_FAILURES_MAX": "1000000", "SIGN_IN_FAILURES_PER_SOURCE_MAX": "1000000"}
# These end the sign-in that the others need; they are asked last.
ENDING = ("log_out", "end_session", "change_password", "delete_user")
ENDLESS = "follow_events"  # a stream, which no check waits to the end of
PHASES = "examples,coverage,fuzzing,stateful"
EXAMPLES = 20
GENERATED = re.compile(r"([\d,]+) generated")
FOUND = re.compile(r"([\d,]+) unique failures?")
BROKEN = (0, 1)  # how schemathesis ends when it could do its work


@dataclass(frozen=True)
class Told:
    """What schemathesis has said of one run."""

    generated: int
    failures: int


async def prove(size: Size) -> Finding:
    """Ask as a user who has a peer, as an administrator, and as nobody."""
    with a_postgres() as url, a_folder() as place, a_program(place, url, **PATIENT) as served:
        await _introduce(served, place)
        await _promote(url, "admin")
        people = ("anna", "admin", "nobody") if size is Size.FULL else ("anna",)
        told = [await _ask(served, place, who, size.of(EXAMPLES)) for who in people]
        alive = await _is_signed_in(served, place)
        told += [await _ask(served, place, who, size.of(EXAMPLES), *ENDING) for who in people]
    times, lost = sum(t.generated for t in told), sum(t.failures for t in told)
    notes = f"as {', '.join(people)}; every check of schemathesis"
    return Finding(PROMISE, "the whole OpenAPI document", times, lost + (not alive), notes)


async def _ask(served: Served, place: Path, who: str, examples: int, *only: str) -> Told:
    """Run schemathesis as somebody, over these operations or all but those that end a sign-in."""
    chosen = [f"--include-operation-id={name}" for name in only]
    chosen = chosen or [f"--exclude-operation-id={name}" for name in (*ENDING, ENDLESS)]
    command = [
        *(
            sys.executable,
            "-m",
            "schemathesis.cli",
            "--config-file",
            str(HERE / "schemathesis.toml"),
        ),
        *("run", f"{served.url}/openapi.json", "--no-color", "--auth-wfc-user", who),
        *("--checks", "all", "--exclude-checks", "positive_data_acceptance"),
        *("--phases", PHASES, "--max-examples", str(examples), *chosen),
    ]
    paths = os.pathsep.join([str(HERE), os.environ.get("PYTHONPATH", "")])
    own = {"PYTHONPATH": paths, "SOAK_AUTH": str(place / "auth.json"), "SOAK_HOOKS": "acceptance"}
    pipe = asyncio.subprocess.PIPE
    running = await asyncio.create_subprocess_exec(
        *command,
        env={**os.environ, **own},
        cwd=place,
        stdout=pipe,
        stderr=asyncio.subprocess.STDOUT,
    )
    try:
        said = (await running.communicate())[0].decode()
    finally:
        if running.returncode is None:
            running.kill()
    if running.returncode not in BROKEN or not GENERATED.search(said):
        raise RuntimeError(f"schemathesis could not ask:\n{said[-3000:]}")
    if running.returncode:
        print(said, file=sys.stderr)
    return Told(_number(GENERATED, said), _number(FOUND, said))


def _number(pattern: re.Pattern[str], said: str) -> int:
    found = pattern.search(said)
    return int(found[1].replace(",", "")) if found else 0


async def _introduce(served: Served, place: Path) -> None:
    """Register people, each with one of everything, and write down how they sign in."""
    entries: list[Json] = [{"name": "nobody", "fixedHeaders": [{"name": "x-nobody", "value": "1"}]}]
    for name in ("anna", "boris", "admin"):
        async with served.client() as client:
            person = {"username": name, "email": f"{name}@example.com", "password": PASSWORD}
            (await client.post("/users", json=person)).raise_for_status()
            board = (await client.post("/boards", json={"title": name, "columns": ["A"]})).json()
            columns = (await client.get(f"/boards/{board['id']}/columns")).json()["items"]
            task = {"column_id": columns[0]["id"], "title": name}
            made = (await client.post("/tasks", json=task)).json()
            await client.post("/subtasks", json={"task_id": made["id"], "title": name})
            cookie = {"name": "Cookie", "value": f"{COOKIE}={client.cookies[COOKIE]}"}
            entries.append({"name": name, "fixedHeaders": [cookie]})
    (place / "auth.json").write_bytes(to_json({"auth": entries}))


async def _promote(url: str, name: str) -> None:
    db = await asyncpg.connect(url)
    await db.execute("update users set is_admin = true where username = $1", name)
    await db.close()


async def _is_signed_in(served: Served, place: Path) -> bool:
    """Tell whether anna's sign-in lasted: who is refused everything finds nothing."""
    cookie = re.search(rf"{COOKIE}=[^\"]+", (place / "auth.json").read_text())
    async with served.client() as client:
        headers = {"cookie": cookie[0] if cookie else ""}
        return (await client.get("/auth/sessions", headers=headers)).status_code == 200
