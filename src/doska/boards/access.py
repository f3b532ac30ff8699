"""How the policy is asked of the database.

An endpoint declares the right it needs by the type of a parameter; the value it gets is an
``Access``, which reads and actions judge in the same statement that answers them.
"""

import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Annotated, Any

import asyncpg
from fastapi import Depends, Request

from doska.boards.following import following
from doska.boards.limits import USUAL, Limits
from doska.boards.models import known_role
from doska.boards.policy import Right, Standing
from doska.boards.turns import Turns
from doska.errors import Forbidden, NotFound, PreconditionFailed
from doska.filters import Visibility
from doska.http.answers import NONE, Conditions, KeyInUse, KeyReused, conditions_of
from doska.http.describing import SAFE_METHODS
from doska.http.marks import accepts, refuses, rule
from doska.identity.access import (
    Caller,
    Fetch,
    Question,
    SignedIn,
    signed_in,
    within,
)
from doska.postgres.database import fetch_row, json_of
from doska.postgres.together import fetch_together
from doska.schemas import Id


class ForAdministrators(Forbidden):
    """Only administrators may request this."""


@dataclass(frozen=True)
class Anchor:
    """A kind of object by whose id a board is found.

    ``joins`` bring in the object and its board ``b`` for reading; ``board_of`` finds the board's
    id for locking. In both ``:anchor_id`` is the object's id.
    """

    name: str
    joins: str
    board_of: str


BOARD = Anchor("board", "left join boards b on b.id = :anchor_id", "select :anchor_id::uuid")

VISIBLE = f"({within('b.id')} and (b.is_public or m.role is not null or u.is_admin_of_boards))"
# In branches: with an ``or`` all boards would be read for everybody.
VISIBLE_BOARDS = f"""
    select id from boards where {within("id")} and is_public
    union select id from boards where {within("id")} and u.is_admin_of_boards
    union select board_id from board_users where {within("board_id")} and user_id = u.id"""


_MINE = f"select board_id from board_users where {within('board_id')} and user_id = u.id"
LISTED_BOARDS = {  # whose boards a list is of; None is what a request names, as far as one may see
    None: VISIBLE_BOARDS,
    Visibility.MINE: _MINE,
    Visibility.PUBLIC: f"select id from boards where {within('id')} and is_public union {_MINE}",
    Visibility.ALL: f"select id from boards where {within('id')} and u.is_admin_of_boards",
}
# The same as the last, of a row ``y`` of boards: the list is read in its order by an index, and no
# further than its page. ``case``, because of ``within`` the planner expects that next to no row fits.
ON_ALL_BOARDS = """u.is_admin_of_boards
    and case when s.board_ids is null then true else y.id = any(s.board_ids) end"""


async def ask_for_list(
    question: Question, caller: Caller, visibility: Visibility | None, **values: Any
) -> asyncpg.Record:
    """Ask for a list of ``LISTED_BOARDS``; refuses all of them to those who are no administrators."""
    row = await question.ask(caller, **values)
    if visibility is Visibility.ALL and not row["is_admin_of_boards"]:
        raise ForAdministrators
    return row


@dataclass(frozen=True, slots=True)
class Access:
    """What somebody wants to do with what; nothing is granted until a Judgement says so."""

    caller: Caller
    right: Right
    anchor: Anchor
    anchor_id: str = ""
    conditions: Conditions = NONE
    limits: Limits = USUAL
    turns: Turns | None = None

    def at(self, anchor_id: str) -> "Access":
        """Name the object, where the request's body does and not its path."""
        return replace(self, anchor_id=anchor_id)


Part = str | Callable[[], str]


def written(part: Part) -> str:
    """Return a part's SQL."""
    return part if isinstance(part, str) else part()


_STANDING = {"role": "m.role", "is_public": "b.is_public", "is_admin_here": "u.is_admin_of_boards"}
REACHED = {  # of a board beyond an access token nothing is told, not even that it exists
    name: f"case when {within('b.id')} then {sql} end" for name, sql in _STANDING.items()
}


def standing_of(row: Mapping[str, Any], right: Right) -> Standing:
    """Judge by what was read: 404 or 403, or what they are on the board."""
    found = row["is_public"] is not None
    role = known_role(row["role"]) if row["role"] else None
    standing = Standing(role, found and row["is_admin_here"], bool(row["is_public"]))
    standing.require(right)
    return standing


