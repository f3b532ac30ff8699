"""`make audit`: looks for known holes in what the locks pin; and whether its source sees any.

A source without advisories says "nothing known" to everything, and pip-audit passes that on. So
it is first asked about a release with well-known holes. If it does not know of those, nothing was
audited, and that is a failure.
"""

import json
import subprocess
import sys
import tempfile
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).parents[2]
LOCKS = (
    "requirements.lock",
    "requirements-dev.lock",
    "requirements-run.lock",
    "requirements-node.lock",
    "requirements-audit.lock",
    "requirements-clients.lock",
)
CANARY, CANARY_HOLE = "pyjwt==1.5.0", "CVE-2017-11424"  # algorithm confusion

PIP_AUDIT = (sys.executable, "-m", "pip_audit", "--strict", "--disable-pip")
PLAIN = ("--progress-spinner", "off", "--format", "json", "--desc", "off", "--aliases", "on")

Hole = tuple[str, str, str]  # the release, what the hole is called, what fixes it


@dataclass(frozen=True)
class Verdict:
    """What pip-audit has found out: how many releases it knows of, and the holes in them."""

    audited: int = 0
    holes: list[Hole] = field(default_factory=list)
    complaint: str = ""  # why it is not worth anything


def say(line: str) -> None:
    sys.stdout.write(f"{line}\n")


def judge(output: str, errors: str) -> Verdict:
    """Read what pip-audit has said; a release that it could not look up makes it worthless."""
    try:
        found = json.loads(output)["dependencies"]
    except (ValueError, KeyError, TypeError):
        return Verdict(complaint=(errors.strip().splitlines() or ["no answer"])[-1])
    if skipped := [dependency for dependency in found if "vulns" not in dependency]:
        return Verdict(complaint=str(skipped[0].get("skip_reason", "left out")))
    holes = [
        (
            f"{dependency['name']}=={dependency['version']}",
            " ".join([hole["id"], *hole["aliases"]]),
            ", ".join(hole["fix_versions"]) or "nothing yet",
        )
        for dependency in found
        for hole in dependency["vulns"]
    ]
    return Verdict(len(found), holes, "" if found else "it was asked about nothing")


def sees_canary(verdict: Verdict) -> bool:
    """Tell whether the source knows the hole that everybody knows."""
    return any(release == CANARY and CANARY_HOLE in ids for release, ids, _ in verdict.holes)


def ask(requirements: Path, *options: str) -> Verdict:
    """Ask about all that a file names."""
    command = [*PIP_AUDIT, *PLAIN, *options, "--requirement", str(requirements)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return judge(done.stdout, done.stderr)


def ask_canary(*options: str) -> Verdict:
    """Ask about the release with the well-known holes; nothing of it is fetched."""
    with tempfile.TemporaryDirectory() as folder:
        requirements = Path(folder) / "canary.txt"
        requirements.write_text(f"{CANARY}\n")
        return ask(requirements, "--no-deps", *options)


def tell(lock: str, verdict: Verdict) -> bool:
    """Print a verdict; gives whether all is well."""
    if verdict.complaint:
        say(f"NOT AUDITED: {lock}: {verdict.complaint}")
    else:
        say(f"{lock}: {verdict.audited} releases, {len(verdict.holes)} known holes")
    for release, ids, mend in verdict.holes:
        say(f"  {release}: {ids}; fixed in {mend}")
    return not (verdict.complaint or verdict.holes)


def main(*options: str) -> int:
    """Audit all locks; options go to pip-audit, such as another source."""
    canary = ask_canary(*options)
    if not sees_canary(canary):
        reason = canary.complaint or "it knows of no hole in it"
        say(f"NOT AUDITED: the source of advisories is blind. Asked about {CANARY}: {reason}")
        return 1
    told = [tell(lock, ask(ROOT / lock, *options)) for lock in LOCKS]
    return 0 if all(told) else 1


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
