"""The command line: serve, work, migrate, accounts, demo, doctor, import, export, openapi."""

import json
import secrets
import signal
import sys
from dataclasses import asdict
from typing import Annotated, Any, NoReturn

import typer
from rich.console import Console

from doska import __version__
from doska.doors.commands import add_commands
from doska.loading import SettingsError, has_example_secrets, load_settings
from doska.server import (
    Unusable,
    bring_up_to_date,
    check_poolers,
    database,
    listen,
    serve,
    take_back,
)
from doska.settings import Settings

cli = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False)
add_commands(cli)
out = Console(highlight=False, soft_wrap=True, markup=False, emoji=False)

PasswordStdin = Annotated[bool, typer.Option(help="read the password from stdin")]


def main() -> None:
    """Run a command; an error is one clear line, and the exit code is not zero."""
    signal.signal(signal.SIGTERM, _leave)
    if hasattr(signal, "SIGHUP") and signal.getsignal(signal.SIGHUP) is signal.SIG_DFL:
        signal.signal(signal.SIGHUP, lambda *_: signal.raise_signal(signal.SIGTERM))
    try:
        cli()
    except (SettingsError, Unusable) as error:
        for line in str(error).splitlines():
            sys.stderr.write(f"doska: {line}\n")
        sys.exit(1)


def _leave(*_: object) -> NoReturn:
    """Exit by an exception, so that everything started is stopped on the way out."""
    raise SystemExit(0)


def _settings(**given: Any) -> Settings:
    settings = load_settings()
    return settings.model_copy(update={k: v for k, v in given.items() if v is not None})


def _tell_version(asked: bool) -> None:
    if asked:
        out.print(f"doska {__version__}")
        raise typer.Exit


@cli.callback()
def doska(
    version: Annotated[  # its callback does everything
        bool, typer.Option("--version", is_eager=True, callback=_tell_version, help="and exit")
    ] = False,
) -> None:
    """Serve Kanban boards, and administer them."""


@cli.command("serve")
def serve_command(
    host: Annotated[str | None, typer.Option(help="the address to listen on")] = None,
    port: Annotated[int | None, typer.Option(min=0, max=65535)] = None,
    workers: Annotated[int | None, typer.Option(min=1, max=64, help="processes")] = None,
) -> None:
    """Serve the API and the interface; without DOSKA_DATABASE_URL, with an embedded PostgreSQL."""
    settings = _settings(host=host, port=port, workers=workers)
    with listen(settings) as listening, database(settings) as ready:
        if ready.migrate_on_start:
            bring_up_to_date(ready)
        else:
            check_poolers(ready)
        _greet(ready, listening[0].getsockname()[1])
        serve(ready, listening)


@cli.command("migrate")
def migrate_command(
    to: Annotated[int | None, typer.Option(min=0, help="roll back to this migration")] = None,
) -> None:
    """Bring the database up to date, or roll it back for an older release.

    Rolling back loses what the later migrations have added, and nothing else. Stop all servers first.
    """
    with database(_settings(), shared=True) as settings:
        if to is None:
            done = bring_up_to_date(settings)
            out.print(f"Ran {', '.join(done)}." if done else "The database is up to date.")
        else:
            undone = take_back(settings, to)
            out.print(f"Rolled back {', '.join(undone)}." if undone else "Nothing to roll back.")


@cli.command("create-admin")
def create_admin_command(
    username: Annotated[str, typer.Option(prompt=True)],
    email: Annotated[str, typer.Option(prompt=True)],
    password_stdin: PasswordStdin = False,
) -> None:
    """Create an administrator; an existing account is promoted and keeps its password."""
    password = _password(is_told=password_stdin)
    from doska.setup import create_admin, run  # noqa: PLC0415  # not every command needs it

    is_new = run(_settings(), lambda ready: create_admin(ready, username, email, password))
    if not is_new:
        out.print(f"{username} is an administrator now; the password is unchanged.")
    elif password_stdin:
        out.print(f"{username} is an administrator.")
    else:
        out.print(f"{username} is an administrator. Password: {password}")


