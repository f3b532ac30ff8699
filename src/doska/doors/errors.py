"""Why a file cannot be imported; what is raised in the reading process arrives as it is."""

from http import HTTPStatus
from typing import Any, ClassVar

from doska.errors import DoskaError, Invalid, TooDeep, TooLarge


class UnknownFormat(DoskaError):
    """The file is of no format that Doska can import."""

    status = HTTPStatus.UNSUPPORTED_MEDIA_TYPE


class FormatMismatch(Invalid):
    """The file is not of the format that was named."""

    example: ClassVar[dict[str, Any]] = {"format": "trello", "found": "wekan"}


class BrokenFile(Invalid):
    """The file is broken: it cannot be read to its end."""

    example: ClassVar[dict[str, Any]] = {"at": "line 3"}


class ArchiveUnsafe(Invalid):
    """The archive has entries that are not safe to open."""


class ArchiveInconsistent(Invalid):
    """The archive contradicts itself; nothing of it was restored."""

    example: ClassVar[dict[str, Any]] = {"at": "tasks.jsonl:3"}


class ArchiveTooNew(Invalid):
    """The archive was made by a newer version of Doska."""

    example: ClassVar[dict[str, Any]] = {"version": 2, "known": 1}


class AmbiguousDates(Invalid):
    """Day and month of these dates cannot be told apart: say `date_order=dmy` or `mdy`."""

    example: ClassVar[dict[str, Any]] = {"at": "due"}


class NeedsMapping(Invalid):
    """Which column is the title? Say it with `mapping`."""

    example: ClassVar[dict[str, Any]] = {"headers": ["Name", "Tags"]}


class ImportTooHeavy(Invalid):
    """Reading the file took more time or memory than this server gives."""


BY_NAME = {
    kind.__name__: kind
    for kind in (
        UnknownFormat, FormatMismatch, BrokenFile, ArchiveUnsafe, AmbiguousDates, NeedsMapping,
        TooDeep, TooLarge, ImportTooHeavy, ArchiveInconsistent, ArchiveTooNew,
    )
}  # fmt: skip
