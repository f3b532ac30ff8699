from pathlib import Path

import pytest

from conftest import settings_for
from doska.doctor.files import judge_files
from doska.doctor.findings import Level

URL = "postgres://localhost/nothing"


def findings(**settings: object) -> dict[str, tuple[Level, str]]:
    found = judge_files(settings_for(URL, **settings))
    return {finding.check: (finding.level, f"{finding.text} {finding.fix}") for finding in found}


def test_a_folder_of_files_is_named_with_what_belongs_to_a_backup(tmp_path: Path) -> None:
    level, text = findings(files_dir=tmp_path / "new", files_free_gb_min=0)["files"]
    assert level is Level.OK
    assert "back it up with the database" in text


def test_a_folder_without_room_is_told(tmp_path: Path) -> None:
    level, text = findings(files_dir=tmp_path, files_free_gb_min=1e9)["files"]
    assert (level, "uploads are refused" in text) == (Level.WARN, True)


def test_a_folder_that_is_a_file_is_wrong(tmp_path: Path) -> None:
    (tmp_path / "files").write_text("")
    level, _ = findings(files_dir=tmp_path / "files")["files"]
    assert level is Level.WRONG


def test_a_bucket_is_named() -> None:
    pytest.importorskip("obstore")
    assert findings(files_s3_url="s3://files")["files"][0] is Level.OK
