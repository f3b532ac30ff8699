"""The header fields of a request, found by name."""

from functools import lru_cache
from typing import Any

from starlette.datastructures import Headers
from starlette.types import Scope

FIELDS = "doska.fields"


class Fields(Headers):
    """Headers that are looked up: Starlette's go through all lines for each that is asked for.

    Of a repeated name the first line counts, as there; ``FieldLines`` leaves no such lines.
    """

    def __init__(self, lines: list[tuple[bytes, bytes]]) -> None:
        self._list = self.lines = lines
        self._by_name = {name: value for name, value in reversed(lines)}  # noqa: C416  # faster

    @property
    def are_repeated(self) -> bool:
        """Return whether a name has several lines."""
        return len(self._by_name) < len(self.lines)

    def get(self, key: str, default: Any = None) -> Any:
        """Return a field's value."""
        value = self._by_name.get(_name(key))
        return default if value is None else value.decode("latin-1")

    def __getitem__(self, key: str) -> str:
        """Return a field's value; KeyError if there is no such field."""
        return self._by_name[_name(key)].decode("latin-1")

    def __contains__(self, key: Any) -> bool:
        """Return whether there is such a field."""
        return _name(key) in self._by_name


@lru_cache(maxsize=200)
def _name(key: str) -> bytes:
    return key.lower().encode("latin-1")


def fields_of(scope: Scope) -> Fields:
    """Return the fields of a request, made once for all who read them."""
    found: Fields | None = scope.get(FIELDS)
    if found is None or found.lines is not scope["headers"]:  # a layer has replaced them
        scope[FIELDS] = found = Fields(scope["headers"])
    return found
