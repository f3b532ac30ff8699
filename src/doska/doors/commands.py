"""The commands import and export: whole boards to and from any Doska, with an access token."""

import csv
import json
import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any

import typer

from doska.doors.remote import Failed, Refused, Remote, save, words_of

HARMLESS = {"derived", "service", "view-state"}  # what may be dropped even if one is strict
FAILED, REFUSED, LOSING = 1, 2, 3
FAILED_FROM = 500
WAIT_SECONDS = 20
_ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9.-]{0,99}")
ENDINGS = {"trello": "json", "markdown": "md"}

FileIn = Annotated[Path, typer.Argument(help="the file", exists=True, dir_okay=False)]


def add_commands(cli: typer.Typer) -> None:
    """Add them to the command line."""
    cli.command("import")(import_command)
    cli.command("export")(export_command)


@contextmanager
def _exiting() -> Iterator[None]:
    """Tell in one line why not, and exit."""
    try:
        yield
    except (Failed, Refused) as error:
        _say(f"doska: {error}")
        raise typer.Exit(FAILED if isinstance(error, Failed) else REFUSED) from None


def import_command(  # noqa: PLR0913  # each is an option
    file: FileIn,
    format_: Annotated[str, typer.Option("--format", help="if it is not to be guessed")] = "auto",
    into: Annotated[str, typer.Option(help="auto, new, or a board's id")] = "auto",
    dry_run: Annotated[bool, typer.Option(help="report only")] = False,  # noqa: FBT002
    people: Annotated[
        Path | None,
        typer.Option(help="a CSV file: an id of the source, a user's id here", exists=True),
    ] = None,
    time_zone: Annotated[str | None, typer.Option(help="of dates without one")] = None,
    mapping: Annotated[str | None, typer.Option(help="of a table's columns, as JSON")] = None,
    strict: Annotated[bool, typer.Option(help="exit with 3 if anything is lost")] = False,  # noqa: FBT002
    as_json: Annotated[bool, typer.Option("--json", help="print the whole report")] = False,  # noqa: FBT002
) -> None:
    """Import a file into the Doska at DOSKA_URL, with the access token DOSKA_TOKEN.

    Exits with 1 if it failed, 2 if it was refused.
    """
    with _exiting():
        remote = Remote.of_environment()
        tries = dry_run or people is not None
        query = {
            "format": format_, "into": into, "dry_run": str(tries).lower(),
            "time_zone": time_zone, "mapping": mapping,
        }  # fmt: skip
        with file.open("rb") as opened:
            _say(f"Sending {file.name}")
            begun, _ = remote.json("POST", "/imports", file=opened, **query)
        found = _ended(remote, begun["id"])
        if people is not None and not dry_run:
            body = {"people": _people(people)}
            begun, _ = remote.json("POST", f"/imports/{found['id']}/run", body=body)
            found = _ended(remote, begun["id"])
    _tell(found["report"], as_json=as_json, is_tried=dry_run)
    if strict and _lost(found["report"]):
        raise typer.Exit(LOSING)


def _people(path: Path) -> dict[str, str]:
    with path.open(newline="", encoding="utf-8-sig") as file:
        rows = [row for row in csv.reader(file) if row]
    wrong = [n for n, row in enumerate(rows, 1) if len(row) < 2 or not _ID.fullmatch(row[1])]  # noqa: PLR2004
    if wrong[1:] or (wrong and wrong != [1]):  # the first line may be a header
        raise Refused(f"{path.name}, line {wrong[-1]}: should be an id there, and a user's id here")
    return {row[0]: row[1] for row in rows if len(row) > 1 and _ID.fullmatch(row[1])}


def _ended(remote: Remote, import_id: str) -> dict[str, Any]:
    """Wait for its end; Refused or Failed if it has not worked."""
    status = ""
    while True:
        found, _ = remote.json("GET", f"/imports/{import_id}", wait=WAIT_SECONDS)
        if found["status"] != status:
            status = found["status"]
            _say(f"  {status}")
        if problem := found["problem"]:
            raise (Refused if problem["status"] < FAILED_FROM else Failed)(words_of(problem))
        if status == "cancelled":
            raise Failed("It was cancelled.")
        if found["finished_at"]:
            return found


def _tell(report: dict[str, Any], *, as_json: bool, is_tried: bool) -> None:
    if as_json:
        sys.stdout.write(json.dumps(report, indent=2, ensure_ascii=False) + "\n")
        return
    for board in report["boards"]:
        counts = ", ".join(f"{n} {name}" for name, n in board["created"].items())
        verb = "would be" if is_tried else "was"
        _print(f"{board['board_id']}: {counts or 'nothing new'} {verb} created")
    totals = report["totals"]
    kept = f"{totals['kept']} kept, {totals['aside']} aside, {totals['dropped']} dropped"
    _print(f"{totals['values']} values: {kept}")
    for warning in report["warnings"]:
        _print(f"  {warning['code']}: {warning['count']}")


def _lost(report: dict[str, Any]) -> bool:
    dropped = [field for field in report["fields"] if field["dropped"]]
    return any(field.get("reason") not in HARMLESS for field in dropped)


def export_command(
    board: Annotated[str | None, typer.Argument(help="a board's id, or its address")] = None,
    format_: Annotated[
        str, typer.Option("--format", help="doska, trello, csv, markdown or ics")
    ] = "doska",
    output: Annotated[Path | None, typer.Option(help="the file; - is standard output")] = None,
    all_: Annotated[
        Path | None, typer.Option("--all", help="all your boards, into this folder")
    ] = None,
) -> None:
    """Export a board of the Doska at DOSKA_URL, with the access token DOSKA_TOKEN.

    Exits with 1 if it failed, 2 if it was refused.
    """
    with _exiting():
        if (board is None) == (all_ is None):
            raise Refused("Name a board, or a folder with --all.")
        remote = Remote.of_environment()
        if board is not None:
            _export(remote, board, format_, output)
            return
        assert all_ is not None  # noqa: S101  # one of them is given
        all_.mkdir(parents=True, exist_ok=True)
        for found in list(_boards(remote)):
            name = f"{found['key']}-{found['id']}.{ENDINGS.get(format_, format_)}"
            _export(remote, found["id"], format_, all_ / _safe(name))


def _boards(remote: Remote) -> Iterator[dict[str, Any]]:
    cursor = None
    while True:
        page, _ = remote.json("GET", "/boards", limit=200, cursor=cursor)
        yield from page["items"]
        cursor = page["next_cursor"]
        if cursor is None:
            return


def _export(remote: Remote, board: str, format_: str, output: Path | None) -> None:
    found = _ID.search(board.lower())
    if found is None:
        raise Refused("A board is named by its id, or by its address.")
    path = f"/boards/{found[0]}/export"
    with remote.asked("GET", path, format=format_) as response:
        if output is not None and str(output) == "-":
            while piece := response.read(1 << 16):
                sys.stdout.buffer.write(piece)
            return
        named = (response.getheader("content-disposition") or "").rpartition("''")[2]
        target = output or Path(_safe(named))
        try:
            count = save(response, target)
        except OSError as error:
            raise Failed(f"{target}: {error.strerror}") from None
    _say(f"{target}: {count} bytes")


def _safe(name: str) -> str:
    """Take a name for a file of ours; it comes from a server, and could be any path."""
    if not _NAME.fullmatch(name):
        raise Failed("The server names the file in a way that is not safe.")
    return name


def _say(words: str) -> None:
    sys.stderr.write(f"{words}\n")


def _print(words: str) -> None:
    sys.stdout.write(f"{words}\n")
