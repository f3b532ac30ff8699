"""What all requests and responses are made of."""

import re
import secrets
import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime
from enum import StrEnum
from typing import Annotated, Any

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PlainSerializer,
    StringConstraints,
    WithJsonSchema,
)

from doska import texts

_UUID = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
_YEAR_PATTERN = "^(?:[1-9][0-9]{3}|0[1-9][0-9]{2}|00[1-9][0-9]|000[1-9])-"  # 0000 is a format's too


class In(BaseModel):
    """A request body: unknown fields are refused, fields owned by the server cannot be set."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)


class Out(BaseModel):
    """A response; values arrive as they are stored."""

    model_config = ConfigDict(extra="forbid")


class Word(StrEnum):
    """An enum, accepted in any case and returned in one."""

    @classmethod
    def _missing_(cls, value: object) -> "Word | None":
        given = value.lower() if isinstance(value, str) else None
        return next((word for word in cls if word.lower() == given), None)


def absent() -> Any:
    """Mark a field of a merge patch: omitted means unchanged; null only where it can be empty."""
    return Field(default_factory=lambda: None)


def _uuid(value: Any) -> str:
    if isinstance(value, str) and _UUID.fullmatch(value):
        return value.lower()
    raise ValueError("should be a UUID such as 0198c0de-0000-7000-8000-000000000001")


def _person(value: Any) -> str:
    word = value.lower() if isinstance(value, str) else ""
    return word if word in ("me", "none") else _uuid(value)


def _whole(value: Any) -> Any:
    # JSON has one kind of number, and 5.0 is the same one as 5.
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _written(value: Any) -> Any:
    # Pydantic would take a number, even as text, for seconds since 1970.
    if not isinstance(value, str) or not re.match(r"\d{4}-\d\d-\d\d[Tt ]", value):
        raise ValueError("should be a time such as 2026-12-31T18:00:00Z")
    return value


def _day(value: Any) -> str:
    if not isinstance(value, str) or not re.fullmatch(r"\d{4}-\d\d-\d\d", value, re.ASCII):
        raise ValueError("should be a day such as 2026-12-31")
    return date.fromisoformat(value).isoformat()


def _stamp(value: datetime) -> str:
    try:
        return stamp(value.astimezone(UTC))
    except OverflowError:
        raise ValueError("should be within the years 1 to 9999") from None


def stamp(moment: datetime) -> str:
    """Write a time exactly as PostgreSQL writes it in JSON (no zeros at the fraction's end)."""
    text = moment.isoformat()
    body, zone = text[:-6], text[-6:]
    return (body.rstrip("0").rstrip(".") if "." in body else body) + zone


_clock: ContextVar[datetime | None] = ContextVar("clock", default=None)


@contextmanager
def clock_at(moment: datetime) -> Iterator[None]:
    """Set the time for the log and all rows written inside."""
    token = _clock.set(moment)
    try:
        yield
    finally:
        _clock.reset(token)


def clock_now() -> datetime:
    """Return the time; inside ``clock_at``, the time set there."""
    return _clock.get() or datetime.now(UTC)


def now() -> str:
    """Return the time as it is stored."""
    return stamp(clock_now())


def new_id() -> str:
    """Make a UUIDv7: 48 bits of milliseconds, then random bits (RFC 9562)."""
    milliseconds = time.time_ns() // 1_000_000
    chance = secrets.randbits(74)
    high, low = chance >> 62, chance & ((1 << 62) - 1)
    text = f"{milliseconds << 80 | 7 << 76 | high << 64 | 2 << 62 | low:032x}"
    return f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"


IS_ID = BeforeValidator(_uuid)
Id = Annotated[
    str,
    IS_ID,
    WithJsonSchema({"type": "string", "format": "uuid"}),
]
PersonId = Annotated[
    str,
    BeforeValidator(_person),
    WithJsonSchema(
        {
            "anyOf": [
                {"type": "string", "format": "uuid"},
                {"type": "string", "enum": ["me", "none"]},
            ]
        }
    ),
]
NewId = Annotated[
    Id | None,
    Field(
        description="an id chosen by the client, never used before; else the server generates one"
    ),
]
COMPOSED = BeforeValidator(texts.composed)  # the last of an annotation, as AS_WHOLE
_AS_TITLE = AfterValidator(texts.title)
_TITLE = Field(
    description="one line, trimmed and composed (NFC) before it is counted and stored",
    json_schema_extra={"pattern": texts.TITLE_PATTERN},
)
Title = Annotated[
    str,
    StringConstraints(min_length=1, max_length=texts.TITLE_CHARS_MAX),
    _AS_TITLE,
    _TITLE,
    COMPOSED,
]
TaskTitle = Annotated[
    str,
    StringConstraints(min_length=1, max_length=texts.TASK_TITLE_CHARS_MAX),
    _AS_TITLE,
    _TITLE,
    COMPOSED,
]
Line = Annotated[
    str,
    AfterValidator(texts.line),
    Field(json_schema_extra={"pattern": texts.LINE_PATTERN}),
    COMPOSED,
]
Text = Annotated[
    str,
    StringConstraints(max_length=texts.TEXT_CHARS_MAX, strip_whitespace=False),
    AfterValidator(texts.text),
    Field(
        description="stored as it is, byte for byte",
        json_schema_extra={"pattern": texts.TEXT_PATTERN},
    ),
]
AS_WHOLE = BeforeValidator(_whole)  # the last of an annotation, or its bounds are not documented
Color = Annotated[
    str,
    StringConstraints(pattern=r"^#[0-9a-fA-F]{6}$", to_lower=True),
    Field(description="as #rrggbb", examples=["#2f80ed"]),
]
Moment = Annotated[
    AwareDatetime,
    BeforeValidator(_written),
    AfterValidator(_stamp),
    PlainSerializer(lambda value: value, return_type=str),
    Field(json_schema_extra={"pattern": _YEAR_PATTERN}),
]
Day = Annotated[
    str,
    BeforeValidator(_day),
    WithJsonSchema({"type": "string", "format": "date", "pattern": _YEAR_PATTERN}),
]
Time = Annotated[str, WithJsonSchema({"type": "string", "format": "date-time"})]
Version = Annotated[int, Field(description="how often this object has changed", ge=1)]


def body_examples(*examples: dict[str, Any], **rules: Any) -> ConfigDict:
    """Show these bodies in the documentation; FastAPI leaves a null out of them.

    ``rules`` are what the schema says of several fields together.
    """
    return ConfigDict(json_schema_extra={"examples": list(examples), **rules})
