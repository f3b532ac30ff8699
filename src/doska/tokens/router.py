"""Endpoints: one's own access tokens. Access tokens cannot use them."""

from fastapi import Request, Response

from doska.errors import LimitReached, NotFound
from doska.http.marks import refuses
from doska.http.pagination import Page, Paging, answer_page
from doska.http.responses import Json
from doska.http.routing import Router
from doska.identity.access import Person
from doska.schemas import Id
from doska.tokens import actions, queries
from doska.tokens.schemas import TokenMade, TokenNew, TokenOut

tokens = Router(prefix="/auth/tokens", tags=["accounts"])


@tokens.get("")
async def list_tokens(request: Request, caller: Person, page: Paging) -> Json[Page[TokenOut]]:
    """List your valid access tokens.

    The newest first. The tokens themselves are not shown again.
    """
    row = await queries.TOKENS.ask(caller, **page.values(queries.TOKENS_ORDER))
    return answer_page(request, row["body"])


@tokens.create("")
@refuses(LimitReached, NotFound)
async def create_token(
    request: Request, response: Response, caller: Person, body: TokenNew
) -> TokenMade:
    """Create an access token.

    For a script or an agent that works in your name; `token` is shown only once. It may do what you
    may do, restricted by its `scope` and `board_ids`: other boards do not exist for it. It cannot
    sign in, create tokens, or change password or profile. It ends when it expires or is revoked,
    with a new password, or when the account is disabled.
    """
    agent = request.headers.get("user-agent", "")
    made = await actions.create_token(request.app.state.settings, caller, body, agent)
    response.headers["location"] = f"/auth/tokens/{made.id}"
    return made


@tokens.remove("/{token_id}")
@refuses(NotFound)
async def end_token(caller: Person, token_id: Id) -> None:
    """Revoke one of your access tokens.

    At once, wherever it is in use.
    """
    await actions.end_token(caller, token_id)
