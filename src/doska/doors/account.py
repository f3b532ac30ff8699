"""The account: what became of each value of a file, counted by path and fate.

    account = Account(TABLE)
    extra = account.take(card, "cards[]")   # counts each leaf, gives what is aside of it

Each leaf is to be taken exactly once. What a reader finds out later (a label that does not exist,
a date that cannot be read) it moves: ``account.move("cards[].idLabels[]", "aside")``.
"""

import re
from collections import Counter
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from typing import Any

from pydantic_core import to_json

from doska.doors.fates import ASIDE, SECRET, Fate, Table, is_secret

PATHS_MAX = 2000
ALIKE_MAX, ALIKE_BYTES_MAX = 1000, 16_384  # dropped values at a path that are known again

NOTHING: Any = object()
_HOLDING = (dict, list)
_PARTS = re.compile(r"\[\]|\{\}|[^.\[\]{}]+")


@dataclass(slots=True)
class _Node:
    """A path, its rule, and what has been counted at it."""

    path: str
    fate: Fate
    is_known: bool  # by a rule at or above it
    is_named: bool  # by a rule at or below it
    is_secret: bool = False
    is_alike: bool = False  # dropped, with all that is below it
    alike: dict[bytes, "_Alike"] = field(default_factory=dict)
    children: dict[str, "_Node"] = field(default_factory=dict)
    counts: Counter[Fate] = field(default_factory=Counter)


@dataclass(slots=True)
class _Alike:
    """Values that are the same: where their leaves are, and how often they were met."""

    leaves: list[_Node]
    times: int = 0

    def count(self, times: int = 1) -> None:
        """Count their leaves, so many times."""
        for node in self.leaves:
            node.counts[node.fate] += times


