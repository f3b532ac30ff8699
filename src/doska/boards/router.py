"""Endpoints: boards and their people."""

from typing import Annotated, Any

from fastapi import Request
from pydantic import BeforeValidator

from doska.boards import actions, deleting, people, queries
from doska.boards.access import (
    BoardEditor,
    BoardLeaver,
    BoardMaker,
    BoardOwner,
    BoardViewer,
    ForAdministrators,
    PeopleManager,
    ask_for_list,
)
from doska.boards.people import AccountDisabled, HandOverFirst, MustAccept
from doska.boards.schemas import (
    BoardIn,
    BoardListed,
    BoardNew,
    BoardOut,
    BoardPatch,
    PersonIn,
    PersonNew,
    PersonOut,
)
from doska.errors import AlreadyExists, LimitReached, NotFound
from doska.filters import (
    Archived,
    ArchivedFilter,
    Search,
    Visibility,
    VisibilityFilter,
    sort_keys,
    sorting,
)
from doska.http.answers import Answer
from doska.http.marks import refuses
from doska.http.pagination import Page, Paging, answer_page
from doska.http.responses import Json, Tagged
from doska.http.routing import Router
from doska.identity.access import SignedIn
from doska.schemas import Id, Word

boards = Router(prefix="/boards", tags=["boards"])
board_people = Router(prefix="/boards/{board_id}/users", tags=["people of a board"])
boards_of_user = Router(prefix="/users", tags=["boards"])


class BoardSort(Word):
    """How boards are sorted; a minus reverses the order."""

    CREATED = "created_at"
    NEWEST = "-created_at"
    TITLE = "title"
    TITLE_DOWN = "-title"


BoardSorts = Annotated[tuple[BoardSort, ...], BeforeValidator(sort_keys(BoardSort)), sorting()]
BY_CREATION = (BoardSort.CREATED,)


@boards.get("")
@refuses(ForAdministrators)
async def list_boards(
    request: Request,
    caller: SignedIn,
    page: Paging,
    q: Search = None,
    archived: ArchivedFilter = Archived.NO,
    visibility: VisibilityFilter = None,
    sort: BoardSorts = BY_CREATION,
) -> Json[Page[BoardListed]]:
    """List your boards.

    Those you created and those you were added to, for administrators too, unless `visibility` asks
    for more.
    """
    orders = tuple(queries.BOARD_ORDERS[key] for key in sort)
    wanted = visibility or Visibility.MINE
    question, values = queries.boards(orders, wanted), page.values(orders)
    row = await ask_for_list(question, caller, wanted, q=q, archived=archived, **values)
    return answer_page(request, row["body"])


@boards.create("")
@refuses(AlreadyExists, LimitReached)
async def create_board(access: BoardMaker, body: BoardNew) -> Answer[BoardOut]:
    """Create a board.

    The caller becomes its CREATOR. `columns` are the titles of its first columns, from left to
    right.
    """
    return await actions.create_board(access, body)


@boards.get("/{board_id}")
async def read_board(access: BoardViewer) -> Tagged[BoardOut]:
    """Read a board.

    `role` is the caller's own; null on a public board that the caller is not on.
    """
    return Tagged.of(*await queries.ONE_BOARD.show(access))


@boards.put("/{board_id}")
async def replace_board(access: BoardEditor, body: BoardIn) -> Answer[BoardOut]:
    """Replace a board's fields.

    Omitted fields get their defaults. The key stays.
    """
    return await actions.update_board(access, body.model_dump())


@boards.patch("/{board_id}")
async def update_board(access: BoardEditor, body: BoardPatch) -> Answer[BoardOut]:
    """Change some of a board's fields.

    A merge patch: omitted fields stay; null clears what can be empty.
    """
    return await actions.update_board(access, body.model_dump(exclude_unset=True))


@boards.remove("/{board_id}")
async def delete_board(access: BoardOwner) -> Answer[None]:
    """Delete a board.

    With everything on it, including its history. This cannot be undone: archiving hides a board and
    keeps it.
    """
    return await deleting.delete_board(access)


@boards_of_user.get("/{user_id}/boards")
@refuses(NotFound)
async def list_boards_of_user(
    request: Request,
    caller: SignedIn,
    user_id: Id,
    page: Paging,
    q: Search = None,
    archived: ArchivedFilter = Archived.NO,
    sort: BoardSorts = BY_CREATION,
) -> Json[Page[BoardListed]]:
    """List the boards that somebody is on.

    Only those that the caller may also see. `role` is the caller's role, not that person's.
    """
    orders = tuple(queries.BOARD_ORDERS[key] for key in sort)
    values: dict[str, Any] = {"q": q, "archived": archived, "person_id": user_id}
    row = await queries.boards_of(orders).ask(caller, **values, **page.values(orders))
    if not row["exists"]:
        raise NotFound
    return answer_page(request, row["body"])


@board_people.get("")
async def list_people(request: Request, access: BoardViewer, page: Paging) -> Json[Page[PersonOut]]:
    """List the people of a board.

    With their roles, in the order in which they joined.
    """
    values = page.values(queries.PEOPLE_ORDER)
    return answer_page(request, *await queries.PEOPLE.read(access, **values))


@board_people.create("")
@refuses(AlreadyExists, LimitReached, MustAccept)
async def add_person(access: PeopleManager, body: PersonNew) -> Answer[PersonOut]:
    """Add somebody to a board.

    A CREATOR and a MODERATOR can add people, in a role lower than their own. People who left the
    board, or were removed, return only by accepting an invitation: 409 `must-accept`.
    """
    return await people.add_person(access, body)


@board_people.get("/{user_id}")
async def read_person(access: BoardViewer, user_id: Id) -> Tagged[PersonOut]:
    """Read somebody's role on a board."""
    return Tagged.of(*await queries.ONE_PERSON.show(access, person_id=user_id))


@board_people.put("/{user_id}")
@refuses(AccountDisabled, HandOverFirst, LimitReached)
async def set_role(access: PeopleManager, user_id: Id, body: PersonIn) -> Answer[PersonOut]:
    """Set somebody's role on a board.

    From a role lower than one's own to a role lower than one's own. The CREATOR transfers the board
    by giving somebody else the role CREATOR, and becomes a MODERATOR.
    """
    return await people.set_role(access, user_id, body.role)


@board_people.remove("/{user_id}")
@refuses(HandOverFirst)
async def remove_person(access: BoardLeaver, user_id: Id) -> Answer[None]:
    """Remove somebody from a board, or leave it.

    Everybody may leave except the CREATOR, who must transfer the board first. Others are removed by
    people with a higher role. The person's assignments end; what they wrote stays.
    """
    return await people.remove_person(access, user_id)
