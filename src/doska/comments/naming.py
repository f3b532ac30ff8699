"""Who the people are whom a comment mentions: those on the board who have these names now."""

from collections.abc import Iterable, Sequence
from typing import Any

from doska.boards.pieces import Faces
from doska.comments.mentions import handles_in
from doska.comments.rows import Mentioned
from doska.identity.queries import KEY_OF_NAME, is_there, user_view
from doska.postgres.database import among
from doska.preparing import username_key

NAMED = f"""(select coalesce(json_agg(json_build_object('key', {KEY_OF_NAME}, 'user', {user_view("x")})),
        '[]') from board_users p join users x on x.id = p.user_id and {is_there("x")}
    where p.board_id = b.id and {KEY_OF_NAME} = any(:handles::text[]))"""
_SHOWN = """select o.author_id
    union all select (m ->> 'user_id')::uuid from jsonb_array_elements(o.mentions) m"""
# Everybody who is shown with the comment ``o``.
FACES = f"""(select coalesce(json_object_agg(x.id, {user_view("x")}), '{{}}') from users x
    where {is_there("x")} and {among("x.id", _SHOWN)})"""


def keys_of(body: str) -> list[str]:
    """Return the keys of the usernames that a text mentions."""
    return [username_key(handle) for handle in handles_in(body)]


def resolved(
    body: str, named: Iterable[dict[str, Any]], before: Sequence[Mentioned]
) -> tuple[list[Mentioned], Faces]:
    """Return whom a text mentions, each person once, and how they are shown.

    ``named`` are people of the board with their keys. Whom the text has mentioned ``before`` it
    still mentions, whatever they are called now.
    """
    people = {person["key"]: person["user"] for person in named}
    known = {mention["handle"].casefold(): mention["user_id"] for mention in before}
    found: dict[str, Mentioned] = {}
    for handle in handles_in(body):
        person = people.get(username_key(handle))
        user_id = known.get(handle.casefold()) or (person and person["id"])
        if user_id:
            found.setdefault(user_id, {"handle": handle, "user_id": user_id})
    return list(found.values()), {person["id"]: person for person in people.values()}
