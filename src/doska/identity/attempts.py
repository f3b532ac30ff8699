"""The limit on attempts to try or set a password, per source."""

from typing import Annotated

from fastapi import Depends, Request

from doska.http.marks import refuses
from doska.http.telemetry import audit, source
from doska.identity.bucket import Buckets
from doska.identity.failures import Attempt, TooManyAttempts


@refuses(TooManyAttempts)
async def _attempt(request: Request) -> Attempt:
    """Let in sources that have an attempt left; before anything is hashed or read."""
    state = request.app.state
    attempt = Attempt(state.limits, source(request.scope))
    buckets: Buckets = state.buckets
    if wait := buckets.take(attempt.source):
        audit("attempt", outcome="held_back", route=request.scope["route"].path)
        raise TooManyAttempts.in_seconds(wait)
    return attempt


Attempting = Annotated[Attempt, Depends(_attempt)]
