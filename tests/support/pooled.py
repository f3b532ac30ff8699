"""PgBouncer, where this machine has it."""

import os
import re
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

PROGRAM = os.environ.get("DOSKA_TEST_PGBOUNCER") or shutil.which("pgbouncer")
SECONDS_MAX = 10.0


def version() -> tuple[int, int]:
    """Tell which one it is."""
    text = subprocess.check_output([PROGRAM or "", "--version"], text=True)
    major, minor = re.findall(r"\d+", text)[:2]
    return int(major), int(minor)


def free_port() -> int:
    with socket.socket() as trial:
        trial.bind(("127.0.0.1", 0))
        return int(trial.getsockname()[1])


@contextmanager
def pooler(url: str, mode: str = "transaction", **settings: str) -> Iterator[str]:
    """Run it before a database; gives the address by way of it."""
    parts, port = urlsplit(url), free_port()
    where = {"host": parts.hostname, "port": parts.port}
    where |= {name: found[0] for name, found in parse_qs(parts.query).items()}
    name = parts.path.lstrip("/")
    target = (
        f"host={where['host']} port={where['port'] or 5432} dbname={name} user={parts.username}"
    )
    given = {
        "listen_addr": "127.0.0.1", "listen_port": str(port), "auth_type": "any",
        "pool_mode": mode, "unix_socket_dir": "", **settings,
    }  # fmt: skip
    lines = [f"{key} = {value}" for key, value in given.items()]
    folder = Path(tempfile.mkdtemp(prefix="doska-pooler-", dir="/tmp"))
    folder.chmod(0o755)
    (config := folder / "pgbouncer.ini").write_text(
        "\n".join(["[databases]", f"{name} = {target}", "[pgbouncer]", *lines, ""])
    )
    # The database's folder lets in its owner only, and PgBouncer refuses to be root.
    user = ["-u", Path(str(where["host"])).owner()] if os.geteuid() == 0 else []
    command = [PROGRAM or "", "-q", *user, str(config)]
    with subprocess.Popen(command, stderr=subprocess.DEVNULL) as process:
        try:
            _until_it_listens(port, process)
            yield f"postgres://{parts.username}@127.0.0.1:{port}/{name}"
        finally:
            process.kill()
            shutil.rmtree(folder)


def _until_it_listens(port: int, process: subprocess.Popen[bytes]) -> None:
    while process.poll() is None:
        with suppress(OSError), socket.create_connection(("127.0.0.1", port), SECONDS_MAX):
            return
    raise AssertionError("PgBouncer has ended")
