"""Labels, as requests and responses."""

from typing import Annotated, Any

from pydantic import AfterValidator, Field, StringConstraints

from doska import texts
from doska.schemas import (
    COMPOSED,
    Color,
    Id,
    In,
    NewId,
    Out,
    Version,
    absent,
    body_examples,
)
from doska.tasks.rows import LabelRow

LABEL_TITLE_CHARS_MAX = 50

_ID = "0198c0de-0000-7000-8000-000000000001"


def _title_or_none(value: str) -> str:
    return texts.title(value) if value.strip() else ""


LabelTitle = Annotated[
    str,
    StringConstraints(max_length=LABEL_TITLE_CHARS_MAX),
    AfterValidator(_title_or_none),
    Field(
        description="one line, or empty: then the color says it all",
        json_schema_extra={"pattern": texts.LABEL_PATTERN},
        examples=["Bug"],
    ),
    COMPOSED,
]


class LabelOut(Out):
    """A label of a board."""

    id: Id
    board_id: Id
    title: str
    color: str
    rank: str = Field(description="its place among them: an opaque text that sorts bytewise")
    version: Version


class LabelIn(In):
    """The fields of a label."""

    model_config = body_examples({"title": "Bug", "color": "#d64545"})

    title: LabelTitle = ""
    color: Color


class LabelNew(LabelIn):
    """A new label, the last of its board."""

    model_config = body_examples({"board_id": _ID, "title": "Bug", "color": "#d64545"})

    id: NewId = None
    board_id: Id


class LabelPatch(In):
    """What to change of a label."""

    model_config = body_examples({"title": "Defect"})

    title: LabelTitle = absent()
    color: Color = absent()


def same_label(row: LabelRow) -> object:
    """Return what is unique on a board: title and color; without a title, the label itself."""
    own = texts.folded(row["title"]) or row["id"]
    return row["board_id"], own, row["color"]


_LABEL_NAMES = tuple(LabelOut.model_fields)


def shown_label(row: LabelRow) -> dict[str, Any]:
    """Show a label's row as ``LabelOut``."""
    return {name: row[name] for name in _LABEL_NAMES}  # type: ignore[literal-required]
