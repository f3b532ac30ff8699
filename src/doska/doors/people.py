"""Who of this server somebody in a file is: only those whom the importer can see anyway."""

from typing import Any

from doska.errors import Invalid
from doska.identity.access import Caller, Fetch, Question, within
from doska.postgres.database import json_of
from doska.texts import pointer

# Oneself, people of one's boards, and for administrators everybody; with a token for certain boards
# only people of these.
_CIRCLE = f"""(x.id = u.id or u.is_admin or exists (
    select from board_users a join board_users o on o.board_id = a.board_id
    where a.user_id = u.id and o.user_id = x.id and {within("a.board_id")}))"""
_THERE = "x.deleted_at is null and x.is_active"
CIRCLE = Question(
    found=f"""(select coalesce(json_agg(json_build_object('id', x.id, 'username', x.username,
            'email', case when x.id = u.id or u.is_admin then x.email end)), '[]')
        from users x where {_THERE} and {_CIRCLE} and (
            lower(x.username) = any(:usernames::text[]) or lower(x.email) = any(:emails::text[])
            or x.id = any(:ids::uuid[])))"""
)


async def matched(
    fetch: Fetch,
    caller: Caller,
    people: list[dict[str, Any]],
    *,
    matches: bool,
    named: dict[str, str],
) -> dict[str, str]:
    """Give the accounts of the source's people, by their ids there; what is ``named`` wins."""
    usernames = [p["username"].lower() for p in people if p["username"]] if matches else []
    emails = [p["email"].lower() for p in people if p["email"]] if matches else []
    row = await CIRCLE.ask(
        caller, fetch, usernames=usernames, emails=emails,
        ids=list(set(named.values())),
    )  # fmt: skip
    found = json_of(row["found"])
    by_id = {user["id"] for user in found}
    by_name = {user["username"].lower(): user["id"] for user in found}
    by_email = {user["email"].lower(): user["id"] for user in found if user["email"]}
    _check_named(named, by_id)
    if not matches:
        return dict(named)
    known: dict[str, str] = {}
    for person in people:
        email, username = (person["email"] or "").lower(), (person["username"] or "").lower()
        if user := by_email.get(email) or by_name.get(username):
            known[person["id"]] = user
    return {**known, **named}


async def check_named(fetch: Fetch, caller: Caller, named: dict[str, str]) -> None:
    """Refuse to name whom the caller does not know, while nothing has been begun."""
    row = await CIRCLE.ask(caller, fetch, usernames=[], emails=[], ids=list(set(named.values())))
    _check_named(named, {user["id"] for user in json_of(row["found"])})


def _check_named(named: dict[str, str], known: set[str]) -> None:
    if strangers := [source for source, user in named.items() if user not in known]:
        words = "should be somebody on one of your boards"
        raise Invalid.at(pointer("body", "people", strangers[0]), "unknown_person", words)
