"""How a comment is drawn, from SQL and from a row in memory."""

from collections.abc import Mapping
from typing import Any

from doska.boards.following import following
from doska.comments.pieces import REACTIONS
from doska.comments.rows import CommentRow
from doska.comments.schemas import CommentOut
from doska.identity.queries import user_view

_NAMES = tuple(CommentOut.model_fields)


def shown_comment(
    row: CommentRow, faces: Mapping[str, Any], beside: Mapping[str, Any]
) -> dict[str, Any]:
    """Show a comment's row as ``CommentOut``; ``faces`` are people as they are shown, by id."""
    mentions = [
        {"handle": mention["handle"], "user": faces.get(mention["user_id"])}
        for mention in row["mentions"]
    ]
    author = faces.get(row["author_id"]) if row["author_id"] else None
    more = {**beside, "author": author, "mentions": mentions}
    return {name: more[name] if name in more else row[name] for name in _NAMES}  # type: ignore[literal-required]


@following()
def comment_out(alias: str) -> str:
    """Build a comment. The same as ``shown_comment``."""
    made = {
        "author": f"(select {user_view('x')} from users x where x.id = {alias}.author_id)",
        "mentions": f"""(select coalesce(json_agg(json_build_object('handle', m.one ->> 'handle',
                'user', (select {user_view("x")} from users x
                    where x.id = (m.one ->> 'user_id')::uuid)) order by m.place), '[]')
            from jsonb_array_elements({alias}.mentions) with ordinality as m (one, place))""",
        "reactions": REACTIONS.of_row(f"{alias}.id"),
    }
    named = ", ".join(f"'{name}', {made.get(name, f'{alias}.{name}')}" for name in _NAMES)
    return f"json_build_object({named})"
