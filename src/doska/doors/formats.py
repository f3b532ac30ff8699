"""The formats that can be imported: a reader is declared once, and listed in ``readers``.

    @reads("trello", recognises=lambda file: …)
    def read(file: SourceFile) -> Plan: …

``recognises`` looks at a file and never raises for what is merely of another kind; formats are
asked in the order of their declaration, so the more special is declared first.
"""

from collections.abc import Callable
from dataclasses import dataclass

from doska.doors.errors import FormatMismatch, UnknownFormat
from doska.doors.model import Plan
from doska.doors.source import SourceFile

Recognise = Callable[[SourceFile], bool]
Read = Callable[[SourceFile], Plan]


@dataclass(frozen=True, slots=True)
class Format:
    """A format, and its reader; ``is_forgiving``: may be named for files it does not recognise."""

    name: str
    recognises: Recognise
    read: Read
    is_forgiving: bool = False


FORMATS: dict[str, Format] = {}
DOCUMENTS = (".json", ".csv", ".tsv", ".md")


def reads(
    name: str, *, recognises: Recognise, is_forgiving: bool = False
) -> Callable[[Read], Read]:
    """Declare the reader of a format."""

    def declare(read: Read) -> Read:
        FORMATS[name] = Format(name, recognises, read, is_forgiving)
        return read

    return declare


def unwrapped(file: SourceFile) -> SourceFile:
    """Open an archive that is of no format and has one document: that is the file."""
    if not file.entries or any(f.recognises(file) for f in FORMATS.values()):
        return file
    documents = [name for name in file.entries if name.lower().endswith(DOCUMENTS)]
    return file.opened(documents[0]) if len(documents) == 1 else file


def recognise(file: SourceFile, named: str = "auto") -> Format:
    """Find a file's format; UnknownFormat, or FormatMismatch if it is not the one named."""
    known = FORMATS.get(named)
    if known and (known.is_forgiving or known.recognises(file)):
        return known
    found = next((f for f in FORMATS.values() if f.recognises(file)), None)
    if named != "auto":
        raise FormatMismatch(format=named, found=found.name if found else None)
    if found is None:
        raise UnknownFormat
    return found
