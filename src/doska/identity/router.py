"""Endpoints: signing in, one's sessions, and reading about people."""

from http import HTTPStatus
from typing import Annotated

from fastapi import Request, Response
from pydantic import BeforeValidator

from doska.errors import NotFound, WrongCredentials
from doska.filters import SearchPeople, sort_keys, sorting
from doska.http.marks import refuses
from doska.http.pagination import Page, Paging, answer_page
from doska.http.parameters import any_query
from doska.http.responses import Json, Tagged
from doska.http.routing import Router
from doska.identity import actions, queries
from doska.identity.access import Person, Public, SignedIn
from doska.identity.attempts import Attempting
from doska.identity.avatars import identicon
from doska.identity.cookies import cookie_header
from doska.identity.schemas import (
    AccountOut,
    LoginIn,
    PasswordIn,
    SessionOut,
    UserOut,
)
from doska.postgres.database import fetch_row
from doska.schemas import Id, Word

auth = Router(prefix="/auth", tags=["accounts"])
me = Router(prefix="/users/me", tags=["accounts"])
users = Router(prefix="/users", tags=["users"])


# A picture opened on its own is a page: it may load nothing and run nothing.
# The second type is true as well, and understood by client generators that have no images.
PICTURE_TYPES = ("image/svg+xml", "text/xml")
PICTURE_POLICY = "default-src 'none'; base-uri 'none'; form-action 'none'; sandbox"


class UserSort(Word):
    """How people are sorted; a minus reverses the order."""

    USERNAME = "username"
    USERNAME_DOWN = "-username"
    CREATED = "created_at"
    NEWEST = "-created_at"


UserSorts = Annotated[tuple[UserSort, ...], BeforeValidator(sort_keys(UserSort)), sorting()]
BY_USERNAME = (UserSort.USERNAME,)


def sign_in(
    request: Request, response: Response, user_id: str, session_id: str, *, is_admin: bool
) -> None:
    """Set the cookie."""
    state = request.app.state
    token = state.tokens.issue(user_id, session_id, is_admin=is_admin)
    response.headers["set-cookie"] = cookie_header(state.settings, token)


@auth.post("/login", dependencies=[Public])
@refuses(WrongCredentials)
async def log_in(
    request: Request, response: Response, attempt: Attempting, body: LoginIn
) -> AccountOut:
    """Sign in.

    With username or e-mail. Sets the cookie `doska_session` (`__Host-doska_session` with https): a
    JSON Web Token, HS256, HttpOnly, SameSite=Lax. The same token works as `Authorization: Bearer`.
    Repeated failures lead to a wait before the next attempt: 429.
    """
    state, agent = request.app.state, request.headers.get("user-agent", "")
    begun = await actions.log_in(state.passwords, state.settings, attempt, body, agent)
    sign_in(request, response, begun.user_id, begun.session_id, is_admin=begun.is_admin)
    return await read_account(begun.user_id)


async def read_account(user_id: str) -> AccountOut:
    """Read an account for its owner."""
    row = await fetch_row(
        f"select {queries.account_out('u')} from users u where u.id = $1", user_id
    )
    if row is None:
        raise NotFound
    return AccountOut.model_validate_json(row[0])


@auth.post("/logout", status_code=HTTPStatus.NO_CONTENT)
async def log_out(request: Request, response: Response, caller: Person) -> None:
    """Sign out.

    Ends this session for good, wherever its token is used, and deletes the cookie.
    """
    await actions.log_out(caller)
    response.headers["set-cookie"] = cookie_header(request.app.state.settings, "")


@auth.get("/sessions")
async def list_sessions(request: Request, caller: Person, page: Paging) -> Json[Page[SessionOut]]:
    """List your valid sessions.

    The newest first.
    """
    row = await queries.SESSIONS.ask(caller, **page.values(queries.SESSIONS_ORDER))
    return answer_page(request, row["body"])


@auth.remove("/sessions/{session_id}")
@refuses(NotFound)
async def end_session(caller: Person, session_id: Id) -> None:
    """End one of your sessions."""
    await actions.end_session(caller, session_id)


@me.get("")
async def read_me(caller: SignedIn) -> Tagged[AccountOut]:
    """Read one's own account."""
    row = await queries.ME.ask(caller)
    return Tagged.of(row["body"], row["version"])


@me.put("/password", status_code=HTTPStatus.NO_CONTENT)
async def change_password(
    request: Request, caller: Person, attempt: Attempting, body: PasswordIn
) -> None:
    """Change one's password.

    Ends all other sessions, and all access tokens. Repeated failures lead to a wait before the next
    attempt: 429.
    """
    await actions.change_password(request.app.state.passwords, attempt, caller, body)


@users.get("")
async def list_users(
    request: Request,
    caller: SignedIn,
    page: Paging,
    q: SearchPeople = None,
    sort: UserSorts = BY_USERNAME,
) -> Json[Page[AccountOut | UserOut]]:
    """List people.

    `email`, `is_admin` and `is_active` are shown for oneself, and to administrators.
    """
    orders = tuple(queries.USER_ORDERS[key] for key in sort)
    row = await queries.users(orders).ask(caller, q=q, **page.values(orders))
    return answer_page(request, row["body"])


@users.get("/{user_id}")
@refuses(NotFound)
async def read_user(caller: SignedIn, user_id: Id) -> Tagged[AccountOut | UserOut]:
    """Read about somebody.

    `email`, `is_admin` and `is_active` are shown for oneself, and to administrators.
    """
    row = await queries.ONE_USER.ask(caller, id_wanted=user_id)
    if row["body"] is None:
        raise NotFound
    return Tagged.of(row["body"], row["version"])


@users.get(
    "/{user_id}/avatar.svg",
    dependencies=[Public],
    response_class=Response,
    responses={200: {"content": {t: {"schema": {"type": "string"}} for t in PICTURE_TYPES}}},
)
@any_query
async def read_avatar(request: Request, user_id: Id) -> Response:
    """Draw somebody's identicon.

    An SVG generated from the username; anybody may see and cache it. As `text/xml` for clients that
    accept that and no image.
    """
    row = await fetch_row(
        f"select x.username from users x where x.id = $1 and {queries.is_there('x')}", user_id
    )
    if row is None:
        raise NotFound
    picture, text = PICTURE_TYPES
    accepted = request.headers.get("accept", "")
    media_type = text if text in accepted and "image/" not in accepted else picture
    headers = {
        "vary": "Accept, Origin",
        "cache-control": "public, max-age=3600",
        "content-security-policy": PICTURE_POLICY,
        "cross-origin-resource-policy": "cross-origin",
    }
    return Response(identicon(row["username"]), media_type=media_type, headers=headers)
