"""Endpoints: a new password with a link."""

from http import HTTPStatus

from fastapi import Request, Response

from doska.accounts import password_links
from doska.accounts.password_links import NotForOneself
from doska.accounts.schemas import PasswordLinkOut, PasswordResetIn
from doska.boards.access import ForAdministrators
from doska.boards.people import AccountDisabled
from doska.errors import NotFound
from doska.http.marks import refuses
from doska.http.routing import Router
from doska.identity.access import Person, Public
from doska.identity.attempts import Attempting
from doska.identity.links import LinkVoid
from doska.schemas import Id

password = Router(tags=["accounts"])


@password.create("/users/{user_id}/password-link")
@refuses(AccountDisabled, ForAdministrators, NotFound, NotForOneself)
async def create_password_link(
    request: Request, response: Response, caller: Person, user_id: Id
) -> PasswordLinkOut:
    """Create a link for setting a new password.

    For somebody who has forgotten theirs; administrators create it, and pass it on. It works once,
    within one hour; a new link voids it, and so does changing the password of either person,
    disabling either, or revoking the administrator's rights. For yourself use `PUT
    /users/me/password`.
    """
    made = await password_links.make_password_link(request.app.state.settings, caller, user_id)
    response.headers["location"] = f"/users/{user_id}/password-link"
    return made


@password.post("/auth/password/reset", dependencies=[Public], status_code=HTTPStatus.NO_CONTENT)
@refuses(LinkVoid)
async def reset_password(request: Request, attempt: Attempting, body: PasswordResetIn) -> None:
    """Set a new password with a link.

    `token` is the part after the `#` of the link. Ends all sessions and access tokens of the
    account. If the password is refused, the link stays valid. Unknown, used, expired and withdrawn
    links get the same response.
    """
    del attempt  # it was allowed, and that is all
    await password_links.reset_password(request.app.state.passwords, body)
