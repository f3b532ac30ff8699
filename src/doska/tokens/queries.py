"""How access tokens are read, as SQL that builds their JSON."""

from doska.boards.access import VISIBLE_BOARDS
from doska.http.pagination import Order, paged
from doska.identity.access import Question
from doska.identity.access_tokens import Scope

VIEW = f"""json_build_object('id', x.id, 'name', x.name, 'scope',
    case when x.scope in ('{Scope.WRITE}', '{Scope.ADMIN}') then x.scope else '{Scope.READ}' end,
    'board_ids', x.board_ids, 'created_at', x.created_at,
    'expires_at', nullif(x.expires_at, 'infinity'), 'last_used_at', x.last_used_at)"""
OWN_TOKENS = """from sessions x where x.user_id = u.id and x.token_hash is not null
    and x.revoked_at is null and x.expires_at > now()"""

TOKENS_ORDER = Order("x.created_at", "timestamptz", descending=True)
TOKENS = Question(body=paged(OWN_TOKENS, VIEW, TOKENS_ORDER, "x.id"))

MAKING = Question(
    count=f"(select count(*) {OWN_TOKENS})",
    boards=f"""(select count(*) from boards y
        where y.id = any(:board_ids::uuid[]) and y.id in ({VISIBLE_BOARDS}))""",
)
