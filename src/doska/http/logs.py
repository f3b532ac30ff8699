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
    filtering = structlog.make_filtering_bound_logger(threshold)
    structlog.configure(
        wrapper_class=type("Logger", (_OneStep, filtering), {}),
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


class _OneStep(structlog.BoundLoggerBase):
    """Writes a line of our own: the same steps at once, for each request writes one."""

    def _proxy_to_logger(self, method_name: str, event: str | None = None, **fields: Any) -> None:
        fields.update(event=event, level=method_name, timestamp=datetime.now(UTC))
        if "exc_info" in fields:
            structlog.processors.format_exc_info(self._logger, method_name, fields)
        self._logger.msg(to_json(fields, fallback=str))


def _json(event: Any, **_: Any) -> bytes:
    return to_json(event, fallback=str)


def _json_text(event: Any, **_: Any) -> str:
    return _json(event).decode()
