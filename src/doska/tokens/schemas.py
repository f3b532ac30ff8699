"""Access tokens, as requests and responses."""

from typing import Annotated

from pydantic import Field

from doska.identity.access_tokens import Scope
from doska.schemas import Id, In, Moment, Out, Time, Title, body_examples

BOARDS_MAX = 100


class TokenOut(Out):
    """One of your access tokens."""

    id: Id
    name: str
    scope: Scope
    board_ids: list[Id] | None = Field(description="the only boards that it can see; null: all")
    created_at: Time
    expires_at: Time | None = Field(description="null: never")
    last_used_at: Time | None = Field(description="to the minute; null: never")


class TokenMade(TokenOut):
    """A new access token, shown in clear only once."""

    token: str = Field(description="send it as `Authorization: Bearer`; it is not shown again")


class TokenNew(In):
    """An access token to create."""

    model_config = body_examples(
        {"name": "Nightly report", "scope": "read", "expires_at": "2099-12-31T18:00:00Z"}
    )

    name: Title
    scope: Scope = Field(
        description="`read`; `write`: all you may do on boards; `admin`: also all an "
        "administrator may do"
    )
    expires_at: Moment | None = Field(None, description="never if left out")
    board_ids: Annotated[list[Id], Field(min_length=1, max_length=BOARDS_MAX)] | None = Field(
        None, description="the only boards that it can see; all if left out"
    )
