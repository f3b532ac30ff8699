"""How large a picture is, by its header alone: nothing of it is decoded."""

import struct
from collections.abc import Callable

Size = tuple[int, int]

_SIDE_MAX = (1 << 31) - 1


def pixels_of(media_type: str, beginning: bytes) -> Size | None:
    """Return width and height; None if the header does not tell, or tells nonsense."""
    read = _READERS.get(media_type)
    try:
        found = read(beginning) if read else None
    except (struct.error, IndexError):
        return None
    return found if found and all(0 < side <= _SIDE_MAX for side in found) else None


def _png(data: bytes) -> Size | None:
    return struct.unpack_from(">II", data, 16) if data[12:16] == b"IHDR" else None


def _gif(data: bytes) -> Size | None:
    return struct.unpack_from("<HH", data, 6)


def _jpeg(data: bytes) -> Size | None:
    """Go from marker to marker until the one that begins a frame."""
    place = 2
    while data[place] == 0xFF:  # noqa: PLR2004  # what each marker begins with
        kind = data[place + 1]
        if kind == 0xFF:  # noqa: PLR2004  # filling
            place += 1
        elif kind in _FRAMES:
            height, width = struct.unpack_from(">HH", data, place + 5)
            return width, height
        else:
            (length,) = struct.unpack_from(">H", data, place + 2)
            place += 2 + length
    return None


_FRAMES = {*range(0xC0, 0xD0)} - {0xC4, 0xC8, 0xCC}


def _webp(data: bytes) -> Size | None:
    match data[12:16]:
        case b"VP8 ":
            width, height = struct.unpack_from("<HH", data, 26)
            return width & 0x3FFF, height & 0x3FFF
        case b"VP8L":
            (bits,) = struct.unpack_from("<I", data, 21)
            return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
        case b"VP8X":
            sides = data[24:30]
            return int.from_bytes(sides[:3], "little") + 1, int.from_bytes(sides[3:], "little") + 1
    return None


def _avif(data: bytes) -> Size | None:
    """Find the first property of a picture's extent."""
    place = data.find(b"ispe")
    return struct.unpack_from(">II", data, place + 8) if place > 0 else None


_READERS: dict[str, Callable[[bytes], Size | None]] = {
    "image/png": _png,
    "image/gif": _gif,
    "image/jpeg": _jpeg,
    "image/webp": _webp,
    "image/avif": _avif,
}
