"""Boards and their people, as requests and responses, and as the log stores them."""

from typing import Annotated, Any

from pydantic import Field, StrictBool

from doska.boards.models import Role
from doska.boards.rows import BoardRow, ColumnRow
from doska.identity.schemas import LinkToken, UserView
from doska.schemas import (
    Color,
    Id,
    In,
    NewId,
    Out,
    Text,
    Time,
    Title,
    Version,
    absent,
    body_examples,
)

COLUMNS_MAX = 50


class BoardView(Out):
    """A board, as everybody sees it."""

    id: Id
    key: str = Field(description="begins the keys of its tasks", examples=["WEB"])
    title: str
    description: str
    is_public: bool = Field(description="whether anyone signed in may read it")
    color: str | None
    is_archived: bool
    version: Version
    created_at: Time


class BoardOut(BoardView):
    """A board, as the caller sees it."""

    seq: int = Field(description="how many events the board has had", ge=0)
    role: Role | None = Field(description="the caller's role; null if they are not on the board")


class BoardListed(BoardOut):
    """A board in a list, as the caller sees it."""

    updated_at: Time = Field(description="when its last event happened")
    task_count: int = Field(description="how many tasks it has, without what is archived", ge=0)
    people_count: int = Field(description="how many people are on it", ge=0)


class BoardIn(In):
    """The fields of a board."""

    model_config = body_examples(
        {"title": "Website", "description": "What we ship this month", "is_public": False}
    )

    title: Title
    description: Text = ""
    is_public: StrictBool = False
    color: Color | None = None
    is_archived: StrictBool = Field(
        default=False, description="left out of lists, otherwise unchanged"
    )


class BoardNew(BoardIn):
    """A new board."""

    model_config = body_examples({"title": "Website", "columns": ["To do", "In progress", "Done"]})

    id: NewId = None
    columns: list[Title] = Field(
        default_factory=list, max_length=COLUMNS_MAX, description="titles of its first columns"
    )


class BoardPatch(In):
    """What to change of a board."""

    model_config = body_examples({"title": "Website 2.0"})

    title: Title = absent()
    description: Text = absent()
    is_public: StrictBool = absent()
    color: Color | None = absent()
    is_archived: StrictBool = absent()


class PersonOut(Out):
    """A person on a board."""

    user: UserView
    role: Role
    joined_at: Time


class PersonNew(In):
    """Somebody to add to a board."""

    model_config = body_examples(
        {"user_id": "0198c0de-0000-7000-8000-000000000001", "role": "MEMBER"}
    )

    user_id: Id
    role: Annotated[Role, Field(description="lower than one's own")] = Role.MEMBER


class PersonIn(In):
    """Somebody's new role."""

    model_config = body_examples({"role": "MODERATOR"})

    role: Annotated[Role, Field(description="lower than one's own; CREATOR transfers the board")]


class InvitationOut(Out):
    """A valid invitation to a board."""

    id: Id
    role: Role
    created_at: Time
    expires_at: Time
    created_by: UserView


class InvitationMade(InvitationOut):
    """A new invitation, with its link, which is shown only once."""

    url: str = Field(
        description="shown only once; whoever has it can accept",
        examples=["https://doska.example.com/invited#nmTHCq2Bqzv0QmTTNbV3dP1r2YkC8y3Wq5sN7LJ4XgA"],
    )


class InvitationNew(In):
    """An invitation to create."""

    model_config = body_examples({"role": "MEMBER"})

    role: Annotated[Role, Field(description="lower than one's own")] = Role.MEMBER


class InvitationToken(In):
    """An invitation, by its link."""

    model_config = body_examples({"token": "nmTHCq2Bqzv0QmTTNbV3dP1r2YkC8y3Wq5sN7LJ4XgA"})

    token: LinkToken


class BoardNamed(Out):
    """A board, as shown before joining it."""

    id: Id
    title: str


class InvitationShown(Out):
    """Where an invitation leads."""

    board: BoardNamed
    role: Role
    invited_by: UserView


class BoardReached(Out):
    """The board that was joined."""

    board_id: Id


def board_view(row: BoardRow) -> dict[str, Any]:
    """Show a board as its events do: without what differs from caller to caller."""
    view = {name: value for name, value in row.items() if name != "archived_at"}
    return {**view, "is_archived": row["archived_at"] is not None}


def column_view(row: ColumnRow) -> dict[str, Any]:
    """Show a column: whether it is archived, not since when."""
    view = {name: value for name, value in row.items() if name != "archived_at"}
    return {**view, "is_archived": row["archived_at"] is not None}


def shown_board(row: BoardRow, seq: int, role: Role | None) -> dict[str, Any]:
    """Show a board's row as ``BoardOut``; the same as ``queries.board_out`` builds in SQL."""
    beside = {"is_archived": row["archived_at"] is not None, "seq": seq, "role": role}
    return {name: beside[name] if name in beside else row[name] for name in BoardOut.model_fields}  # type: ignore[literal-required]


def differences(before: dict[str, Any], after: dict[str, Any]) -> dict[str, Any]:
    """Return what clients need to follow a change: the id and the changed fields."""
    return {"id": after["id"], **{k: v for k, v in after.items() if before.get(k) != v}}
