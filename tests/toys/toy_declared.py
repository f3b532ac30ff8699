"""Two kinds of things as a new feature would declare them: stickers of tasks, and people's notes.

Only what is below the features is imported here, as in every ``declared.py``.
"""

from typing import Annotated, TypedDict

from pydantic import Field

from doska.boards.declaring import kind
from doska.boards.facts import Description, only
from doska.boards.happenings import Logged, happening
from doska.boards.kinds import Parent
from doska.boards.limits import AtMost
from doska.boards.news import partial
from doska.boards.pieces import piece
from doska.boards.policy import Right
from doska.boards.tells import pair, title_of
from doska.schemas import Id, In, NewId, Out, Time, Title, Version, absent

TABLES = """
    create table stickers (
        id uuid primary key, board_id uuid not null, task_id uuid not null, title text not null,
        weight integer not null default 7, version integer not null default 1,
        foreign key (task_id, board_id) references tasks (id, board_id) on delete cascade);
    create index on stickers (task_id);
    create index on stickers (board_id);
    create table notes (
        id uuid primary key, board_id uuid not null, task_id uuid not null, body text not null,
        author_id uuid references users (id), version integer not null default 1,
        foreign key (task_id, board_id) references tasks (id, board_id) on delete cascade);
    create index on notes (task_id);
    create index on notes (board_id)"""


class StickerRow(TypedDict):
    """A row of ``stickers``; the column ``weight`` came later than the others."""

    id: str
    board_id: str
    task_id: str
    title: str
    weight: int
    version: int


class NoteRow(TypedDict):
    """A row of ``notes``."""

    id: str
    board_id: str
    task_id: str
    body: str
    author_id: str | None
    version: int


class StickerOut(Out):
    """A sticker."""

    id: Id
    task_id: Id
    title: Annotated[str, Field(examples=["Urgent"])]
    weight: int
    version: Version


class NoteOut(Out):
    """A note."""

    id: Id
    task_id: Id
    body: Annotated[str, Field(examples=["As I said"])]
    author_id: Id | None
    version: Version


class StickerNew(In):
    """A new sticker."""

    id: NewId = None
    task_id: Id
    title: Title


class NoteNew(In):
    """A new note."""

    id: NewId = None
    task_id: Id
    body: Title


class NotePatch(In):
    """What to change of a note."""

    body: Title = absent()


class TaskWithStickers(Out):
    """What is new of the task of a sticker."""

    model_config = partial("id")

    id: Id
    version: Version
    updated_at: Time
    sticker_titles: list[Annotated[str, Field(examples=["Urgent"])]]


class TaskWithNotes(Out):
    """What is new of the task of a note."""

    id: Id
    note_count: int


class StickerTold(Out):
    """A sticker that was made."""

    sticker: StickerOut
    task: TaskWithStickers


class Gone(Out):
    """What is gone."""

    id: Id


class StickerGone(Out):
    """A sticker that is gone."""

    sticker: Gone
    task: TaskWithStickers


class NoteTold(Out):
    """A note as it is, or its id alone."""

    model_config = partial("note")

    note: Annotated[NoteOut | Gone, Field(union_mode="left_to_right")]
    task: TaskWithNotes


STICKERS = kind(
    "stickers",
    StickerRow,
    noun="sticker",
    plural="stickers",
    right=Right.EDIT_TASKS,
    parents=(Parent("tasks", "task_id"),),
    shown=StickerOut,
    is_named=True,
    limit=AtMost(20, "stickers of a task", "task_id"),
    fresh={"weight": 7},
)
NOTES = kind(
    "notes",
    NoteRow,
    noun="note",
    plural="notes",
    right=Right.EDIT_TASKS,
    parents=(Parent("tasks", "task_id"),),
    shown=NoteOut,
    is_named=True,
    is_apart=True,
    owner="author_id",
    taken_by=Right.EDIT_BOARD,
    people={"author_id": "forget"},
    brief={"body": 20},
)
TITLES = piece(
    "sticker_titles",
    of="tasks",
    source="stickers",
    key="task_id",
    agg="json_agg(x.title order by x.id)",
    drawn=lambda rows, _: [row["title"] for row in rows],
    empty=[],
    field=Annotated[
        list[Annotated[str, Field(examples=["Urgent"])]], Field(description="what its stickers say")
    ],
    uses=("title",),
)
piece(
    "note_count",
    of="tasks",
    source="notes",
    key="task_id",
    agg="to_json(count(*))",
    drawn=lambda rows, _: len(rows),
    empty=0,
    field=int,
)


def _sticker(event: Logged) -> Description:
    return only(
        event["type"].replace(".", "_"),
        title=title_of(event, "stickers"),
        task=title_of(event, "tasks"),
    )


def _note(event: Logged) -> Description:
    before, after = pair(event, "notes")
    key, task = event["type"].replace(".", "_"), title_of(event, "tasks")
    return only(key, body=(after or before)["body"], task=task)


happening(
    "sticker.created",
    StickerTold,
    about="A sticker was made.",
    tell=_sticker,
    en="put the sticker “{title}” on “{task}”",
    ru="на задаче «{task}» появилась наклейка «{title}»",
)
happening(
    "sticker.deleted",
    StickerGone,
    about="A sticker is gone.",
    tell=_sticker,
    en="took the sticker “{title}” off “{task}”",
    ru="с задачи «{task}» снята наклейка «{title}»",
)
happening(
    "note.created",
    NoteTold,
    about="A note was made.",
    tell=_note,
    en="noted “{body}” on “{task}”",
    ru="заметка «{body}» к задаче «{task}»",
)
happening(
    "note.updated",
    NoteTold,
    about="A note was changed.",
    tell=_note,
    en="changed the note “{body}”",
    ru="заметка изменена: «{body}»",
)
happening(
    "note.deleted",
    NoteTold,
    about="A note is gone.",
    tell=_note,
    en="deleted the note “{body}”",
    ru="удалена заметка «{body}»",
)
