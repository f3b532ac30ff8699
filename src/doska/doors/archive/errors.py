"""Why an archive cannot be restored."""

from typing import Any, ClassVar

from doska.errors import Invalid


class ArchiveInconsistent(Invalid):
    """The archive contradicts itself; nothing of it was restored."""

    example: ClassVar[dict[str, Any]] = {"at": "tasks.jsonl:3"}


class ArchiveTooNew(Invalid):
    """The archive was made by a newer version of Doska."""

    example: ClassVar[dict[str, Any]] = {"version": 2, "known": 1}
