"""Endpoints: registering, changing a profile, deleting an account."""

from fastapi import Request, Response

from doska.accounts import actions
from doska.accounts.actions import RegistrationClosed, TooManyChangesOfProfile
from doska.accounts.locks import Target
from doska.boards.invitations import find
from doska.errors import (
    AlreadyExists,
    Invalid,
    LimitReached,
    NotFound,
    ScopeTooSmall,
    Unauthenticated,
)
from doska.http.answers import Answer
from doska.http.marks import refuses
from doska.http.routing import Router
from doska.identity.access import AccountHolder, Public, Versions, is_bearer, signed_in
from doska.identity.attempts import Attempting
from doska.identity.links import LinkVoid
from doska.identity.router import read_account, sign_in
from doska.identity.schemas import AccountOut, UserIn, UserNew, UserPatch
from doska.schemas import Id

registration = Router(prefix="/users", tags=["accounts"])
accounts = Router(prefix="/users", tags=["users"])


@registration.create("", dependencies=[Public])
@refuses(AlreadyExists, LimitReached, LinkVoid, RegistrationClosed, ScopeTooSmall, Unauthenticated)
async def register(
    request: Request, response: Response, attempt: Attempting, body: UserNew
) -> AccountOut:
    """Register.

    Creates an account, an avatar from the username, and a private board with the columns To do, In
    progress and Done; and signs in, as `POST /auth/login` does. An administrator who is signed in
    creates an account for somebody else and stays signed in, also when registration is closed. An
    access token must have the scope `admin`, for all boards.

    `invitation` is accepted with it: either the account is created and on the board, or not
    created. If registration is closed, an invitation created by an administrator opens it.
    """
    del attempt  # it was allowed, and that is all
    state = request.app.state
    by_administrator = await _is_by_administrator(request)
    is_open = state.settings.registration == "open" or by_administrator
    await _must_be_let_in(body.invitation, is_open=is_open, by_administrator=by_administrator)
    agent = None if by_administrator else request.headers.get("user-agent", "")
    user_id, session_id = await actions.register(state.passwords, state.settings, body, agent)
    if session_id is not None:
        sign_in(request, response, user_id, session_id, is_admin=False)
    response.headers["location"] = f"/users/{user_id}"
    return await read_account(user_id)


@accounts.put("/{user_id}")
@refuses(AlreadyExists, NotFound, TooManyChangesOfProfile)
async def replace_user(
    request: Request, caller: AccountHolder, versions: Versions, user_id: Id, body: UserIn
) -> Answer[AccountOut]:
    """Replace a profile.

    One's own, or as an administrator anybody's. Boards that show the person get an event about a
    new name or picture within moments; one's own profile can be changed at most 10 times an hour.
    `is_admin` and `is_active` are for administrators only: omitted, they stay as they are. The
    password has a separate endpoint.
    """
    flags = {"is_admin", "is_active"} - body.model_fields_set
    target = Target(caller, user_id, versions)
    answer = await actions.update_account(target, body.model_dump(exclude=flags))
    request.app.state.jobs.wake()
    return answer


@accounts.patch("/{user_id}")
@refuses(AlreadyExists, NotFound, TooManyChangesOfProfile)
async def update_user(
    request: Request, caller: AccountHolder, versions: Versions, user_id: Id, body: UserPatch
) -> Answer[AccountOut]:
    """Change some of a profile.

    A merge patch: omitted fields stay; null as `avatar_url` restores the identicon.
    """
    target = Target(caller, user_id, versions)
    answer = await actions.update_account(target, body.model_dump(exclude_unset=True))
    request.app.state.jobs.wake()
    return answer


@accounts.remove("/{user_id}")
@refuses(NotFound)
async def delete_user(
    request: Request, caller: AccountHolder, versions: Versions, user_id: Id
) -> Answer[None]:
    """Delete an account.

    At once nobody finds or sees the person any more. Boards follow within moments: boards that only
    they are on are deleted; others stay, and get an event about it. The role CREATOR passes to the
    longest-standing person with the highest role: to active people before disabled ones, and to
    people with room for one more board before others. What was written stays without an author.
    """
    target = Target(caller, user_id, versions)
    answer = await actions.delete_account(target)
    request.app.state.jobs.wake()
    return answer


async def _must_be_let_in(invitation: str | None, *, is_open: bool, by_administrator: bool) -> None:
    """Refuse to register if registration is closed, unless an administrator has invited them."""
    if invitation is not None and by_administrator:
        words = "is accepted by whom it is for, and not in their place"
        raise Invalid.at("/body/invitation", "not_yours", words)
    inviter = None if invitation is None else await find(invitation)
    if not is_open and not (inviter and inviter["is_admin"]):
        raise RegistrationClosed


async def _is_by_administrator(request: Request) -> bool:
    """Return the caller: a token is taken seriously, a cookie may be an old one."""
    try:
        caller = await signed_in(request)
        is_admin = await actions.is_administrator(caller)
    except Unauthenticated:
        if is_bearer(request):
            raise
        return False
    if caller.token and not is_admin:
        raise ScopeTooSmall(
            "It cannot create accounts: that needs the scope admin, for all boards."
        )
    return is_admin
