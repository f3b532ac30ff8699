"""Colours of labels: the words of other programs, as the colours that they have there, about."""

import re
from collections.abc import Container

from doska.texts import folded

NO_COLOR = "#8590a2"

_WORDS = {
    "green": "#4bce97", "yellow": "#f5cd47", "orange": "#fea362", "red": "#f87168",
    "purple": "#9f8fef", "blue": "#579dff", "sky": "#6cc3e0", "lime": "#94c748",
    "pink": "#e774bb", "black": "#626f86", "white": "#e6e6e6", "gray": "#8590a2",
    "grey": "#8590a2", "brown": "#a0715c", "silver": "#b3b9c4", "navy": "#1f3f77",
    "magenta": "#cd519d", "crimson": "#c9372c", "gold": "#e2b203", "indigo": "#5e4db2",
    "peachpuff": "#ffd8b1", "plum": "#c08fc9", "darkgreen": "#216e4e", "slateblue": "#6e5dc6",
    "saddlebrown": "#7a4a24", "paleturquoise": "#a6e4e7", "mistyrose": "#f5d6d3", "teal": "#2898bd",
}  # fmt: skip
_HEX = re.compile(r"#?([0-9a-fA-F]{6})")
_SHORT = re.compile(r"#?([0-9a-fA-F]{3})")


def color_of(given: str | None) -> str:
    """Give a colour as ``#rrggbb``, whatever was given."""
    word = (given or "").strip().lower()
    if found := _HEX.fullmatch(word):
        return "#" + found[1]
    if found := _SHORT.fullmatch(word):
        return "#" + "".join(letter * 2 for letter in found[1])
    for name, shade in ((word, 0.0), *((word.removesuffix(s), f) for s, f in _SHADES)):
        if name in _WORDS:
            return _shaded(_WORDS[name], shade)
    return NO_COLOR


_SHADES = (("_light", 0.5), ("_dark", -0.3))


def _shaded(color: str, by: float) -> str:
    towards = 255 if by > 0 else 0
    parts = (int(color[n : n + 2], 16) for n in (1, 3, 5))
    return "#" + "".join(f"{round(part + (towards - part) * abs(by)):02x}" for part in parts)


def apart(title: str, color: str, taken: Container[tuple[str, str]]) -> str:
    """Give the next colour with which this title does not exist yet: one cannot tell them apart."""
    while title and (folded(title), color) in taken:
        color = f"#{(int(color[1:], 16) + 1) % (1 << 24):06x}"
    return color
