"""What a file is, by its first bytes; what a client says of it counts for nothing."""

import codecs
import re

UNKNOWN = "application/octet-stream"
TEXT = "text/plain; charset=utf-8"
PDF = "application/pdf"
PICTURES = ("image/png", "image/jpeg", "image/gif", "image/webp", "image/avif")
MEDIA_TYPES = (*PICTURES, PDF, TEXT, UNKNOWN)

BEGINNING_BYTES = 64 << 10  # so far into a file its size in pixels stands, in nearly all

_AVIF = (b"avif", b"avis")


_SIGNATURES = (
    (re.compile(rb"\x89PNG\r\n\x1a\n"), "image/png"),
    (re.compile(rb"\xff\xd8\xff"), "image/jpeg"),
    (re.compile(rb"GIF8[79]a"), "image/gif"),
    (re.compile(rb"RIFF....WEBP", re.DOTALL), "image/webp"),
    (re.compile(rb"%PDF-"), PDF),
)


def media_type_of(beginning: bytes, *, is_text: bool) -> str:
    """Return the media type; everything unknown is ``application/octet-stream``."""
    for signature, media_type in _SIGNATURES:
        if signature.match(beginning):
            return media_type
    if beginning[4:8] == b"ftyp" and _is_avif(beginning):
        return "image/avif"
    return TEXT if is_text else UNKNOWN


def _is_avif(beginning: bytes) -> bool:
    size = int.from_bytes(beginning[:4], "big")
    brands = beginning[8 : min(size, 256)]
    return any(brands[n : n + 4] in _AVIF for n in range(0, len(brands), 4))


class TextCheck:
    """Whether bytes that pass by are UTF-8 without NUL."""

    def __init__(self) -> None:
        self._decoder = codecs.getincrementaldecoder("utf-8")()
        self._is_text = True

    def see(self, piece: bytes) -> None:
        """Look at the next bytes."""
        if not self._is_text:
            return
        try:
            self._decoder.decode(piece)
        except UnicodeDecodeError:
            self._is_text = False
        else:
            self._is_text = b"\0" not in piece

    def is_text(self) -> bool:
        """Tell at the end: a letter must not be cut off."""
        try:
            self._decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            return False
        return self._is_text
