"""What the doctor says, to ask it for in tests."""

import asyncio
import os
from pathlib import Path

import pytest

from doska.doctor.examination import examine
from programs import example

KEY = "K5vC9hQ2tZ8wX1nB7mL4pR6sD3fG0jYa"
OPEN_KEY = "a" * 32  # no good
PASSWORD = "S3cretWord"
SECRETS = (KEY, OPEN_KEY, PASSWORD, example("DOSKA_")["SECRET_KEY"])

Findings = dict[str, list[tuple[str, str]]]  # by what was looked at: how it is, and in words


def looked(folder: Path, **settings: str) -> Findings:
    """Ask the doctor; whatever there is to tell, no secret is told.

    Seen to fail when a message held the database's address.
    """
    given = {"DATA_DIR": str(folder), "PORT": "0", "FILES_FREE_GB_MIN": "0", **settings}
    with pytest.MonkeyPatch.context() as patch:
        for name in [name for name in os.environ if name.startswith("DOSKA_")]:
            patch.delenv(name)
        for name, value in given.items():
            patch.setenv(f"DOSKA_{name}", value)
        patch.chdir(folder.parent)
        told = examine()
    lines = "\n".join(map(str, told))
    for secret in SECRETS:
        assert secret not in lines
    found: Findings = {}
    for finding in told:
        text = str(finding).partition(f" {finding.check} ")[2].strip()
        found.setdefault(finding.check, []).append((finding.level, text))
    return found


async def beside(tmp_path: Path, url: str, **settings: str) -> Findings:
    """Ask the doctor about a database of its own server."""
    given = {"DATABASE_URL": url, "SECRET_KEY": KEY, **settings}
    return await asyncio.to_thread(looked, tmp_path / "doska", **given)


def says(found: Findings, check: str, level: str, words: str) -> bool:
    """Tell whether there is a finding of this kind with these words."""
    return any(is_so == level and words in text for is_so, text in found.get(check, []))
