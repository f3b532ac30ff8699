"""No acknowledged write is lost by a failover, and no stream has a gap: nodes are killed and frozen."""

import asyncio
import json
import secrets
import signal
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from itertools import cycle, islice

import asyncpg
import httpx

import checker
from calls import History
from house import House, asking
from nodes import Node, Nodes, cluster
from proof import Finding, Lost, Size
from writers import Writer, crew, working

CLIENTS = 6
ANEW_SECONDS_MAX = 60.0  # until writes are acknowledged again
AFTER_SECONDS = 3.0  # of load before and after each loss
CLIENTS_TRY_AGAIN_SECONDS = 0.1

Loss = Callable[[Node], list[int]]


def kill(node: Node) -> list[int]:
    """Lose the whole node."""
    node.send(signal.SIGKILL)
    if node.patroni:
        node.patroni.wait()
    return []


def freeze(node: Node) -> list[int]:
    """Let the whole node hang, without a word; gives what has to be woken."""
    node.send(signal.SIGSTOP, pids := node.processes())
    return pids


def kill_postgres(node: Node) -> list[int]:
    """Lose PostgreSQL only, which Patroni starts again, or another takes over."""
    node.send(signal.SIGKILL, [pid] if (pid := node.postmaster()) else [])
    return []


LOSSES: tuple[tuple[str, Loss], ...] = (
    ("killed", kill), ("frozen", freeze), ("only PostgreSQL killed", kill_postgres),
)  # fmt: skip


class Stream:
    """Somebody who follows a board, and resumes when cut off."""

    def __init__(self, client: httpx.AsyncClient, board: str, after: str = "0") -> None:
        self._client, self.board = client, board
        self.seqs: list[int] = []
        self.resets = 0
        self._position = after

    async def follow(self) -> None:
        """Follow until cancelled."""
        while True:
            with suppress(httpx.TransportError):
                await self._once()
            await asyncio.sleep(CLIENTS_TRY_AGAIN_SECONDS)

    async def _once(self) -> None:
        path, where = f"/boards/{self.board}/events/stream", {"after": self._position}
        async with self._client.stream("GET", path, params=where, timeout=20) as answer:
            if answer.status_code not in (200, 503):
                raise Lost(f"a stream was answered with {answer.status_code}")
            async for line in answer.aiter_lines():
                self._take(line)

    def _take(self, line: str) -> None:
        name, _, value = line.partition(": ")
        if name == "id":
            self._position = value
        if name == "data":
            message = json.loads(value)
            self.resets += message["type"] == "reset"
            if message["type"] not in ("ready", "reset"):
                self.seqs.append(message["seq"])


async def prove(size: Size) -> Finding:
    """Lose the primary in each way: by two servers, one by HAProxy and one by all hosts."""
    times = size.of(9, least=3)
    async with cluster() as nodes, AsyncExitStack() as stack:
        settings = {
            "SECRET_KEY": secrets.token_hex(32), "COOKIE_NAME": "doska_soak", "POOL_MAX": "6",
        }  # fmt: skip
        first = await stack.enter_async_context(a_house(nodes, DATABASE_URL=nodes.url, **settings))
        second = await stack.enter_async_context(
            a_house(nodes, DATABASE_URL=nodes.hosts_url, **settings)
        )
        writers, owner = await stack.enter_async_context(crew(first, CLIENTS))
        for writer in writers[1::2]:
            writer.client.base_url = httpx.URL(second.url)
        boards = [board["id"] for board in (await owner.get("/boards")).json()["items"]]
        there = await stack.enter_async_context(second.client())
        there.cookies = owner.cookies
        streams = [Stream(client, board) for client in (owner, there) for board in boards]
        following = [asyncio.create_task(stream.follow()) for stream in streams]
        async with working(writers):
            losses = islice(cycle(LOSSES), times)
            outages = [await lose(nodes, writers, *loss) for loss in losses]
        await nodes.healthy()
        async with asking(nodes.url) as db:
            found = await checker.complaints(db, writers[0].history, owner)
            found += await gaps(db, streams)
        found += await forced(nodes, owner, boards[-1])
        for task in following:
            task.cancel()
        for done in await asyncio.gather(*following, return_exceptions=True):
            if isinstance(done, Exception):
                found.append(str(done))
    return Finding(
        "no acknowledged write is lost by a failover, and what was lost is not shown",
        "the primary of three nodes (Patroni, synchronous) killed, frozen, or PostgreSQL only killed, "
        f"under {CLIENTS} writers and {len(streams)} streams, by HAProxy and by several hosts; then a "
        "loss by force, with asynchronous standbys that were behind",
        times,
        len(found),
        notes(writers[0].history, outages, found),
    )


