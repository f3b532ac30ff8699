"""Print the tables that the migrations make: ``make schema`` keeps them in schema.sql."""

import asyncio
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from pydantic import SecretStr

from doska.postgres import embedded
from doska.postgres.migration import migrate
from doska.settings import Settings

HEADING = "-- The tables as the migrations make them. Written by `make schema`; do not edit.\n\n"
NOISE = re.compile(r"--|SET |SELECT pg_catalog\.set_config|\\(un)?restrict ")
OPTIONS = {"fsync": "off", "synchronous_commit": "off"}


def dump(url: str) -> str:
    """Write a database's tables as SQL, without what differs between minor versions."""
    beside = embedded.find_binaries() / "pg_dump"
    program = beside if beside.exists() else shutil.which("pg_dump")
    command = [program or "pg_dump", "--schema-only", "--no-owner", "--no-privileges", url]
    text = subprocess.check_output(command, text=True)
    kept = "\n".join(line for line in text.splitlines() if not NOISE.match(line))
    return HEADING + re.sub(r"\n{3,}", "\n\n", kept).strip() + "\n"


def main() -> None:
    """Migrate an empty database and print it."""
    folder = Path(tempfile.mkdtemp(prefix="doska-schema-", dir="/tmp"))  # TMPDIR may be closed
    folder.chmod(0o755)
    try:
        with embedded.start(folder, options=OPTIONS) as server:
            settings = Settings(_env_file=None, database_url=SecretStr(server.url))
            asyncio.run(migrate(settings))
            sys.stdout.write(dump(server.url))
    finally:
        shutil.rmtree(folder)


if __name__ == "__main__":
    main()
