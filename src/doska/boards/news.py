"""What events say about things: complete if new, otherwise the id and the changed fields."""

from typing import Any

from pydantic import BaseModel, ConfigDict, create_model

from doska.boards.following import following
from doska.boards.kinds import Kind
from doska.boards.models import Role
from doska.boards.schemas import BoardView, PersonOut
from doska.identity.schemas import UserView
from doska.schemas import Id, Out, Time


def partial(*kept: str) -> ConfigDict:
    """Describe objects in which only these fields are always present.

    Only described, never instantiated: PostgreSQL builds the JSON from the log.
    """

    def relax(schema: dict[str, Any]) -> None:
        schema["required"] = list(kept)

    return ConfigDict(json_schema_extra=relax)


@following()
def news_of(kind: Kind) -> type[BaseModel]:
    """Return what an undo says about a thing: its own schema, or one of the shown form."""
    if kind.news is not None:
        return kind.news
    if kind.shown is None:
        raise TypeError(f"{kind.table} are not shown by themselves")
    name, doc = (
        kind.shown.__name__.removesuffix("Out"),
        (
            f"What has changed of a {kind.noun}, all of it if it was restored, or that it was deleted."
        ),
    )

    class News(kind.shown):  # type: ignore[misc, name-defined]  # whichever it is
        model_config = partial("id")

    more: dict[str, Any] = {"is_deleted": (bool, ...)}
    return create_model(f"{name}News", __base__=News, __doc__=doc, **more)


class BoardChange(BoardView):
    """A board's id and its changed fields."""

    model_config = partial("id")


class UserThen(UserView):
    """A person who was there then, as shown today; only the id if the account was deleted."""

    model_config = partial("id")


class PersonChange(PersonOut):
    """A person on the board, and what has changed about their membership."""

    model_config = partial("user")

    user: UserThen
    role: Role
    joined_at: Time


class PersonNews(PersonChange):
    """What has changed of a person on the board, all if they were restored, or that they left."""

    model_config = partial("user")

    is_deleted: bool


class Deleted(Out):
    """What was deleted."""

    id: Id


class PersonThen(PersonOut):
    """Somebody who joined the board."""

    user: UserThen


class DeletedPerson(Out):
    """A person who is no longer on the board."""

    user: UserThen
