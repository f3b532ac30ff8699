"""Endpoint: what anybody may know about this Doska before signing in."""

from typing import Annotated, Literal

from fastapi import Depends, Request
from pydantic import Field

from doska import __version__
from doska.http.routing import Router
from doska.identity.access import Public
from doska.postgres.database import fetch_row
from doska.schemas import Out
from doska.settings import Settings

MB = 1 << 20
_PEOPLE = "select exists(select from users) as has_people"  # a deleted account leaves its row

about = Router(prefix="/about", tags=["service"], dependencies=[Public])


class About(Out):
    """What can be known before signing in."""

    version: str = Field(examples=["0.1.0"])
    registration: Literal["open", "closed"] = Field(
        description="whether anyone may create an account with `POST /users`"
    )
    password_chars_min: int = Field(description="the minimum length of a password", ge=1)
    has_people: bool = Field(description="whether there is any account yet")
    attachment_bytes_max: int = Field(description="how large an attached file may be", ge=1)


async def _has_people(request: Request) -> bool:
    """Ask until there is one: strangers ask, and it never changes back."""
    state = request.app.state
    if not getattr(state, "has_people", False):
        row = await fetch_row(_PEOPLE)
        state.has_people = bool(row and row["has_people"])
    found: bool = state.has_people
    return found


def _settings(request: Request) -> Settings:
    found: Settings = request.app.state.settings
    return found


@about.get("")
async def read_about(
    settings: Annotated[Settings, Depends(_settings)],
    has_people: Annotated[bool, Depends(_has_people)],
) -> About:
    """Describe this Doska, before anybody signs in.

    The first account is an account like any other: only `doska create-admin` creates
    administrators.
    """
    return About(
        version=__version__,
        registration=settings.registration,
        password_chars_min=settings.password_min_length,
        has_people=has_people,
        attachment_bytes_max=settings.attachment_mb_max * MB,
    )
