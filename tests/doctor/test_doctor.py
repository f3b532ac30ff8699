import base64
import json
import random
import re
import socket
import uuid
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from doctors import KEY, OPEN_KEY, PASSWORD, Findings, looked, says
from doska.doctor.guessing import is_guessable
from doska.postgres.migration import known_migrations
from programs import a_data_folder, example, run, serving

AWAY = f"postgres://doska:{PASSWORD}@127.0.0.1:1/doska"
LINE = re.compile(r"(ok    |warn  |wrong ) \S.{14} \S.*")
PUBLIC = {"PUBLIC_URL": "https://kanban.example"}
LOCAL = "http://localhost:3000"


@pytest.fixture(scope="module")
def folder() -> Iterator[Path]:
    with a_data_folder() as place:
        assert run("migrate", folder=place).returncode == 0
        yield place


def levels(found: Findings) -> set[str]:
    """Gather them all, but for the room on the machine that tests."""
    kinds = {check: findings for check, findings in found.items() if check != "room"}
    return {level for findings in kinds.values() for level, _ in findings}


def test_where_nothing_is_yet_all_is_well_and_nothing_is_made(tmp_path: Path) -> None:
    """Seen to fail when it started the database to look at it."""
    with a_data_folder() as place:
        found = looked(place)
        assert not place.exists()
    assert levels(found) == {"ok"}
    assert says(found, "data folder", "ok", "at the first start")
    assert not list(tmp_path.iterdir())


def test_a_stopped_database_is_started_for_the_look_and_ended_after_it(folder: Path) -> None:
    key = (folder / "secret_key").read_bytes()
    found = looked(folder)
    assert not (folder / "pg16" / "postmaster.pid").exists()
    assert (folder / "secret_key").read_bytes() == key
    assert says(found, "database", "ok", "started for this check")
    assert says(found, "migrations", "ok", f"up to date, {len(known_migrations())} of them")
    assert says(found, "administrator", "warn", "there is none -> doska create-admin")
    assert "wrong" not in levels(found)


def test_beside_a_running_doska_it_looks_at_that(folder: Path) -> None:
    with serving(folder) as served:
        port = str(urlsplit(served.url).port)
        flags = ["--username", "root", "--email", "root@example.com"]
        assert run("create-admin", *flags, folder=folder).returncode == 0
        found = looked(folder, PORT=port)
        assert served.process.poll() is None
    assert says(found, "port", "ok", f"a Doska answers at 127.0.0.1:{port}, and is ready")
    assert says(found, "database", "ok", "another Doska runs it")
    assert says(found, "administrator", "ok", "there are 1")
    assert levels(found) == {"ok"}


def test_a_port_of_another_program_is_wrong(folder: Path) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        other.settimeout(0.1)
        found = looked(folder, PORT=str(other.getsockname()[1]))
    assert says(found, "port", "wrong", "another program uses it -> stop it, or set DOSKA_PORT")


@pytest.mark.parametrize(
    ("settings", "check", "level", "words"),
    [
        ({"PORT": "web"}, "settings", "wrong", "DOSKA_PORT: Input should be a valid integer"),
        ({"ALLOWED_ORIGINS": "*"}, "settings", "wrong", "DOSKA_ALLOWED_ORIGINS must name each"),
        ({"PUBLIC_URL": "http://kanban.example"}, "settings", "wrong", "must be https"),
        ({"DATABASE_URL": AWAY}, "settings", "wrong", "DOSKA_SECRET_KEY is missing"),
        (
            {"PORTT": "80"},
            "settings",
            "warn",
            "DOSKA_PORTT is not a setting -> DOSKA_PORT",
        ),
        ({"SECRET_KEY": PASSWORD}, "settings", "wrong", "at least 32 bytes"),
        ({"SECRET_KEY": OPEN_KEY}, "secrets", "warn", "is not random"),
        ({"SECRET_KEY": KEY}, "secrets", "ok", "your own"),
        ({}, "secrets", "ok", "in the data folder"),
        ({"SECRET_KEY": example("DOSKA_")["SECRET_KEY"]}, "secrets", "warn", "the example's"),
        ({"HOST": "0.0.0.0"}, "public address", "warn", "other machines connect by plain http"),  # noqa: S104
        ({"ENVIRONMENT": "production"}, "public address", "warn", "from this machine only"),
        (PUBLIC, "public address", "ok", "__Host-doska_session"),
        (
            {"PUBLIC_URL": "https://a.example/x"},
            "public address",
            "ok",
            "https://a.example/x; the cookie",
        ),
        (PUBLIC, "proxies", "warn", "none is trusted"),
        ({"TRUSTED_PROXIES": "10.0.0.0/8"}, "proxies", "ok", "10.0.0.0/8 may name"),
        ({"TRUSTED_PROXIES": "fc00::/7"}, "proxies", "ok", "fc00::/7 may name"),
        ({"TRUSTED_PROXIES": "::1, 64.0.0.0/2"}, "proxies", "warn", "64.0.0.0/2: this trusts"),
        ({"TRUSTED_PROXIES": "2000::/3"}, "proxies", "warn", "2000::/3: this trusts"),
        ({"TRUSTED_PROXIES": "0.0.0.0/0"}, "settings", "wrong", "must not include everybody"),
        ({**PUBLIC, "ALLOWED_ORIGINS": LOCAL}, "origins", "warn", f"{LOCAL} is plain http"),
        ({"ALLOWED_ORIGINS": LOCAL}, "origins", "ok", LOCAL),
        ({"LOG_LEVEL": "error"}, "log", "warn", "there is no audit log"),
        (
            {"HOST": "203.0.113.7", "PORT": "8000"},
            "port",
            "wrong",
            "is not an address of this machine",
        ),
        ({"DATABASE_URL": AWAY, "SECRET_KEY": KEY}, "database", "wrong", "cannot be used: [Errno"),
        ({"DATABASE_URL": PASSWORD, "SECRET_KEY": KEY}, "settings", "wrong", "must be like"),
        ({"DATA_DIR": "/dev/null/doska"}, "data folder", "wrong", "set DOSKA_DATA_DIR to another"),
        ({"DATA_DIR": "/dev/null"}, "data folder", "wrong", "is not a folder"),
        ({"PG_BIN": "/nowhere"}, "data folder", "wrong", "No PostgreSQL 16 in DOSKA_PG_BIN"),
    ],
)
def test_what_the_settings_lead_to_is_told(
    folder: Path, settings: dict[str, str], check: str, level: str, words: str
) -> None:
    assert says(looked(folder, **settings), check, level, words)