@asynccontextmanager
async def a_house(nodes: Nodes, **settings: str) -> AsyncIterator[House]:
    """Serve by way of the cluster."""
    folder = nodes.folder / secrets.token_hex(4) / "doska"
    folder.parent.mkdir()
    place = House(folder, **settings)
    try:
        await place.start()
        yield place
    finally:
        await place.end()


async def lose(nodes: Nodes, writers: list[Writer], name: str, loss: Loss) -> tuple[str, float]:
    """Lose the primary, and wait until all write again; gives how long nobody did."""
    await asyncio.sleep(AFTER_SECONDS)
    node = await nodes.healthy()
    frozen, began = loss(node), time.monotonic()
    await again(writers)
    seconds = time.monotonic() - began
    await asyncio.sleep(AFTER_SECONDS)
    node.send(signal.SIGCONT, frozen)
    if node.patroni and node.patroni.poll() is not None:
        nodes.revive(node)
    await nodes.healthy()
    return name, seconds


async def again(writers: list[Writer]) -> None:
    """Wait until each has had a write acknowledged that it had not when this began."""
    await asyncio.sleep(0.5)  # what was under way is answered
    for writer in writers:
        writer.acknowledged.clear()
    waiting: list[Awaitable[bool]] = [writer.acknowledged.wait() for writer in writers]
    try:
        async with asyncio.timeout(ANEW_SECONDS_MAX):
            await asyncio.gather(*waiting)
    except TimeoutError:
        raise Lost(f"not all write again after {ANEW_SECONDS_MAX} s") from None


async def gaps(db: asyncpg.Connection, streams: list[Stream]) -> list[str]:
    """Compare what each stream was sent with the log, once it has all of it."""
    found = []
    for stream in streams:
        last = await db.fetchval("select seq from boards where id = $1", stream.board)
        with suppress(TimeoutError):
            async with asyncio.timeout(20):
                while not stream.seqs or stream.seqs[-1] < last:  # noqa: ASYNC110 - nothing tells of it
                    await asyncio.sleep(0.1)
        if stream.resets or stream.seqs != list(range(1, last + 1)):
            found.append(
                f"a stream of {last} events had {len(stream.seqs)}, {stream.resets} resets"
            )
    return found


async def forced(nodes: Nodes, owner: httpx.AsyncClient, board: str) -> list[str]:
    """Lose what no standby has, and see that nobody is told it is still there."""
    path = f"/boards/{board}"
    await nodes.let_go()
    primary = await nodes.healthy(synchronous=0)
    standbys = [node for node in nodes.nodes if node is not primary]
    before = (await owner.get(f"{path}/snapshot")).json()
    for node in standbys:
        freeze(node)
    for number in range(5):
        (await owner.patch(path, json={"title": f"Lost {number}"})).raise_for_status()
    lost = await owner.get(f"{path}/snapshot")
    for node in (primary, *standbys):
        kill(node)
    for node in standbys:
        nodes.revive(node)
    await written(owner, path, 8)
    found = []
    now = await owner.get(f"{path}/snapshot", headers={"if-none-match": lost.headers["etag"]})
    if now.status_code != 200 or now.json()["seq"] != before["seq"] + 8:
        found.append(f"a snapshot of what was lost was answered with {now.status_code}")
    position = lost.json()["position"]
    answer = await owner.get(f"{path}/events", params={"after": position})
    if answer.status_code != 410:
        found.append(f"a position of what was lost was answered with {answer.status_code}")
    stream = Stream(owner, board, position)
    with suppress(TimeoutError):
        async with asyncio.timeout(10):
            await stream.follow()
    if stream.resets != 1 or stream.seqs:
        found.append(f"a stream of what was lost had {stream.resets} resets, then {stream.seqs}")
    return found


async def written(owner: httpx.AsyncClient, path: str, count: int) -> None:
    """Write so many events, as soon as that is possible."""
    async with asyncio.timeout(2 * ANEW_SECONDS_MAX):
        while count:
            answer = await owner.patch(path, json={"title": f"Kept {count}"})
            if answer.is_success:
                count -= 1
            elif answer.status_code != 503:
                raise Lost(f"a write was answered with {answer.status_code}")
            else:
                await asyncio.sleep(CLIENTS_TRY_AGAIN_SECONDS)


def notes(history: History, outages: list[tuple[str, float]], found: list[str]) -> str:
    """Sum it up."""
    times = ", ".join(
        f"{name} {max(seconds for n, seconds in outages if n == name):.1f} s"
        for name in dict(outages)
    )
    told = f"{history.told()}; all write again at the latest after: {times}; "
    told += f"{history.statuses[503]:,} answers were 503"
    return "; ".join([told, *found[:5]])
