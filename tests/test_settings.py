import os
from pathlib import Path

import pytest

from doska.loading import SettingsError, load_settings
from doska.settings import Settings
from programs import EXAMPLE, example

KEY = "a key of one's own, 32 bytes or more"
URL = "postgres://doska:secret@db:5432/doska"
DATABASE = {"DATABASE_URL": URL, "SECRET_KEY": KEY}

REFUSED: list[tuple[dict[str, str], str]] = [
    ({"PORT": "http"}, "DOSKA_PORT: Input should be a valid integer"),
    ({"PORT": "65536"}, "DOSKA_PORT: Input should be less than or equal to 65535"),
    ({"PORT": "-1"}, "DOSKA_PORT: Input should be greater than or equal to 0"),
    ({"WORKERS": "0"}, "DOSKA_WORKERS: Input should be greater than or equal to 1"),
    ({"ENVIRONMENT": "prod"}, "DOSKA_ENVIRONMENT: Input should be 'development' or 'production'"),
    ({"REGISTRATION": "maybe"}, "DOSKA_REGISTRATION: Input should be 'open' or 'closed'"),
    ({"PASSWORD_MIN_LENGTH": "4"}, "DOSKA_PASSWORD_MIN_LENGTH: Input should be greater than"),
    ({"STATEMENT_TIMEOUT_SECONDS": "0"}, "DOSKA_STATEMENT_TIMEOUT_SECONDS: Input should be"),
    ({"POOL_MIN": "9"}, "DOSKA_POOL_MIN must not exceed DOSKA_POOL_MAX."),
    ({"PUBLIC_URL": "kanban"}, "DOSKA_PUBLIC_URL must be an http or https address."),
    ({"PUBLIC_URL": "ftp://kanban.example"}, "DOSKA_PUBLIC_URL must be an http or https"),
    ({"PUBLIC_URL": "http://[::1"}, "DOSKA_PUBLIC_URL must be an http or https address."),
    ({"PUBLIC_URL": "http://localhost:web"}, "DOSKA_PUBLIC_URL must be an http or https address."),
    ({"PUBLIC_URL": "http://kanban.example"}, "DOSKA_PUBLIC_URL must be https: over plain http"),
    ({"PUBLIC_URL": "http://0.0.0.0:8000"}, "DOSKA_PUBLIC_URL must be https: over plain http"),
    ({"PUBLIC_URL": "http://localhost.example"}, "DOSKA_PUBLIC_URL must be https: over plain http"),
    ({"ALLOWED_ORIGINS": "*"}, "DOSKA_ALLOWED_ORIGINS must name each origin: '*' would let any"),
    ({"ALLOWED_ORIGINS": "https://a.example,*"}, "DOSKA_ALLOWED_ORIGINS must name each origin"),
    ({"ALLOWED_ORIGINS": "a.example"}, "DOSKA_ALLOWED_ORIGINS takes origins such as"),
    ({"ALLOWED_ORIGINS": "https://a.example/app"}, "DOSKA_ALLOWED_ORIGINS takes origins such as"),
    ({"ALLOWED_ORIGINS": "https://["}, "DOSKA_ALLOWED_ORIGINS takes origins such as"),
    ({"ALLOWED_ORIGINS": "null"}, "DOSKA_ALLOWED_ORIGINS takes origins such as"),
    ({"ALLOWED_HEADERS": "X-Tenant, *, X Y"}, "DOSKA_ALLOWED_HEADERS takes names such as"),
    ({"ALLOWED_HEADERS": "*"}, "DOSKA_ALLOWED_HEADERS takes names such as"),
    ({"TRUSTED_PROXIES": "proxy.local"}, "DOSKA_TRUSTED_PROXIES: value is not a valid IPv4 or"),
    ({"TRUSTED_PROXIES": "10.0.0.1/8"}, "DOSKA_TRUSTED_PROXIES: value is not a valid IPv4 or"),
    ({"TRUSTED_PROXIES": "*"}, "DOSKA_TRUSTED_PROXIES: value is not a valid IPv4 or IPv6 network"),
    ({"TRUSTED_PROXIES": "10.0.0.1, ::/0"}, "DOSKA_TRUSTED_PROXIES must not include everybody"),
    (
        {"TRUSTED_PROXIES": "0.0.0.0/1,::1,128.0.0.0/1"},
        "DOSKA_TRUSTED_PROXIES must not include everybody",
    ),
    ({"SIGN_IN_FAILURES_MAX": "0"}, "DOSKA_SIGN_IN_FAILURES_MAX: Input should be greater"),
    ({"DATABASE_URL": URL}, "DOSKA_SECRET_KEY is missing: openssl rand -hex 32 generates one."),
    ({"SECRET_KEY": "short"}, "DOSKA_SECRET_KEY must have at least 32 bytes."),
    ({"SECRET_KEY": "x" * 31}, "DOSKA_SECRET_KEY must have at least 32 bytes."),
    ({**DATABASE, "DATABASE_URL": "db:5432"}, "DOSKA_DATABASE_URL must be like postgres://"),
    (
        {**DATABASE, "DATABASE_URL": "mysql://a:b@c/d"},
        "DOSKA_DATABASE_URL must be like postgres://",
    ),
    ({**DATABASE, "DATABASE_URL": "postgres://a:hid/den@c/d"}, "DOSKA_DATABASE_URL must be like"),
    ({**DATABASE, "DATABASE_URL": "postgres://a:hid#den@c/d"}, "DOSKA_DATABASE_URL must be like"),
    ({**DATABASE, "DATABASE_URL": "postgres://a:b@c:port/d"}, "DOSKA_DATABASE_URL must be like"),
]
ACCEPTED: list[dict[str, str]] = [
    {},
    DATABASE,
    {"SECRET_KEY": "x" * 32},
    {"PUBLIC_URL": "http://127.0.0.2:9000"},
    {"PUBLIC_URL": "http://[::1]:9000/"},
    {"PUBLIC_URL": "http://doska.localhost"},
    {"PUBLIC_URL": "https://kanban.example", **DATABASE},
    {"ENVIRONMENT": "production", **DATABASE},
    {"ALLOWED_HEADERS": " X-Tenant ,x-more,"},
    {"TRUSTED_PROXIES": " 10.0.0.1 , 192.0.2.0/24, fd00::/8,"},
    {"ALLOWED_ORIGINS": " https://a.example/ , http://localhost:3000,"},
    {**DATABASE, "DATABASE_URL": "postgresql:///doska?host=/run/postgresql"},
    {**DATABASE, "DATABASE_URL": "postgres://a:b%2Fc@[::1]:5432,second:5433/d?sslmode=require"},
]


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Stand where no .env is, with nothing in the environment."""
    for name in os.environ:
        if name.startswith("DOSKA_"):
            monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def set_all(monkeypatch: pytest.MonkeyPatch, settings: dict[str, str]) -> None:
    for name, value in settings.items():
        monkeypatch.setenv(f"DOSKA_{name}", value)


def refusals() -> list[str]:
    with pytest.raises(SettingsError) as refused:
        load_settings()
    return str(refused.value).splitlines()


@pytest.mark.parametrize(("given", "line"), REFUSED)
def test_what_cannot_be_used_is_refused_in_one_line(
    monkeypatch: pytest.MonkeyPatch, given: dict[str, str], line: str
) -> None:
    set_all(monkeypatch, given)

    (refusal,) = refusals()
    assert refusal.startswith(line)
    assert "hid" not in refusal, "a part of the password"


@pytest.mark.parametrize("given", ACCEPTED)
def test_what_can_be_used_is_accepted(
    monkeypatch: pytest.MonkeyPatch, given: dict[str, str]
) -> None:
    set_all(monkeypatch, given)
    load_settings()


def test_each_mistake_has_a_line(monkeypatch: pytest.MonkeyPatch) -> None:
    set_all(monkeypatch, {"ALLOWED_ORIGINS": "*", "SECRET_KEY": "short", "PUBLIC_URL": "kanban"})
    assert len(refusals()) == 3


def test_no_secret_shows_when_settings_are_printed(monkeypatch: pytest.MonkeyPatch) -> None:
    set_all(monkeypatch, DATABASE)
    shown = f"{load_settings()!r}{load_settings()}"
    assert KEY not in shown
    assert "secret@" not in shown


def test_the_example_works_as_it_is_on_a_developers_machine(folder: Path) -> None:
    (folder / ".env").write_text(EXAMPLE.read_text())
    settings = load_settings()
    assert settings.origins >= {"http://localhost:8000", "http://localhost:3000"}


@pytest.mark.parametrize(
    "for_others", [{"ENVIRONMENT": "production"}, {"PUBLIC_URL": "https://kanban.example"}]
)
def test_the_examples_secrets_are_refused_where_others_can_reach(
    folder: Path, monkeypatch: pytest.MonkeyPatch, for_others: dict[str, str]
) -> None:
    (folder / ".env").write_text(EXAMPLE.read_text())
    address = "postgres://{USER}:{PASSWORD}@db:5432/{DB}".format_map(example("POSTGRES_"))
    set_all(monkeypatch, {**for_others, "DATABASE_URL": address})

    assert refusals() == [
        "DOSKA_SECRET_KEY is the example's: openssl rand -hex 32 generates one.",
        "DOSKA_DATABASE_URL has the example's password: choose your own.",
    ]


def test_the_example_names_every_setting_with_its_default(folder: Path) -> None:
    assert {name.lower() for name in example("DOSKA_")} == Settings.model_fields.keys()

    (folder / ".env").write_text(EXAMPLE.read_text())
    chosen = {"secret_key", "allowed_origins"}
    defaults = Settings(_env_file=None).model_dump(exclude=chosen)
    assert load_settings().model_dump(exclude=chosen) == defaults