class Judgement:
    """One SQL statement that judges an Access and reads what the answer or the action needs.

    ``parts`` are SQL expressions giving JSON, by name; they may use ``b`` (the board), ``m`` (the
    caller's place on it), ``u`` (the caller), the anchor's own alias, and values as ``:name``. One
    that follows from the declarations of kinds is a function that writes it.
    """

    def __init__(self, anchor: Anchor, **parts: Part) -> None:
        self.anchor = anchor
        self.parts = tuple(parts)
        self._parts = parts
        self._question = following()(self._write)

    def _write(self) -> Question:
        anchor, parts = self.anchor, {"seq": "b.seq", **self._parts}  # which every answer tells
        joins = f"{anchor.joins} left join board_users m on m.board_id = b.id and m.user_id = u.id"
        guarded = {
            name: f"case when {VISIBLE} then {written(part)} end" for name, part in parts.items()
        }
        return self._asking(joins, {**REACHED, **guarded})

    def _asking(self, joins: str, parts: dict[str, str]) -> Question:
        return Question(joins, **parts)

    async def ask(
        self, access: Access, fetch: Fetch = fetch_row, **values: Any
    ) -> tuple[Standing, asyncpg.Record]:
        """Judge: 401, 404 or 403, or the standing and the row of parts."""
        if access.anchor is not self.anchor:
            raise TypeError(
                f"{access.anchor.name} is judged by a question about {self.anchor.name}"
            )
        values["anchor_id"] = access.anchor_id
        row = await self._question().ask(access.caller, fetch, **values)
        return standing_of(row, access.right), row

    async def read(self, access: Access, **values: Any) -> tuple[str, int]:
        """Judge, and give the JSON text of the part ``body``, and the board's number then."""
        _, row = await self.ask(access, **values)
        if row["body"] is None:
            raise NotFound
        return row["body"], row["seq"]

    async def load(self, access: Access, fetch: Fetch, **values: Any) -> tuple[Standing, "Parts"]:
        """Judge, and give the parts as Python values."""
        standing, row = await self.ask(access, fetch, **values)
        return standing, {name: json_of(row[name]) for name in self.parts}


Parts = dict[str, Any]


class Reading(Judgement):
    """A Judgement that reads one object with its version; ``version`` and ``body`` are SQL."""

    def __init__(self, anchor: Anchor, version: str, body: Part) -> None:
        super().__init__(anchor, version=version, body=body)
        self.version = version

    async def show(
        self, access: Access, fetch: Fetch = fetch_together, **values: Any
    ) -> tuple[str, str, int]:
        """Judge, and give the object's JSON text, its version, and the board's number then."""
        _, row = await self.ask(access, fetch, **values)
        if row["body"] is None:
            raise NotFound
        return row["body"], str(row["version"]), row["seq"]


def requires(
    right: Right, anchor: Anchor, *, in_body: str | None = None, is_streamed: bool = False
) -> Any:
    """Declare the right that an endpoint needs on the object its path (or its body) names.

    A body that ``is_streamed`` is not read here, and not part of what identifies the request.
    """
    body = b"" if is_streamed else None
    by = {"in": f"body.{in_body}"} if in_body else {"in": f"path.{anchor.name}_id"}

    @refuses(PreconditionFailed, KeyInUse, KeyReused)
    @accepts("If-Match", "If-None-Match", "Idempotency-Key", "Prefer")
    @rule("role", right=right, on=anchor.name, **by)
    async def access(request: Request, **ids: str) -> Access:
        caller = await signed_in(request)  # to have it injected would cost as much again
        is_safe = request.method in SAFE_METHODS
        conditions = NONE if is_safe else await conditions_of(request, body)
        anchor_id = next(iter(ids.values()), "")
        limits, turns = request.app.state.board_limits, request.app.state.turns
        return Access(caller, right, anchor, anchor_id, conditions, limits, turns)

    parameters: dict[str, Any] = {"request": Request}
    return Depends(
        _with_parameters(access, parameters if in_body else {**parameters, f"{anchor.name}_id": Id})
    )


@refuses(KeyInUse, KeyReused, PreconditionFailed)
@accepts("Idempotency-Key", "Prefer")
@rule("signed-in")
async def _board_maker(request: Request, caller: SignedIn) -> Access:
    conditions, limits = await conditions_of(request), request.app.state.board_limits
    return Access(caller, Right.OWN, BOARD, conditions=conditions, limits=limits)


def _with_parameters(
    function: Callable[..., Any], parameters: dict[str, Any]
) -> Callable[..., Any]:
    """Give a function the parameters that FastAPI is to see."""
    kind = inspect.Parameter.KEYWORD_ONLY
    function.__signature__ = inspect.Signature(  # type: ignore[attr-defined]
        [inspect.Parameter(name, kind, annotation=hint) for name, hint in parameters.items()]
    )
    return function


BoardViewer = Annotated[Access, requires(Right.VIEW, BOARD)]
HistoryViewer = Annotated[Access, requires(Right.VIEW_HISTORY, BOARD)]
BoardEditor = Annotated[Access, requires(Right.EDIT_BOARD, BOARD)]
BoardOwner = Annotated[Access, requires(Right.OWN, BOARD)]
PeopleManager = Annotated[Access, requires(Right.MANAGE_PEOPLE, BOARD)]
BoardLeaver = Annotated[Access, requires(Right.LEAVE, BOARD)]
BoardMaker = Annotated[Access, Depends(_board_maker)]
