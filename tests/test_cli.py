import json
import re
import secrets
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import httpx
import pytest

from api import PASSWORD, Json
from databases import a_database
from doska import __version__
from doska.server import Unusable, kept_key
from programs import Served, a_data_folder, complaint, example, run, serving


@pytest.fixture(scope="module")
def folder() -> Iterator[Path]:
    with a_data_folder() as place:
        yield place


@pytest.fixture(scope="module")
def migrated(folder: Path) -> tuple[str, str]:
    """Migrate twice without a running server; gives what is said the first and the second time."""
    first, second = (run("migrate", folder=folder) for _ in range(2))
    assert (first.returncode, second.returncode) == (0, 0)
    return first.stdout, second.stdout


@pytest.fixture(scope="module")
def served(folder: Path, migrated: tuple[str, str]) -> Iterator[Served]:  # noqa: ARG001
    """Give a server with the settings of .env.example; commands beside it use its database."""
    settings = {**example("DOSKA_"), "DATA_DIR": str(folder)}
    with serving(folder, **settings) as server:
        yield server


@pytest.fixture
async def client(served: Served) -> AsyncIterator[httpx.AsyncClient]:
    async with served.client() as client:
        yield client


def fresh() -> tuple[str, str]:
    """Make a username and an e-mail address that nobody has."""
    username = f"user-{secrets.token_hex(4)}"
    return username, f"{username}@example.com"


def admin_flags(username: str, email: str) -> list[str]:
    return ["create-admin", "--username", username, "--email", email]


async def signed_in(client: httpx.AsyncClient, login: str, password: str) -> Json:
    response = await client.post("/auth/login", json={"login": login, "password": password})
    assert response.status_code == 200, response.text
    return dict(response.json())


def test_migrating_tells_what_was_run_and_then_that_nothing_is_left(
    migrated: tuple[str, str],
) -> None:
    assert re.fullmatch(r"Ran 0_\w+\.py.*\.\n", migrated[0])
    assert migrated[1] == "The database is up to date.\n"


def test_the_key_is_made_once_and_for_its_owners_eyes_only(served: Served) -> None:
    file = served.folder / "secret_key"
    key = file.read_text()
    assert re.fullmatch(r"[0-9a-f]{64}", key)
    assert file.stat().st_mode & 0o777 == 0o600

    assert run("migrate", folder=served.folder).stdout == "The database is up to date.\n"
    assert file.read_text() == key


def test_a_key_file_without_a_key_is_refused(tmp_path: Path) -> None:
    (tmp_path / "secret_key").touch()
    with pytest.raises(Unusable, match="secret_key contains no key"):
        kept_key(tmp_path)


async def test_a_new_administrator_signs_in_with_the_password_that_is_told(
    served: Served, client: httpx.AsyncClient
) -> None:
    username, email = fresh()
    told = run(*admin_flags(username, email), folder=served.folder).stdout

    match = re.fullmatch(rf"{username} is an administrator\. Password: (\S+)\n", told)
    assert match, told
    account = await signed_in(client, email, match[1])
    assert (account["username"], account["is_admin"]) == (username, True)


async def test_a_new_administrators_password_is_read_and_not_told(
    served: Served, client: httpx.AsyncClient
) -> None:
    username, email = fresh()
    flags = [*admin_flags(username, email), "--password-stdin"]
    told = run(*flags, folder=served.folder, stdin=f"{PASSWORD}\n").stdout

    assert told == f"{username} is an administrator.\n"
    assert (await signed_in(client, username, PASSWORD))["is_admin"]


async def test_who_exists_is_made_an_administrator_and_keeps_the_password(
    served: Served, client: httpx.AsyncClient
) -> None:
    username, email = fresh()
    body = {"username": username, "email": email, "password": PASSWORD}
    before = (await client.post("/users", json=body)).json()

    told = run(*admin_flags(username.upper(), email), folder=served.folder).stdout

    assert told == f"{username.upper()} is an administrator now; the password is unchanged.\n"
    after = await signed_in(client, username, PASSWORD)
    assert after == {**before, "is_admin": True, "version": before["version"] + 1}


@pytest.mark.parametrize(
    ("username", "password", "told"),
    [
        ("weak", "password", "password should not be one that others guess"),
        ("no spaces", PASSWORD, "username: should have letters, digits"),
    ],
)
def test_who_cannot_be_made_is_told_in_one_line(
    served: Served, username: str, password: str, told: str
) -> None:
    flags = [*admin_flags(username, fresh()[1]), "--password-stdin"]
    assert complaint(*flags, folder=served.folder, stdin=password).startswith(told)


async def test_an_address_that_is_taken_is_told_in_one_line(
    served: Served, client: httpx.AsyncClient
) -> None:
    username, email = fresh()
    body = {"username": username, "email": email, "password": PASSWORD}
    assert (await client.post("/users", json=body)).status_code == 201

    told = complaint(*admin_flags(fresh()[0], email), folder=served.folder)
    assert told == "This e-mail address is taken."


async def test_the_printed_document_is_the_one_that_is_served(
    served: Served, client: httpx.AsyncClient
) -> None:
    printed = run("openapi", folder=served.folder, PORT="nonsense").stdout
    assert json.loads(printed) == (await client.get("/openapi.json")).json()


def test_the_program_explains_itself(folder: Path) -> None:
    told = run("--help", folder=folder).stdout
    for command in (
        "serve",
        "migrate",
        "create-admin",
        "set-password",
        "demo",
        "doctor",
        "openapi",
    ):
        assert re.search(rf"\b{command}\b", told)


def test_it_tells_its_version_whatever_the_settings_are(folder: Path) -> None:
    told = run("--version", folder=folder, PORT="nonsense")
    assert (told.returncode, told.stdout) == (0, f"doska {__version__}\n")


async def test_with_a_database_of_ones_own_no_folder_is_named(served: Served) -> None:
    """Seen to fail when a folder that was set beside it was named."""
    async with a_database(served.database_url) as url:
        with (
            a_data_folder() as other,
            serving(other, DATABASE_URL=url, SECRET_KEY="k" * 40) as server,
        ):
            assert "data in: the configured database" in server.greeting
