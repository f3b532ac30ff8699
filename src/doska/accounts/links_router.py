"""Endpoints: a new password by a link."""

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
    """Make a link to a new password.

    For somebody who has forgotten theirs; administrators make it, and hand it over. It is good for
    one hour and once; a further one voids it, and so does whatever changes the password of either,
    disables either, or takes the administrator's rights. For oneself there is
    `PUT /users/me/password`.
    """
    made = await password_links.make_password_link(request.app.state.settings, caller, user_id)
    response.headers["location"] = f"/users/{user_id}/password-link"
    return made


@password.post("/auth/password/reset", dependencies=[Public], status_code=HTTPStatus.NO_CONTENT)
@refuses(LinkVoid)
async def reset_password(request: Request, attempt: Attempting, body: PasswordResetIn) -> None:
    """Set a new password by a link.

    `token` is what stands after the `#` of the link. Ends all sign-ins and access tokens of the
    account. A password that is refused leaves the link as it is. Whether a link was never there,
    was used, has expired or was withdrawn, the answer is the same.
    """
    del attempt  # it was allowed, which is all
    await password_links.reset_password(request.app.state.passwords, body)