@cli.command("set-password")
def set_password_command(
    login: Annotated[str, typer.Argument(help="a username or an e-mail address")],
    password_stdin: PasswordStdin = False,
) -> None:
    """Set a new password for somebody who has forgotten it: a random one, or your own.

    Ends all their sessions and access tokens. Works while Doska is running.
    """
    password = _password(is_told=password_stdin)
    from doska.setup import run, set_password  # noqa: PLC0415  # not every command needs it

    username = run(_settings(), lambda ready: set_password(ready, login, password))
    told = "" if password_stdin else f" Password: {password}"
    out.print(f"{username} has a new password, and is signed out everywhere.{told}")


def _password(*, is_told: bool) -> str:
    """Read a password, or generate one."""
    return sys.stdin.readline().rstrip("\r\n") if is_told else secrets.token_urlsafe(15)


@cli.command("demo")
def demo_command(
    yes_in_production: Annotated[bool, typer.Option(help="also in production")] = False,
) -> None:
    """Create a board with two weeks of history and three people, to explore.

    Creates it only once. Works while Doska is running.
    """
    settings = _settings()
    if settings.is_production and not yes_in_production:
        raise Unusable(
            "This Doska is in production (DOSKA_ENVIRONMENT, DOSKA_PUBLIC_URL), and the demo "
            "creates three accounts: use --yes-in-production to create them anyway."
        )
    from doska.demo.making import Demo, make_demo  # noqa: PLC0415  # not every command needs it
    from doska.setup import run  # noqa: PLC0415  # nor this

    password = secrets.token_urlsafe(12)
    made: Demo = run(settings, lambda ready: make_demo(ready, password, out.print))
    if made.events:
        out.print(f'Created the board "{made.title}", with {made.events} events in two weeks.')
    else:
        out.print(f'The demo already exists: the board "{made.title}". Nothing was created.')
    out.print(f"  open it: {settings.public_url}/b/{made.board_id}")
    _tell_sign_in(made.new, f"with the password {password}")
    known = [name for name in made.usernames if name not in made.new]
    _tell_sign_in(known, "with the same password as before; for a new one: doska set-password NAME")


def _tell_sign_in(usernames: list[str], how: str) -> None:
    if usernames:
        out.print(f"  sign in: {' or '.join(usernames)}, {how}")


@cli.command("work")
def work_command() -> None:
    """Do background work (jobs, followers) until stopped; for DOSKA_BACKGROUND=false."""
    from doska.setup import run, work  # noqa: PLC0415  # not every command needs it

    out.print("Working. Ctrl-C stops it.")
    run(_settings(), work)


@cli.command("doctor")
def doctor_command(
    as_json: Annotated[bool, typer.Option("--json", help="for programs")] = False,
) -> None:
    """Check the installation and suggest fixes; nothing is changed.

    Works while Doska is running and while it is not. Exits with 1 if anything is wrong.
    """
    from doska.doctor.examination import examine  # noqa: PLC0415  # not every command needs it

    found = examine()
    is_well = not any(finding.level == "wrong" for finding in found)
    if as_json:
        # ``mend`` is how ``fix`` was called until 0.1; to be removed with the next release.
        findings = [{**asdict(finding), "mend": finding.fix} for finding in found]
        told = {"is_well": is_well, "findings": findings}
        sys.stdout.write(json.dumps(told, indent=2, ensure_ascii=False) + "\n")
    else:
        sys.stdout.writelines(f"{finding}\n" for finding in found)
    raise typer.Exit(0 if is_well else 1)


@cli.command("openapi")
def openapi_command() -> None:
    """Print the OpenAPI document."""
    from doska.main import create_app  # noqa: PLC0415  # not every command needs it

    app = create_app(Settings.model_construct())  # it depends on no setting
    sys.stdout.write(json.dumps(app.openapi(), indent=2, ensure_ascii=False) + "\n")


def _greet(settings: Settings, port: int) -> None:
    shown = "localhost" if settings.host in ("127.0.0.1", "0.0.0.0", "::1", "::") else settings.host  # noqa: S104
    address = f"http://{shown}:{port}"
    out.print(f"Doska is on {address}")
    if settings.docs:
        out.print(f"  its API: {address}/docs")
    out.print(f"  data in: {settings.data_dir or 'the configured database'}")
    if has_example_secrets(settings):
        out.print("  The secrets are the example's: only safe on this machine.")
    out.print("  Ctrl-C stops it.")
