"""How those who read fare while a hundred people sign in at once, again and again."""

import asyncio
import random
import time
from collections import Counter

import asyncpg
from pydantic_core import to_json

import duels
import fill
import load
import servers
from report import Row, Spread, Target, share

AT_ONCE = 100
AGENT = "a benchmark that signs in"
WORK = f"{AT_ONCE} sign-ins at once: p99 of reading"
# All come from one address and are one person, which is what these limits are there to stop.
OPEN = {"SIGN_IN_ATTEMPTS_A_MINUTE": "1000000", "SESSIONS_PER_USER_MAX": "1000000"}
QUEUES = {"16a": ("the usual queue", "20"), "16b": ("room for all", str(AT_ONCE))}
SIGN_INS_FORGOTTEN = "delete from sessions where user_agent = $1"


async def rows(url: str, db: asyncpg.Connection, scene: fill.Scene, seconds: float) -> list[Row]:
    """Measure once with each length of the queue."""
    found = []
    for number, (what, queue) in QUEUES.items():
        with servers.doska(url, **OPEN, HASHING_QUEUE=queue) as server:
            found.append(await _row(number, what, server, scene, seconds))
        await db.execute(SIGN_INS_FORGOTTEN, AGENT)
    return found


async def _row(
    number: str, what: str, server: servers.Program, scene: fill.Scene, seconds: float
) -> Row:
    alone = await _reading(server.port, scene, seconds)
    answers: Counter[int] = Counter()
    took: list[float] = []
    reading = asyncio.create_task(_reading(server.port, scene, seconds))
    started = time.monotonic()
    while not reading.done():
        for status, taken in await asyncio.gather(*[_sign_in(server.port) for _ in range(AT_ONCE)]):
            answers[status] += 1
            took.extend([taken * 1000] if status == 200 else [])
    passed = time.monotonic() - started
    meanwhile = await reading
    signed_in = {"rate": answers[200] / passed, "app": 0.0, "db": 0.0}
    signed_in |= {"p50": share(took, 0.5), "p99": share(took, 0.99)} if took else {}
    faults = alone.faults + meanwhile.faults + sum(answers.values())
    return Row(
        number,
        f"{WORK}, {what}",
        Target("≤", 300, "ms"),
        [meanwhile.p99 / 1e3],
        {
            "alone": _figures(alone),
            "meanwhile": _figures(meanwhile),
            "sign-ins": _spread(signed_in),
        },
        faults - answers[200] - answers[503],
    )


async def _reading(port: int, scene: fill.Scene, seconds: float) -> load.Load:
    """Read tasks over the usual connections."""
    requests = list(duels.read_tasks(scene, round(duels.LINES_A_SECOND * seconds)))
    random.shuffle(requests)
    headers = {"cookie": scene.owner.cookie}
    return await asyncio.to_thread(load.send, port, requests, headers, seconds)


async def _sign_in(port: int) -> tuple[int, float]:
    """Sign in; gives the status, and how long it took."""
    body = to_json({"login": fill.PEOPLE[0], "password": fill.PASSWORD})
    head = f"POST /auth/login HTTP/1.1\r\nhost: 127.0.0.1:{port}\r\nuser-agent: {AGENT}\r\n"
    head += f"content-type: application/json\r\ncontent-length: {len(body)}\r\n"
    started = time.monotonic()
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(f"{head}connection: close\r\n\r\n".encode() + body)
    answer = await reader.read()
    writer.close()
    return int(answer[9:12] or 0), time.monotonic() - started


def _figures(found: load.Load) -> dict[str, Spread]:
    times = {"p50": found.p50 / 1e3, "p99": found.p99 / 1e3}
    return _spread({"rate": found.rate, "app": 0.0, "db": 0.0, **times})


def _spread(figures: dict[str, float]) -> dict[str, Spread]:
    return {name: Spread.of([value]) for name, value in figures.items()}
