"""PostgreSQL as a program that is started, killed and looked at."""

import socket
import subprocess
import sys
from pathlib import Path

OPTIONS = {"fsync": "off", "autovacuum": "off"}


OWNER = """
import sys
from pathlib import Path
from doska.postgres.embedded import start

server = start(Path(sys.argv[1]), options={"fsync": "off"})
print(server.pid, server.host, flush=True)
sys.stdin.read()
"""


def owner(folder: Path) -> subprocess.Popen[str]:
    """Let another process own the folder's server until its input ends."""
    pipe = subprocess.PIPE
    command = [sys.executable, "-c", OWNER, str(folder)]
    return subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=pipe, text=True)


def killed_owner(folder: Path) -> tuple[int, str]:
    """Leave a server behind whose owner had no chance to stop it."""
    with owner(folder) as process:
        assert process.stdout
        pid, host = process.stdout.readline().split()
        process.kill()
    return int(pid), host


def answers(host: str) -> bool:
    with socket.socket(socket.AF_UNIX) as client:
        return client.connect_ex(f"{host}/.s.PGSQL.5432") == 0


def is_running(folder: Path) -> bool:
    """Tell whether a server has the folder; it takes the file away as the last thing it does."""
    return (folder / "pg16" / "postmaster.pid").exists()
