"""Where files are: whether they can be written, and whether there is room for more."""

import os
import shutil
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

from doska.doctor.findings import Finding, ok, warn, wrong
from doska.files import thumbnails
from doska.files.places import files_folder
from doska.settings import Settings

CHECK = "files"
GB = 1 << 30


def judge_files(settings: Settings) -> Iterator[Finding]:
    """Check the folder or the bucket of files; nothing is written."""
    if settings.files_s3_url:
        yield _bucket(settings.files_s3_url)
    else:
        yield from _folder(files_folder(settings), settings.files_free_gb_min)
    if not thumbnails.is_possible():
        yield warn(
            "thumbnails", "Pillow is not installed: none are made", "pip install doska[images]"
        )


def _bucket(url: str) -> Finding:
    if find_spec("obstore") is None:
        return wrong(CHECK, f"{url} needs obstore", "pip install doska[s3]")
    return ok(CHECK, f"in {url}; back it up with the database")


def _folder(folder: Path, free_gb_min: float) -> Iterator[Finding]:
    place = next(p for p in (folder, *folder.parents) if p.exists())
    if not place.is_dir() or not os.access(place, os.W_OK | os.X_OK):
        fix = "run as its owner, or set DOSKA_FILES_DIR to another"
        yield wrong(CHECK, f"{place} cannot be written to", fix)
        return
    free = shutil.disk_usage(place).free / GB
    if free < free_gb_min:
        text = f"{free:.1f} GiB free for {folder}: uploads are refused"
        yield warn(CHECK, text, "free some space, or lower DOSKA_FILES_FREE_GB_MIN")
    else:
        yield ok(CHECK, f"{folder}; back it up with the database")
