"""Endpoints: links to a board. Access tokens cannot use them: only people let people in."""

from typing import Annotated

from fastapi import Depends, Request, Response

from doska.boards import invitations
from doska.boards.access import BOARD, Access, Anchor
from doska.boards.invitations import INVITATION
from doska.boards.policy import Right
from doska.boards.schemas import (
    BoardReached,
    InvitationMade,
    InvitationNew,
    InvitationOut,
    InvitationShown,
    InvitationToken,
)
from doska.errors import AlreadyExists, LimitReached
from doska.http.marks import refuses, rule
from doska.http.pagination import Page, Paging, answer_page
from doska.http.responses import ANSWER_HEADERS, Json
from doska.http.routing import Router
from doska.identity.access import Caller, Person, Public
from doska.identity.attempts import Attempting
from doska.identity.links import LinkVoid
from doska.schemas import Id

inviting = Router(tags=["people of a board"])

TOLD = {name: ANSWER_HEADERS[name] for name in ("Doska-Seq", "Doska-Event")}


def _access(request: Request, caller: Caller, anchor: Anchor, anchor_id: str) -> Access:
    limits = request.app.state.board_limits
    return Access(caller, Right.MANAGE_PEOPLE, anchor, anchor_id, limits=limits)


@rule("role", right=Right.MANAGE_PEOPLE, on="board", **{"in": "path.board_id"})
async def _of_board(request: Request, caller: Person, board_id: Id) -> Access:
    return _access(request, caller, BOARD, board_id)


@rule("role", right=Right.MANAGE_PEOPLE, on="invitation", **{"in": "path.invitation_id"})
async def _of_invitation(request: Request, caller: Person, invitation_id: Id) -> Access:
    return _access(request, caller, INVITATION, invitation_id)


Inviter = Annotated[Access, Depends(_of_board)]
Withdrawer = Annotated[Access, Depends(_of_invitation)]


@inviting.get("/boards/{board_id}/invitations")
async def list_invitations(
    request: Request, access: Inviter, page: Paging
) -> Json[Page[InvitationOut]]:
    """List the valid invitations to a board.

    The newest first. The links are not shown again.
    """
    values = page.values(invitations.ORDER)
    return answer_page(request, *await invitations.INVITATIONS.read(access, **values))


@inviting.create("/boards/{board_id}/invitations")
@refuses(LimitReached)
async def create_invitation(
    request: Request, response: Response, access: Inviter, body: InvitationNew
) -> InvitationMade:
    """Create a link for joining a board.

    In a role lower than one's own; also for people without an account. `url` is shown only once. It
    works once, within 7 days. A new password voids all links that one has created, and so does
    losing the right to add somebody in that role.
    """
    settings = request.app.state.settings
    made = await invitations.invite(access, body.role, settings.public_url)
    response.headers["location"] = f"/invitations/{made.id}"
    return made


@inviting.remove("/invitations/{invitation_id}")
async def withdraw_invitation(access: Withdrawer) -> None:
    """Withdraw an invitation.

    To a role lower than one's own, whoever created it.
    """
    await invitations.withdraw(access)


@inviting.post("/invitations/open", dependencies=[Public])
@refuses(LinkVoid)
async def open_invitation(attempt: Attempting, body: InvitationToken) -> InvitationShown:
    """Look where an invitation leads.

    Changes nothing. `token` is the part after the `#` of the link. Unknown, used, expired and
    withdrawn links get the same response.
    """
    del attempt  # it was allowed, and that is all
    return await invitations.show(body.token)


@inviting.post("/invitations/accept", responses={200: {"headers": TOLD}})
@refuses(AlreadyExists, LimitReached, LinkVoid)
async def accept_invitation(
    request: Request, response: Response, caller: Person, body: InvitationToken
) -> BoardReached:
    """Accept an invitation.

    It changes no role: for somebody already on the board it is 409, and the link stays valid. It is
    not valid for people who left the board, or were removed, after it was created.
    """
    opened = await invitations.accept(caller, request.app.state.board_limits, body.token)
    response.headers.update(opened.result.headers)
    return BoardReached(board_id=opened.board["id"])
