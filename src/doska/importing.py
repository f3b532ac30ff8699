"""The process in which files are read for imports, started as ``python -m doska.importing``.

It stands above all features: an archive's rows are checked against their declarations. Other files
need none of them, and half a second less without.
"""

from pathlib import Path

from doska.doors.reading import Archive, main
from doska.doors.source import SourceFile


def opened(file: SourceFile, folder: Path, key: bytes) -> Archive:
    """Open an archive of ours."""
    import doska.features  # noqa: F401, PLC0415  # declares all kinds
    from doska.doors.archive.reading import ArchiveReader  # noqa: PLC0415

    return ArchiveReader(file, folder, key)


if __name__ == "__main__":
    main(opened)
