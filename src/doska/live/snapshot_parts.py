"""A snapshot in parts, so that only those that events have touched are read anew."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from doska.live.snapshot_sql import BETWEEN

_BETWEEN = BETWEEN.encode()

Card = tuple[str, str, bytes]  # the column and rank of a task, and how it is sent
Cards = dict[str, Card]  # by the id of the task


@dataclass(frozen=True, slots=True)
class Parts:
    """What a statement has read: the board without tasks, and all cards or those that are new.

    ``task_count`` is how many tasks the board has, shown or not. Where nothing but tasks is new there
    is no ``head``, which has neither number nor position; nor what comes with it.
    """

    head: bytes
    column_ids: Sequence[str]  # in order
    task_count: int
    touched: Sequence[str]  # ids of tasks that are gone, or among the cards
    cards: Cards
    are_in_order: bool = False  # the cards: as they are sent

    @property
    def are_all(self) -> bool:
        """Return whether each task of the board has its card."""
        return len(self.cards) == self.task_count

    def body(self, seq: int, position: str) -> bytes:
        """Put the snapshot together, as of an event; the cards must be in order."""
        beginning = b'{"seq" : %d, "position" : "%s", %s, "tasks" : [' % (
            seq, position.encode(), self.head[1:-1]
        )  # fmt: skip
        texts = [text for _, _, text in self.cards.values()]
        if not texts:
            return beginning + b"]}"
        texts[0] = beginning + texts[0]  # joined once: to copy them costs more than all else
        texts[-1] += b"]}"
        return b", ".join(texts)

    def in_order(self) -> "Parts":
        """Return them with the cards by columns and ranks."""
        if self.are_in_order:
            return self
        places = {column_id: place for place, column_id in enumerate(self.column_ids)}

        def place_of(item: tuple[str, Card]) -> tuple[int, str]:
            _, (column_id, rank, _) = item
            return places[column_id], rank

        return replace(
            self, cards=dict(sorted(self.cards.items(), key=place_of)), are_in_order=True
        )

    def over(self, base: "Parts") -> "Parts":
        """Return all parts, by those as they were before; in order if nothing has come or moved."""
        if not self.head:
            whole = replace(
                self, head=base.head, task_count=base.task_count, column_ids=base.column_ids
            )
            return whole.over(base)
        kept = base.cards.copy()
        are_in_order = base.are_in_order and base.column_ids == self.column_ids
        for task_id in self.touched:
            old, new = kept.get(task_id), self.cards.get(task_id)
            if new is None:
                kept.pop(task_id, None)
            elif old is None or old[:2] != new[:2]:
                are_in_order = False
        kept |= self.cards  # where the old ones were
        return replace(self, touched=(), cards=kept, are_in_order=are_in_order)


def parts_of(rows: Sequence[tuple[Any, ...]]) -> Parts:
    """Take the parts out of the rows that a statement gives; ``snapshot_sql`` says what they are."""
    (head, column_ids, task_count, touched), *tasks = rows
    cards: Cards = {}
    for column_id, ids, ranks, texts in tasks:
        sent = texts.encode().split(_BETWEEN)
        found = zip([column_id] * len(sent), ranks.split(), sent, strict=True)
        cards.update(zip(ids.split(), found, strict=True))
    return Parts(
        (head or "").encode(),
        (column_ids or "").split(),
        int(task_count or 0),
        (touched or "").split(),
        cards,
    )
