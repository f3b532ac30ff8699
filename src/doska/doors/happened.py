"""What an import is in a board's log, and its words."""

from pydantic import Field

from doska.boards.facts import Description, fact, only
from doska.boards.happenings import Logged, happening
from doska.boards.news import BoardChange
from doska.schemas import Out


class ImportCounts(Out):
    """How many things of each kind an import has made, and changed."""

    created: dict[str, int]
    updated: dict[str, int]


class BoardAsImported(Out):
    """A board came from elsewhere, or was brought up to date from there: load it anew."""

    board: BoardChange
    format: str = Field(examples=["trello"])
    counts: ImportCounts


def _imported(event: Logged) -> Description:
    made = next((row for row in event["rows"] if row["table"] == "boards"), None)
    if made and made["before"] is None and made["after"]:
        return only("board_imported", title=made["after"]["title"])
    return Description((fact("board_imported_again"),))


happening(
    "board.imported",
    BoardAsImported,
    about="A board was imported, or brought up to date from where it came: load it anew.",
    tell=_imported,
    en={
        "board_imported": "imported the board “{title}”",
        "board_imported_again": "imported changes into the board",
    },
    ru={
        "board_imported": "доска «{title}» импортирована",
        "board_imported_again": "на доску импортированы изменения",
    },
    is_of_many=True,
)
