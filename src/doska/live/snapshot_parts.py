"""A snapshot in parts, so that only those that events have touched are read anew."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

_TEXTS = list[str]  # four of them, see ``snapshot_sql``


class Card(NamedTuple):
    """A task as it is sent, and where it stands."""

    column_id: str
    rank: str
    text: bytes


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
        cards = sorted(self.cards.values(), key=lambda card: (places[card.column_id], card.rank))
        beginning = b'%s, "tasks" : [' % self.head[:-1]
        if not cards:
            return beginning + b"]}"
        texts = [card.text for card in cards]  # joined once: to copy them costs more than to sort
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


def parts_of(rows: Sequence[_TEXTS | list[str | None]]) -> Parts:
    """Take the parts out of what the statement gives."""
    (head, column_ids, task_count, touched), *tasks = rows
    cards = {
        str(task_id): Card(str(column_id), str(rank), str(text).encode())
        for task_id, column_id, rank, text in tasks
    }
    return Parts(
        str(head).encode(),
        (column_ids or "").split(),
        int(task_count or 0),
        (touched or "").split(),
        cards,
    )
