"""A snapshot in parts, so that only those that events have touched are read anew."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from doska.live.snapshot_sql import BETWEEN

_BETWEEN = BETWEEN.encode()

Card = tuple[str, str, bytes]  # the column and rank of a task, and how it is sent
Cards = dict[str, Card]  # by the id of the task


@dataclass(frozen=True, slots=True)
class Parts:
    """What a statement has read: the board without tasks, and all cards or those that are new.

    ``task_count`` is how many tasks the board has, shown or not.
    """

    head: bytes
    column_ids: Sequence[str]  # in order
    task_count: int
    touched: Sequence[str]  # ids of tasks that are gone, or among the cards
    cards: Cards

    @property
    def are_all(self) -> bool:
        """Return whether each task of the board has its card."""
        return len(self.cards) == self.task_count

    def body(self) -> bytes:
        """Put the snapshot together, with the tasks in their order."""
        places = {column_id: place for place, column_id in enumerate(self.column_ids)}
        cards = sorted([(places[column_id], rank, text)
                        for column_id, rank, text in self.cards.values()])  # fmt: skip
        beginning = b'%s, "tasks" : [' % self.head[:-1]
        if not cards:
            return beginning + b"]}"
        texts = [text for _, _, text in cards]  # joined once: to copy them costs more than to sort
        texts[0] = beginning + texts[0]
        texts[-1] += b"]}"
        return b", ".join(texts)

    def over(self, cards: Cards) -> "Parts":
        """Return all parts, by the cards as they were before."""
        kept = cards.copy()
        for task_id in self.touched:
            kept.pop(task_id, None)
        kept |= self.cards
        return Parts(self.head, self.column_ids, self.task_count, (), kept)


def parts_of(rows: Sequence[tuple[Any, ...]]) -> Parts:
    """Take the parts out of the rows that a statement gives; ``snapshot_sql`` says what they are."""
    (head, column_ids, task_count, touched), *tasks = rows
    cards: Cards = {}
    for column_id, ids, ranks, texts in tasks:
        sent = texts.encode().split(_BETWEEN)
        found = zip([column_id] * len(sent), ranks.split(), sent, strict=True)
        cards.update(zip(ids.split(), found, strict=True))
    return Parts(
        head.encode(),
        (column_ids or "").split(),
        int(task_count or 0),
        (touched or "").split(),
        cards,
    )
