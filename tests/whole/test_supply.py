"""What is installed is what was locked; and an audit that sees nothing does not pass for a clean one."""

import re
import subprocess
import sys

import pytest

from advisories import CANARY, LOCKS, ROOT, judge, sees_canary

# What pip-audit 2.10.1 has printed, with the options that `make audit` gives it.
SEEING = (
    '{"dependencies": [{"name": "pyjwt", "version": "1.5.0", "vulns": [{"id": "PYSEC-2017-24", '
    '"fix_versions": ["1.5.1"], "aliases": ["CVE-2017-11424", "GHSA-r9jw-mwhq-wp62"]}, '
    '{"id": "PYSEC-2022-202", "fix_versions": ["2.4.0"], "aliases": ["GHSA-ffqj-6fqr-9h24", '
    '"CVE-2022-29217"]}]}], "fixes": []}\n'
)
CLEAN = '{"dependencies": [{"name": "filelock", "version": "4.2.11", "vulns": []}], "fixes": []}\n'
# A registry that serves no advisories: without --strict, and with it.
SKIPPED = (
    '{"dependencies": [{"name": "pyjwt", "skip_reason": "Dependency not found on PyPI and could '
    'not be audited: pyjwt (1.5.0)"}], "fixes": []}\n'
)
NOT_FOUND = (
    "ERROR:pip_audit._cli:pyjwt: Dependency not found on PyPI and could not be audited: "
    "pyjwt (1.5.0)\n"
)
# A source that answers, and knows nothing; and one that is out of reach (the end of a long trace).
IGNORANT = '{"dependencies": [{"name": "pyjwt", "version": "1.5.0", "vulns": []}], "fixes": []}\n'
OUT_OF_REACH = (
    "Traceback (most recent call last):\n"
    "requests.exceptions.ConnectionError: HTTPConnectionPool(host='127.0.0.1', port=37903): "
    "Max retries exceeded with url: /v1/query\n"
)


def test_a_source_that_knows_the_canarys_hole_sees() -> None:
    verdict = judge(SEEING, "Found 2 known vulnerabilities in 1 package")
    assert sees_canary(verdict)
    assert (verdict.audited, verdict.complaint) == (1, "")
    assert [(release, mend) for release, _, mend in verdict.holes] == [
        (CANARY, "1.5.1"),
        (CANARY, "2.4.0"),
    ]


@pytest.mark.parametrize(
    ("output", "errors", "complaint"),
    [
        ("", NOT_FOUND, "could not be audited"),
        (SKIPPED, "No known vulnerabilities found", "could not be audited"),
        (IGNORANT, "No known vulnerabilities found", ""),
        ("", OUT_OF_REACH, "ConnectionError"),
        ("", "", "no answer"),
        ('{"dependencies": [], "fixes": []}', "", "asked about nothing"),
    ],
)
def test_a_source_that_does_not_is_blind(output: str, errors: str, complaint: str) -> None:
    """Seen to fail when that nothing was found was enough, and when what was skipped was passed over."""
    verdict = judge(output, errors)
    assert not sees_canary(verdict)
    assert complaint in verdict.complaint
    assert bool(verdict.complaint) == bool(complaint)
    assert verdict.holes == []


def test_what_is_clean_is_told_apart_from_what_was_skipped() -> None:
    assert judge(CLEAN, "").complaint == ""
    mixed = CLEAN.replace("}], ", '}, {"name": "x", "skip_reason": "unknown"}], ')
    assert judge(mixed, "").complaint == "unknown"


def test_where_nothing_can_be_audited_the_audit_fails() -> None:
    """This environment has no pip-audit. Seen to fail when what was not audited passed."""
    command = [sys.executable, str(ROOT / "tests" / "support" / "advisories.py")]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert done.stdout.startswith("NOT AUDITED: the source of advisories is blind.")


REQUIREMENT = re.compile(r"[a-z0-9._-]+(\[[a-z,]+\])?==[0-9][0-9a-z.+!]*( ; .*)?")


def requirements_in(lock: str) -> list[list[str]]:
    """Read a lock: each requirement with its hashes, one entry each."""
    text = re.sub(r"\s*#.*", "", (ROOT / lock).read_text()).replace("\\\n", " ")
    return [re.split(r"\s+(?=--hash=)", line.strip()) for line in text.splitlines() if line.strip()]


@pytest.mark.parametrize("lock", LOCKS)
def test_every_requirement_is_one_release_with_its_hashes(lock: str) -> None:
    found = requirements_in(lock)
    assert len(found) > (0 if lock == "requirements-node.lock" else 20)
    for requirement, *hashes in found:
        assert REQUIREMENT.fullmatch(requirement.strip()), requirement
        assert hashes, requirement
        assert all(re.fullmatch(r"--hash=sha256:[0-9a-f]{64}", each) for each in hashes)
    assert "://" not in (ROOT / lock).read_text()


def test_the_locks_agree_on_what_they_share() -> None:
    """What is served is what was tested, also by `make run`, which has all that serving needs.

    Seen to fail when a dependency was locked for the image and the tests, and not for `make run`.
    """
    served, tested, run = (
        {requirement.partition("==")[0]: requirement for requirement, *_ in requirements_in(lock)}
        for lock in LOCKS[:3]
    )
    assert served.items() <= run.items() <= tested.items()


INSTALLS = re.compile(r"^.*\bpip\b.*\b(?:install|wheel)\b.*$", re.MULTILINE)


@pytest.mark.parametrize(("name", "count"), [("Makefile", 4), ("Dockerfile", 8), (".ci/run", 0)])
def test_nothing_is_installed_but_by_hashes_or_from_here(name: str, count: int) -> None:
    text = (ROOT / name).read_text().replace("\\\n", " ").replace("$(PIP)", "pip")
    commands = [line for line in INSTALLS.findall(text) if not line.lstrip().startswith("#")]
    assert len(commands) == count, commands
    for command in commands:
        from_lock = re.search(r"--require-hashes (--target /node )?-r", command)
        from_here = "--no-deps" in command and re.search(r" (-e )?(\.|/wheel/\*\.whl)$", command)
        assert from_lock or from_here, command
