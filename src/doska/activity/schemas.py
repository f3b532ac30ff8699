"""What activity consists of."""

from pydantic import Field

from doska.identity.schemas import UserView
from doska.schemas import Id, Out, Time


class ActivityTask(Out):
    """A task, as it was then."""

    id: Id
    key: str = Field(description="its name for people", examples=["WEB-12"])
    title: str


class ActivityOut(Out):
    """Something that happened on a board, in words."""

    seq: int = Field(description="the number of the event", ge=1)
    type: str = Field(description="the type of that event")
    at: Time
    actor: UserView | None = Field(description="who did it; null if the account was deleted")
    task: ActivityTask | None = Field(description="the task that it is about, if any")
    text: str = Field(description="what happened, in one sentence of plain text")
    when: str = Field(description="when, in words of the language, in the requested time zone")
