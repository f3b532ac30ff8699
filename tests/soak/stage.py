"""What the proofs act on: a PostgreSQL of their own, and Doska in this process or as a program."""

import shutil
import tempfile
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import AbstractContextManager, asynccontextmanager, contextmanager
from pathlib import Path

import asyncpg

from api import Api
from conftest import FAST, settings_for
from doska.main import create_app
from doska.postgres import embedded
from doska.postgres.migration import migrate
from house import UNLIMITED
from programs import Served, serving

SAFE: dict[str, str] = {}  # as the product runs it
KEY = settings_for("postgres://localhost/none").secret_key
assert KEY
SECRET = KEY.get_secret_value()  # one for all, as copies of Doska have it


@contextmanager
def a_folder() -> Iterator[Path]:
    """Give a folder that PostgreSQL can reach when root runs Doska."""
    place = Path(tempfile.mkdtemp(prefix="doska-soak-", dir="/tmp"))
    place.chmod(0o755)
    try:
        yield place
    finally:
        shutil.rmtree(place, ignore_errors=True)


@contextmanager
def a_postgres(options: Mapping[str, str] = FAST) -> Iterator[str]:
    """Run a PostgreSQL; gives its address."""
    with a_folder() as place, embedded.start(place / "doska", options=dict(options)) as server:
        yield server.url


@asynccontextmanager
async def in_process() -> AsyncIterator[tuple[Api, str, asyncpg.Connection]]:
    """Run Doska in this process; gives it, its database's address, and a connection to that."""
    with a_postgres() as url:
        await migrate(settings_for(url))
        app = create_app(settings_for(url))
        db = await asyncpg.connect(url)
        async with app.router.lifespan_context(app):
            yield Api(app), url, db
        await db.close()


def a_program(
    place: Path, url: str, *arguments: str, **settings: str
) -> AbstractContextManager[Served]:
    """Run ``doska serve`` on a database."""
    given = {"DATABASE_URL": url, "SECRET_KEY": SECRET, **UNLIMITED, **settings}
    return serving(place / "doska", *arguments, **given)
