"""What an application writes to its log."""

import io
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, redirect_stderr

import structlog

from api import Api, Json
from apps import another_api
from doska.http import telemetry
from doska.http.logs import configure_logging


@asynccontextmanager
async def logging(url: str, **settings: object) -> AsyncIterator[tuple[Api, io.BytesIO]]:
    """Serve as one does: log to standard error, what is worth knowing."""
    usual, written = telemetry.log, io.BytesIO()
    text = io.TextIOWrapper(written)
    try:
        with redirect_stderr(text):
            async with another_api(url, log_level="info", **settings) as api:
                telemetry.log = structlog.get_logger("doska")
                yield api, written
    finally:
        telemetry.log = usual
        configure_logging("error")
        text.detach()  # or it would close what was written


def lines_of(written: io.BytesIO) -> list[Json]:
    return [json.loads(line) for line in written.getvalue().decode().splitlines()]


def audit_of(written: io.BytesIO) -> list[Json]:
    return [line for line in lines_of(written) if line.get("audit")]


def requests_of(written: io.BytesIO) -> list[Json]:
    return [line for line in lines_of(written) if line["event"] == "request"]


def forget(written: io.BytesIO) -> None:
    """Let what comes be all that was written."""
    written.truncate(written.seek(0))
