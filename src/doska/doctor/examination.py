"""All checks, whether Doska is running or not."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager

import asyncpg
from pydantic import SecretStr

from doska.doctor import environment, files, machine, postgres
from doska.doctor.findings import Finding, Level, ok, wrong
from doska.loading import find_mistakes
from doska.postgres import embedded
from doska.postgres.errors import DATABASE_ERRORS
from doska.postgres.poolers import complaint
from doska.server import in_words
from doska.settings import Settings


def examine() -> list[Finding]:
    """Run all checks; one that cannot be run is a finding, too."""
    settings, found = environment.read_settings()
    if settings is None:
        return found
    found += environment.judge(settings)
    found += machine.judge_port(settings)
    found += files.judge_files(settings)
    if settings.database_url is None:
        place = [*machine.judge_folder(settings)]
        is_usable = Level.WRONG not in {f.level for f in place if f.check == machine.FOLDER}
        return [*found, *place, *(_embedded(settings) if is_usable else ())]
    if not any("DOSKA_DATABASE_URL must" in mistake for mistake in find_mistakes(settings)):
        found += _database(settings, settings.direct_url)
    return found


def _embedded(settings: Settings) -> Iterator[Finding]:
    """Check the embedded database; if no Doska runs it, it is started for the check."""
    folder = machine.data_folder(settings)
    if not (folder / "pg16" / "PG_VERSION").exists():
        yield ok("database", "it will be created at the first start")
        return
    try:
        with _running(settings) as (url, remark):
            yield remark
            yield from _database(settings, url)
    except embedded.EmbeddedUnavailable as error:
        yield wrong("database", str(error), "see the data folder's postgres.log")


@contextmanager
def _running(settings: Settings) -> Iterator[tuple[str, Finding]]:
    folder = machine.data_folder(settings)
    if url := embedded.running(folder):
        yield url, ok("database", "another Doska runs it")
        return
    with embedded.start(folder) as server:
        yield (
            server.url,
            ok("database", "no Doska runs it: started for this check, and stopped after it"),
        )


def _database(settings: Settings, url: str) -> list[Finding]:
    try:
        return [*asyncio.run(postgres.examine(settings, url)), *_notices(settings, url)]
    except (*DATABASE_ERRORS, UnicodeError) as error:
        fix = "check DOSKA_DATABASE_URL; is the server running?"
        return [wrong("database", f"it cannot be used: {in_words(error)}", fix)]


def _notices(settings: Settings, url: str) -> Iterator[Finding]:
    """Send a notice from one connection to another, and see what a pooler in between does to it."""
    known = settings.database_url or SecretStr(url)
    try:
        found = asyncio.run(complaint(settings.model_copy(update={"database_url": known})))
    except asyncpg.ReadOnlySQLTransactionError:
        return  # that it takes no writes is said already
    if found:
        yield wrong("notices", found, 'see "Behind PgBouncer" in docs/running.md')
    else:
        yield ok("notices", "one that was sent has arrived")
