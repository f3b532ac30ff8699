"""How the log is written: as JSON lines to standard error."""

import logging
import sys
from datetime import UTC, datetime
from typing import Any

import structlog
from pydantic_core import to_json


def configure_logging(level: str) -> None:
    """Write JSON lines to standard error, including what libraries log."""
    processors: list[Any] = [
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
    ]
    threshold = logging.getLevelName(level.upper())
    structlog.configure(
        processors=[_line],
        wrapper_class=structlog.make_filtering_bound_logger(threshold),
        logger_factory=structlog.BytesLoggerFactory(sys.stderr.buffer),
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            processor=structlog.processors.JSONRenderer(serializer=_json_text),
            foreign_pre_chain=processors,
        )
    )
    logging.basicConfig(level=max(threshold, logging.WARNING), handlers=[handler], force=True)


def _line(_: Any, level: str, event: Any) -> bytes:
    """Write a line of our own: the same steps at once, for each request writes one."""
    event["level"] = level
    event["timestamp"] = datetime.now(UTC).isoformat().replace("+00:00", "Z")
    if "exc_info" in event:
        event = structlog.processors.format_exc_info(_, level, event)
    return _json(event)


def _json(event: Any, **_: Any) -> bytes:
    return to_json(event, fallback=str)


def _json_text(event: Any, **_: Any) -> str:
    return _json(event).decode()