@pytest.mark.parametrize(
    "key",
    [
        "12345678901234567890123456789012",
        "abcdefghijklmnopqrstuvwxyz543210",
        "qwertyuiopasdfghjklzxcvbnm123456",
        "0123456789abcdef" * 4,
        "change-me-" * 4,
        "correct horse battery staple and doska",
        "this is the secret key of our board number 1",
        "секретный ключ нашей доски",
    ],
)
def test_a_key_that_chance_has_not_made_is_told(folder: Path, key: str) -> None:
    """Seen to fail when only different signs were counted."""
    found = looked(folder, SECRET_KEY=key, ENVIRONMENT="production")
    assert says(found, "secrets", "warn", "is not random, and can be guessed -> DOSKA_S")
    assert key not in str(found)


@pytest.mark.parametrize("bits", [128, 256, 512])
def test_keys_that_programs_make_are_no_cause_for_alarm(bits: int) -> None:
    """By a seed: of a thousand others one or two would be."""
    chance = random.Random(bits)  # noqa: S311  # the same each time
    for _ in range(200):
        made = chance.randbytes(bits // 8)
        assert not is_guessable(made.hex())
        assert not is_guessable(str(uuid.UUID(bytes=made[:16])))
        if bits > 128:
            assert not is_guessable(base64.b64encode(made).decode())
            assert not is_guessable(base64.urlsafe_b64encode(made).decode())


@pytest.mark.parametrize("is_in_file", [True, False])
@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("DOKSA_PORT", "DOSKA_PORT was meant?"),
        ("DOSKA_PROT", "DOSKA_PORT was meant?"),
        ("DOSKA_QXQX", ".env.example"),
    ],
)
def test_a_setting_that_is_misspelt_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, meant: str, *, is_in_file: bool
) -> None:
    """Before the underscore, too; what others call theirs is none of ours."""
    (tmp_path / ".env").write_text(f"export {name}=1\nDOCKER_PORT=1\n" if is_in_file else "")
    monkeypatch.setenv("DOCKER_HOST", "unix:///run/docker.sock")
    given = {} if is_in_file else {name.removeprefix("DOSKA_"): "1"}
    if given and not name.startswith("DOSKA_"):
        monkeypatch.setenv(name, given.popitem()[1])
    found = looked(tmp_path / "doska", **given)
    assert says(found, "settings", "warn", f"{name.upper()} is not a setting -> {meant}")
    assert "DOCKER" not in str(found)


def test_a_file_of_settings_that_others_can_read_is_told(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text(f"DOSKA_SECRET_KEY={KEY}\nDOSKA_ALOWED_ORIGINS=x\n")
    for mode, is_told in ((0o644, True), (0o600, False)):
        (tmp_path / ".env").chmod(mode)
        found = looked(tmp_path / "doska")
        assert says(found, "settings", "warn", ".env can be read by every user") is is_told
        assert says(found, "settings", "warn", "DOSKA_ALLOWED_ORIGINS was meant?")


@pytest.mark.parametrize(("mode", "level"), [(0o644, "wrong"), (0o600, "ok")])
def test_a_kept_key_that_others_can_read_is_wrong(folder: Path, mode: int, level: str) -> None:
    (folder / "secret_key").chmod(mode)
    assert says(looked(folder), "secrets", level, "")


def test_programs_are_told_the_same_as_json(folder: Path) -> None:
    ended = run("doctor", "--json", folder=folder, PORT="0", PORTT="80")
    told = json.loads(ended.stdout)
    assert (ended.returncode, told["is_well"]) == (0, True)
    assert {"level": "warn", "check": "settings", "fix": "DOSKA_PORT was meant?"}.items() <= next(
        finding.items() for finding in told["findings"] if "PORTT" in finding["text"]
    )
    wrong = run("doctor", "--json", folder=folder, PORT="web")
    assert (wrong.returncode, json.loads(wrong.stdout)["is_well"]) == (1, False)


def test_people_are_told_line_by_line_and_the_exit_code_tells_too(folder: Path) -> None:
    for port, code in (("0", 0), ("web", 1)):
        ended = run("doctor", folder=folder, PORT=port)
        assert (ended.returncode, ended.stderr) == (code, "")
        assert all(LINE.fullmatch(line) for line in ended.stdout.splitlines()), ended.stdout