class Account:
    """Counts the leaves of one file."""

    def __init__(self, table: Table) -> None:
        self._table = table
        self._shown = ("", "")
        self._waiting: dict[str, _Node] = {}
        self._prefixes = {path[:place] for path in table for place in (*_ends(path), len(path))}
        fate = table.get("")
        self._root = _Node("", fate or ASIDE, fate is not None, is_named=True)
        self._at: dict[str, _Node] = {"": self._root}

    def rename(self, path: str, shown: str) -> None:
        """Show another path in place of one, where a file has only a part of what is usual."""
        self._shown = (path, shown)

    def take(
        self, value: Any, path: str, *, fate: Fate | None = None, but: Collection[str] = ()
    ) -> Any:
        """Count all leaves of a value; return what is aside of it, in its shape, or ``{}``.

        ``fate`` is that of all of them but secrets, whatever the table says. ``but`` are keys of an object that
        are taken by themselves.
        """
        if but:
            value = {key: inner for key, inner in value.items() if key not in set(but)}
            if not value:
                return {}
        found = self._walk(value, self.at(path), fate)
        return {} if found is NOTHING else found

    def count(self, path: str, number: int = 1, fate: Fate | None = None) -> Fate:
        """Count leaves that are no JSON (a cell, a line, a file); return their fate.

        Its path is one name, whatever signs are in it: a header may well have dots.
        """
        node = self._at.get(path) or self._child(self._root, path)
        found = fate or node.fate
        if number:
            node.counts[found] += number
        return found

    def fate_of(self, path: str) -> Fate:
        """Return what the table says of a path."""
        return self.at(path).fate

    def move(self, path: str, to: Fate, number: int = 1) -> None:
        """Change the fate of leaves that were counted at a path by the table's rule."""
        node = self.at(path)
        if number > node.counts[node.fate]:
            self._count_alike()
        if number > node.counts[node.fate]:
            raise AssertionError(f"{path}: {number} were to be moved of {node.counts[node.fate]}")
        node.counts[node.fate] -= number
        node.counts[to] += number

    def at(self, path: str) -> _Node:
        """Find the node of a path."""
        node = self._at.get(path)
        if node is None:
            node = self._root
            for part in _PARTS.findall(path):
                node = self._child(node, part)
        return node

    def _child(self, parent: _Node, key: str) -> _Node:
        node = parent.children.get(key)
        if node is None:
            path = parent.path + (key if key in ("[]", "{}") or not parent.path else f".{key}")
            exact = self._table.get(path)
            secret = exact is None and (parent.is_secret or is_secret(key))
            fate = exact or (SECRET if secret and not parent.fate.reason else parent.fate)
            is_known = exact is not None or parent.is_known
            is_named = path in self._prefixes
            node = _Node(path, fate, is_known, is_named, secret)
            node.is_alike = bool(fate.reason) and not (is_named and self._is_parted(path))
            parent.children[key] = self._at[path] = node
        return node

    def _is_parted(self, path: str) -> bool:
        """Tell whether the table says something of what is below a path."""
        return any(p != path and p.startswith(path) for p in self._prefixes)

    def _walk(self, value: Any, node: _Node, fate: Fate | None) -> Any:
        if fate is None and node.is_alike and value and isinstance(value, dict | list):
            return self._drop(value, node)
        if isinstance(value, dict) and value:
            return self._walk_object(value, node, fate)
        if isinstance(value, list) and value:
            child = node.children.get("[]") or self._child(node, "[]")
            rest = [r for item in value if (r := self._walk(item, child, fate)) is not NOTHING]
            return rest or NOTHING
        own = node.fate if fate is None or node.fate == SECRET else fate
        node.counts[own] += 1
        return value if own.to is None and own.reason is None else NOTHING

    def _walk_object(self, value: dict[str, Any], node: _Node, fate: Fate | None) -> Any:
        children, rest = node.children, {}
        for key, inner in value.items():
            child = children.get(key) or self._named(node, key)
            if inner and inner.__class__ in _HOLDING:
                if (found := self._walk(inner, child, fate)) is not NOTHING:
                    rest[key] = found
                continue
            own = child.fate if fate is None or child.fate == SECRET else fate
            child.counts[own] += 1
            if own.to is None and own.reason is None:
                rest[key] = inner
        return rest or NOTHING

    def _named(self, node: _Node, key: str) -> _Node:
        """Find the node of a key that was not met yet; of an id, that of all ids."""
        has_ids = f"{node.path}{{}}" in self._prefixes
        if has_ids and f"{node.path}.{key}".removeprefix(".") not in self._prefixes:
            key = "{}"
        return node.children.get(key) or self._child(node, key)

    def _drop(self, value: Any, node: _Node) -> Any:
        """Count what is dropped: the limits of a card, say, are those of the one before."""
        key = to_json(value)
        alike = node.alike.get(key)
        if alike is None:
            alike = _Alike(list(self._leaves(value, node)))
            if len(node.alike) < ALIKE_MAX and len(key) < ALIKE_BYTES_MAX:
                node.alike[key] = alike
                self._waiting[node.path] = node
            else:
                alike.count()
                return NOTHING
        alike.times += 1
        return NOTHING

    def _leaves(self, value: Any, node: _Node) -> Iterator[_Node]:
        if isinstance(value, dict) and value:
            for key, inner in value.items():
                yield from self._leaves(inner, node.children.get(key) or self._child(node, key))
        elif isinstance(value, list) and value:
            child = node.children.get("[]") or self._child(node, "[]")
            for inner in value:
                yield from self._leaves(inner, child)
        else:
            yield node

    def _count_alike(self) -> None:
        for node in self._waiting.values():
            for alike in node.alike.values():
                alike.count(alike.times)
            node.alike.clear()
        self._waiting.clear()

    def unknown(self) -> list[str]:
        """Return the paths with leaves that no rule of the table reaches."""
        return [n.path for n in self._counted() if not n.is_known]

    def _counted(self) -> list[_Node]:
        self._count_alike()
        found, waiting = [], [self._root]
        while waiting:
            node = waiting.pop()
            if node.counts.total():
                found.append(node)
            waiting += reversed(node.children.values())
        return found

    def report(self) -> dict[str, Any]:
        """Give ``fields`` and ``totals`` as doors.md section 3 has them."""
        old, new = self._shown
        fields = [
            _line(new + node.path.removeprefix(old) if old else node.path, node.counts)
            for node in self._counted()
        ]
        names = ("values", "kept", "aside", "dropped")
        totals = {name: sum(line[name] for line in fields) for name in names}
        if len(fields) > PATHS_MAX:
            rest = fields[PATHS_MAX - 1 :]
            more = {name: sum(line[name] for line in rest) for name in names}
            fields = [*fields[: PATHS_MAX - 1], {"path": "…", **more}]
        return {"fields": fields, "totals": totals, "unknown": self.unknown()}


def _line(path: str, counts: Counter[Fate]) -> dict[str, Any]:
    by_name: Counter[str] = Counter()
    for fate, number in counts.items():
        by_name[fate.name] += number
    line: dict[str, Any] = {"path": path, "values": counts.total()}
    line |= {name: by_name[name] for name in ("kept", "aside", "dropped")}
    most = [fate for fate, number in counts.most_common() if number]
    reason = next((fate.reason for fate in most if fate.reason), None)
    to = next((fate.to for fate in most if fate.to), None)
    return line | ({"reason": reason} if reason else {}) | ({"to": to} if to else {})


def _ends(path: str) -> list[int]:
    """Return where the parts of a path end."""
    return [match.end() for match in _PARTS.finditer(path)]
