"""A file as readers see it: its text, its JSON or the entries of its archive, each read on demand.

file.json           the parsed document; None if it is no JSON
file.text           decoded text, without a BOM; lines as they stand
file.entries        names of an archive, in its order; empty if it is none
file.entry(name)    an entry's bytes
file.opened(name)   an entry as a SourceFile of its own, with the same bounds
"""

import io
import re
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import PurePosixPath
from typing import Any

from doska.doors.errors import ArchiveUnsafe, BrokenFile
from doska.doors.parsing import parsed, repaired

MB = 1 << 20
BOM = b"\xef\xbb\xbf"
HEAD = "doska.json"  # the entry by which an archive of ours is known


@dataclass(frozen=True, slots=True)
class Bounds:
    """What a file may be like; see doors.md section 2."""

    unpacked_bytes: int = 512 * MB
    times_packed: int = 100
    entries: int = 10_000
    depth: int = 64
    rows: int = 100_000
    columns: int = 16_384
    cell_bytes: int = MB
    boards: int = 100


@dataclass(frozen=True, slots=True)
class Options:
    """What the request says beside the file; for ``mapping`` see doors.md section 7."""

    title: str | None = None
    time_zone: str | None = None  # UTC, and warned of where it matters
    date_order: str | None = None  # dmy, mdy
    encoding: str | None = None
    delimiter: str | None = None
    deleted: str = "skip"  # or archive
    mapping: Mapping[str, Any] | None = None
    at: str = ""  # now, as an ISO time: the same for all of the import


@dataclass
class SourceFile:
    """The bytes of a file, and what they are."""

    data: bytes
    options: Options = field(default_factory=Options)
    bounds: Bounds = field(default_factory=Bounds)
    warnings: list[tuple[str, str]] = field(default_factory=list)  # code, where

    @property
    def is_archive(self) -> bool:
        """Tell whether it is a zip."""
        return self.data[:4] in (b"PK\x03\x04", b"PK\x05\x06")

    @cached_property
    def text(self) -> str:
        """Decode it: by its BOM, UTF-8, what the request says, else cp1251 or cp1252 by its looks."""
        found, count = repaired(self._decoded())
        self.warnings += [("text-repaired", "")] * count
        return found

    def _decoded(self) -> str:
        data = self.data
        try:
            if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
                return data.decode("utf-16")
            return data.decode("utf-8-sig")
        except UnicodeDecodeError:
            return self._guessed()

    def _guessed(self) -> str:
        named = self.options.encoding
        try:
            if named:
                return self.data.decode(named)
        except (LookupError, UnicodeError) as error:
            raise BrokenFile("It does not have the encoding that was named.") from error
        self.warnings.append(("encoding-assumed", ""))
        cyrillic = self.data.decode("cp1251", "replace")
        return cyrillic if _is_cyrillic(cyrillic) else self.data.decode("cp1252", "replace")

    @cached_property
    def json(self) -> Any:
        """Parse it as JSON; None if it does not begin like it. BrokenFile, TooDeep."""
        beginning = self.data[:512]
        if beginning[:2] in (b"\xff\xfe", b"\xfe\xff"):
            beginning = self.text[:256].encode()
        if beginning.removeprefix(BOM).lstrip()[:1] not in (b"{", b"["):
            return None
        found, repaired = parsed(self._utf8() or self.text, self.bounds.depth)
        self.warnings += [("text-repaired", "")] * repaired
        return found

    def _utf8(self) -> bytes:
        """Give the bytes as they are, if they can be parsed so: no second copy is kept as text."""
        is_odd = b"\0" in self.data
        try:
            self.data.decode("utf-8")
        except UnicodeDecodeError:
            is_odd = True
        return b"" if is_odd else self.data.removeprefix(BOM)

    @cached_property
    def _zip(self) -> zipfile.ZipFile | None:
        return opened_archive(self.data, self.bounds) if self.is_archive else None

    @cached_property
    def entries(self) -> list[str]:
        """List what is in the archive: files only."""
        return [i.filename for i in self._zip.infolist() if not i.is_dir()] if self._zip else []

    def entry(self, name: str) -> bytes:
        """Read an entry; KeyError if there is none."""
        if self._zip is None:
            raise KeyError(name)
        info = self._zip.getinfo(name)
        try:
            with self._zip.open(info) as file:
                data = file.read(info.file_size + 1)
        except (zipfile.BadZipFile, EOFError, OSError, ValueError, NotImplementedError) as error:
            raise BrokenFile("An entry of the archive cannot be read.", at=name) from error
        except Exception as error:  # zlib.error and others of decompressors, which have no parent
            raise BrokenFile("An entry of the archive cannot be read.", at=name) from error
        if len(data) != info.file_size:
            raise ArchiveUnsafe("An entry has another size than the archive says.")
        return data

    def opened(self, name: str) -> "SourceFile":
        """Open an entry as a file of its own; a zip in a zip stays shut."""
        return SourceFile(self.entry(name), self.options, self.bounds, self.warnings)


def _is_cyrillic(text: str) -> bool:
    """Tell whether more words are all Cyrillic than half: ``ü`` of cp1252 looks like ``ь``."""
    words = [word for word in re.findall(r"[^\W\d_]{2,}", text) if not word.isascii()]
    whole = sum(re.fullmatch("[а-яёА-ЯЁ]+", word) is not None for word in words)  # noqa: RUF001
    return whole * 2 > len(words)


def opened_archive(data: bytes, bounds: Bounds) -> zipfile.ZipFile:
    """Open a zip, after looking at what it claims. BrokenFile, ArchiveUnsafe."""
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError) as error:
        raise BrokenFile("The archive cannot be read.") from error
    infos = archive.infolist()
    if len(infos) > bounds.entries:
        raise ArchiveUnsafe(f"It has more than {bounds.entries} entries.")
    if len({info.filename for info in infos}) < len(infos):
        raise ArchiveUnsafe("Two entries have one name.")
    if any(_is_unsafe(info) for info in infos):
        raise ArchiveUnsafe("It has an encrypted entry, a link, or a name that leads elsewhere.")
    unpacked = sum(info.file_size for info in infos)
    if unpacked > bounds.unpacked_bytes or unpacked > bounds.times_packed * max(len(data), 1):
        raise ArchiveUnsafe("It would be too large when unpacked.")
    return archive


_LINK = 0xA000


def _is_unsafe(info: zipfile.ZipInfo) -> bool:
    name = info.orig_filename
    path = PurePosixPath(name)
    is_elsewhere = path.is_absolute() or ".." in path.parts or bool(re.match(r"[A-Za-z]:", name))
    is_link = (info.external_attr >> 16) & 0xF000 == _LINK
    is_odd = "\\" in name or "\0" in name or not name
    return is_elsewhere or is_link or is_odd or bool(info.flag_bits & 0x1)
