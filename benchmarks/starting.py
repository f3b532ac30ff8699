"""How long Doska takes to be ready on a database that exists, and how much memory it then holds."""

import load
import servers
from report import Row, Target

STARTS = 5
MB = 1e6
FIRST = load.Request("GET", "/users/me")


def rows(database_url: str, cookie: str) -> list[Row]:
    """Start it some times; its first request brings in what only requests need."""
    seconds, idle, used = [], [], []
    for _ in range(STARTS):
        with servers.doska(database_url) as program:
            seconds.append(program.ready_seconds)
            idle.append(program.memory_bytes() / MB)
            load.ask(program.port, FIRST, {"cookie": cookie})
            used.append(program.memory_bytes() / MB)
    memory = Target("≤", 90, "MB")
    return [
        Row("13a", "start to ready, database existing", Target("≤", 1.5, "s"), seconds),
        Row("13b", "memory once ready", memory, idle),
        Row("13c", "memory after a first request", memory, used),
    ]
