"""What events tell of things: whole where they are new, else the id and the fields that are new."""

from typing import Any

from pydantic import BaseModel, ConfigDict, create_model

from doska.boards.following import following
from doska.boards.kinds import Kind
from doska.boards.models import Role
from doska.boards.schemas import BoardView, PersonOut
from doska.identity.schemas import UserView
from doska.schemas import Id, Out, Time


def partial(*kept: str) -> ConfigDict:
    """Describe objects of which only these fields are always there.

    Only described, never made: PostgreSQL builds the JSON from what the log holds.
    """

    def relax(schema: dict[str, Any]) -> None:
        schema["required"] = list(kept)

    return ConfigDict(json_schema_extra=relax)


@following()
def news_of(kind: Kind) -> type[BaseModel]:
    """Give what a change taken back tells of a thing: its own schema, or one of what is shown."""
    if kind.news is not None:
        return kind.news
    if kind.shown is None:
        raise TypeError(f"{kind.table} are not shown by themselves")
    name, doc = (
        kind.shown.__name__.removesuffix("Out"),
        (f"What is new of a {kind.noun}, all of it if it is back, or that it is deleted."),
    )

    class News(kind.shown):  # type: ignore[misc, name-defined]  # whichever it is
        model_config = partial("id")

    more: dict[str, Any] = {"is_deleted": (bool, ...)}
    return create_model(f"{name}News", __base__=News, __doc__=doc, **more)


class BoardChange(BoardView):
    """A board's id and its fields that are new."""

    model_config = partial("id")


class UserThen(UserView):
    """A person as shown today, who was there then; the id alone when the account is gone."""

    model_config = partial("id")


class PersonChange(PersonOut):
    """Whose place on the board it is, and what is new of it."""

    model_config = partial("user")

    user: UserThen
    role: Role
    joined_at: Time


class PersonNews(PersonChange):
    """What is new of somebody on the board, all of it if they are back, or that they are off."""

    model_config = partial("user")

    is_deleted: bool


class Deleted(Out):
    """What is deleted."""

    id: Id


class PersonThen(PersonOut):
    """Somebody who came onto the board."""

    user: UserThen


class DeletedPerson(Out):
    """Who is no longer on the board."""

    user: UserThen
