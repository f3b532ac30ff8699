"""How long Doska takes to be ready on a database that exists, and how much memory it then holds."""

import duels
import fill
import load
import servers
from report import Row, Target

STARTS = 5
MB = 1e6
FIRST = (duels.read_snapshot, duels.list_tasks, duels.move_tasks, duels.patch_tasks)


def rows(database_url: str, scene: fill.Scene) -> list[Row]:
    """Start it some times; its first requests bring in what only they need."""
    seconds, idle, used = [], [], []
    for _ in range(STARTS):
        with servers.doska(database_url) as program:
            seconds.append(program.ready_seconds)
            idle.append(program.memory_bytes() / MB)
            _ask_some(program.port, scene)
            used.append(program.memory_bytes() / MB)
    memory = Target("≤", 90, "MB")
    return [
        Row("13a", "start to ready, database existing", Target("≤", 1.5, "s"), seconds),
        Row("13b", "memory once ready", memory, idle),
        Row("13c", "memory after its first requests", memory, used),
    ]


def _ask_some(port: int, scene: fill.Scene) -> None:
    headers = {"cookie": scene.owner.cookie, "content-type": "application/json"}
    for request in [request for some in FIRST for request in some(scene, 10)]:
        if load.ask(port, request, headers).status != 200:
            raise load.LoadError(f"{request.path} was refused")
