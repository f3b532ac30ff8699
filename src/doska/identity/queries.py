"""How people are read, as SQL that builds their JSON."""

from functools import lru_cache

from doska.http.pagination import (
    KINDS_MAX,
    Order,
    Orders,
    by_text,
    found_in,
    paged,
    with_reverse,
)
from doska.identity.access import Question

# Of the user ``x``, as ``preparing.username_key`` makes it. An older release beside this one changes
# a name, and leaves its key as it was.
KEY_OF_NAME = (
    "case when x.username_key_of = x.username then x.username_key else lower(x.username) end"
)


def is_there(alias: str) -> str:
    """Check whether an account exists: of a deleted one only an empty row is left."""
    return f"{alias}.deleted_at is null"


def user_view(alias: str) -> str:
    """Build a person as shown next to what they do; null if the account was deleted."""
    return f"case when {is_there(alias)} then json_build_object({_view(alias)}) end"


def user_out(alias: str) -> str:
    """Build a person as signed-in users see them."""
    return f"json_build_object({_view(alias)}, {_more(alias)})"


def account_out(alias: str) -> str:
    """Build a person as they themselves and administrators see them."""
    private = (
        f"'email', {alias}.email, 'is_admin', {alias}.is_admin, 'is_active', {alias}.is_active"
    )
    return f"json_build_object({_view(alias)}, {_more(alias)}, {private})"


def _view(alias: str) -> str:
    return (
        f"'id', {alias}.id, 'username', {alias}.username, "
        f"'name', {alias}.name, 'avatar_url', {alias}.avatar_url"
    )


def _more(alias: str) -> str:
    return f"'version', {alias}.version, 'created_at', {alias}.created_at"


def seen_by_caller(alias: str) -> str:
    """Build a person as far as the caller may see."""
    return f"""case when u.is_admin or u.id = {alias}.id
        then {account_out(alias)} else {user_out(alias)} end"""


ME = Question(  # not ``u``: an access token does not change what the account is
    "join users x on x.id = u.id", version="x.version", body=account_out("x")
)
ONE_USER = Question(
    f"left join users x on x.id = :id_wanted and {is_there('x')}",
    version="x.version",
    body=f"case when x.id is not null then {seen_by_caller('x')} end",
)

USER_ORDERS = with_reverse(
    username=by_text("x.username"), created_at=Order("x.created_at", "timestamptz")
)

MATCHING = f"(:q::text is null or {found_in('x.username', 'x.name')})"


@lru_cache(KINDS_MAX)
def users(orders: Orders) -> Question:
    """List people, found by a part of username or name."""
    return Question(
        body=paged(
            f"from users x where {is_there('x')} and {MATCHING}",
            seen_by_caller("x"),
            orders,
            "x.id",
        )
    )


SESSIONS_ORDER = Order("x.created_at", "timestamptz", descending=True)
SESSIONS = Question(
    body=paged(
        """from sessions x where x.user_id = u.id and x.token_hash is null
            and x.revoked_at is null and x.expires_at > now()""",
        """json_build_object('id', x.id, 'created_at', x.created_at, 'expires_at', x.expires_at,
            'user_agent', x.user_agent, 'is_current', x.id = s.id)""",
        SESSIONS_ORDER,
        "x.id",
    )
)
