"""What is shown with a comment: the reactions to it."""

from collections.abc import Sequence
from typing import Any

from doska.boards.kinds import Row
from doska.boards.pieces import Faces, piece
from doska.comments.schemas import ReactionOut

# By emoji, in the order of the first of each; the aggregates are those of the rows outside.
_GROUPED = """(select json_agg(json_build_object(
        'emoji', g.emoji, 'count', g.count, 'user_ids', g.user_ids) order by g.first)
    from (select e.emoji, count(*) as count, json_agg(e.user_id order by e.place) as user_ids,
            min(e.place) as first
        from unnest(array_agg(x.emoji order by x.id), array_agg(x.user_id order by x.id))
            with ordinality as e (emoji, user_id, place)
        group by e.emoji) g)"""


def _grouped(rows: Sequence[Row], _: Faces) -> list[dict[str, Any]]:
    people: dict[str, list[str]] = {}
    for row in rows:
        people.setdefault(row["emoji"], []).append(row["user_id"])
    return [{"emoji": e, "count": len(ids), "user_ids": ids} for e, ids in people.items()]


REACTIONS = piece(
    "reactions",
    of="comments",
    source="comment_reactions",
    key="comment_id",
    agg=_GROUPED,
    drawn=_grouped,
    empty=[],
    field=list[ReactionOut],
    uses=("emoji", "user_id"),
)
