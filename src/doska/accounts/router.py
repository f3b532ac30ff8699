"""Endpoints: registering, changing a profile, deleting an account."""

from fastapi import Request, Response

from doska.accounts import actions
from doska.accounts.actions import RegistrationClosed
from doska.accounts.locks import Target
from doska.answers import Answer
from doska.errors import AlreadyExists, Forbidden, NotFound, Unauthenticated
from doska.identity.access import AccountHolder, Public, Versions, signed_in
from doska.identity.attempts import Attempting
from doska.identity.router import read_account, sign_in
from doska.identity.schemas import AccountOut, UserIn, UserNew, UserPatch
from doska.routing import Router, refuses
from doska.schemas import Id

registration = Router(prefix="/users", tags=["accounts"])
accounts = Router(prefix="/users", tags=["users"])


@registration.create("", dependencies=[Public])
@refuses(AlreadyExists, RegistrationClosed)
async def register(
    request: Request, response: Response, attempt: Attempting, body: UserNew
) -> AccountOut:
    """Register.

    Makes an account, an avatar from the username, and a private board with the columns To do, In
    progress and Done; and signs in, as `POST /auth/login` does. An administrator who is signed in
    makes an account for somebody else and stays who they are, also when registration is closed.
    """
    del attempt  # it was allowed, which is all
    state = request.app.state
    by_administrator = await _is_administrator(request)
    if state.settings.registration == "closed" and not by_administrator:
        raise RegistrationClosed
    agent = None if by_administrator else request.headers.get("user-agent", "")
    user_id, session_id = await actions.register(state.passwords, state.settings, body, agent)
    if session_id is not None:
        sign_in(request, response, user_id, session_id, is_admin=False)
    response.headers["location"] = f"/users/{user_id}"
    return await read_account(user_id)


@accounts.put("/{user_id}")
@refuses(AlreadyExists, NotFound)
async def replace_user(
    caller: AccountHolder, versions: Versions, user_id: Id, body: UserIn
) -> Answer[AccountOut]:
    """Replace a profile.

    One's own, or as an administrator anybody's. `is_admin` and `is_active` are for administrators
    only: left out, they stay as they are. The password has an endpoint of its own.
    """
    flags = {"is_admin", "is_active"} - body.model_fields_set
    target = Target(caller, user_id, versions)
    return await actions.update_account(target, body.model_dump(exclude=flags))


@accounts.patch("/{user_id}")
@refuses(AlreadyExists, NotFound)
async def update_user(
    caller: AccountHolder, versions: Versions, user_id: Id, body: UserPatch
) -> Answer[AccountOut]:
    """Change some of a profile.

    A merge patch: what is left out stays; null as `avatar_url` brings the identicon back.
    """
    target = Target(caller, user_id, versions)
    return await actions.update_account(target, body.model_dump(exclude_unset=True))


@accounts.remove("/{user_id}")
@refuses(NotFound)
async def delete_user(caller: AccountHolder, versions: Versions, user_id: Id) -> Answer[None]:
    """Delete an account.

    Boards where the person is alone go with it. Others stay: the role CREATOR passes to the
    longest-standing person of the highest role, and what was written stays without an author.
    """
    return await actions.delete_account(Target(caller, user_id, versions))


async def _is_administrator(request: Request) -> bool:
    try:
        return await actions.is_administrator(await signed_in(request))
    except (Unauthenticated, Forbidden):
        return False
