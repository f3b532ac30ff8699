"""Whoever tries a password, or makes one: from where, and whether it is not too often."""

from typing import Annotated

from fastapi import Depends, Request

from doska.identity.bucket import Buckets
from doska.identity.failures import Attempt, TooManyAttempts
from doska.routing import refuses
from doska.sources import source_of


@refuses(TooManyAttempts)
async def _attempt(request: Request) -> Attempt:
    """Let in who has an attempt left; before anything is hashed, or asked of the database."""
    state = request.app.state
    peer = request.client.host if request.client else None
    forwarded = ",".join(request.headers.getlist("x-forwarded-for"))
    source = source_of(peer, forwarded, state.settings.trusted_proxies)
    attempt = Attempt(state.limits, source, request.scope["doska.request_id"])
    buckets: Buckets = state.buckets
    if wait := buckets.take(source):
        attempt.audit("attempt_held_back", reason="too many attempts")
        raise TooManyAttempts.in_seconds(wait)
    return attempt


Attempting = Annotated[Attempt, Depends(_attempt)]
