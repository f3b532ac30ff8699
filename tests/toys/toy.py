"""What people do with stickers and notes, as a new feature would have it."""

from typing import Annotated, Any

from toy_declared import (
    NOTES,
    STICKERS,
    TITLES,
    NoteNew,
    NoteOut,
    NotePatch,
    StickerNew,
    StickerOut,
)

from doska.boards.access import Access, Anchor, Parts, requires
from doska.boards.log import Change
from doska.boards.opening import Action, change
from doska.boards.operations import operation
from doska.boards.pieces import beside_row
from doska.boards.policy import Right
from doska.boards.world import World
from doska.errors import AlreadyExists, LimitReached
from doska.http.answers import Answer
from doska.http.marks import refuses
from doska.http.routing import Router
from doska.schemas import new_id
from doska.tasks.access import TASK

_JOINS = """left join {0} i on i.id = :anchor_id left join tasks t on t.id = i.task_id
    left join boards b on b.id = i.board_id"""
_BOARD_OF = "select board_id from {0} where id = :anchor_id"
STICKER = Anchor("sticker", _JOINS.format("stickers"), _BOARD_OF.format("stickers"))
NOTE = Anchor("note", _JOINS.format("notes"), _BOARD_OF.format("notes"))
OF_TASK: Any = {"task": "to_jsonb(t)", "beside": lambda: beside_row("tasks", "t.id")}
ALL = """(select coalesce(jsonb_agg(to_jsonb(x)), '[]') from stickers x where x.task_id = t.id)"""
CREATE_STICKER = Action(TASK, task="to_jsonb(t)", stickers=ALL)
DELETE_STICKER = Action(STICKER, thing="to_jsonb(i)", task="to_jsonb(t)", stickers=ALL)
CREATE_NOTE = Action(TASK, **OF_TASK)
EDIT_NOTE = Action(NOTE, thing="to_jsonb(i)", **OF_TASK)


async def do_create_sticker(opened: Change, body: StickerNew) -> Answer[StickerOut]:
    there = opened.parts["stickers"]
    opened.limits.check(STICKERS.limit, len(there) + 1)
    row = _row(opened, body, weight=7)
    opened.insert("stickers", row)
    view = _view(StickerOut, row)
    _record(opened, "sticker.created", view, [*there, row])
    return opened.show_new(view, row["id"])


async def do_delete_sticker(opened: Change) -> Answer[None]:
    row = opened.parts["thing"]
    opened.delete("stickers", row)
    left = [other for other in opened.parts["stickers"] if other["id"] != row["id"]]
    _record(opened, "sticker.deleted", {"id": row["id"]}, left)
    return opened.nothing()


def _record(opened: Change, kind: str, sticker: Any, rows: list[Any]) -> None:
    task = opened.touch("tasks", opened.parts["task"])
    news = {name: task[name] for name in ("id", "version", "updated_at")}
    news["sticker_titles"] = TITLES.of_rows(rows, {})
    opened.record(kind, {"sticker": sticker, "task": news}, task_id=task["id"])


async def do_create_note(opened: Change, body: NoteNew) -> Answer[NoteOut]:
    row = _row(opened, body, author_id=opened.actor_id)
    opened.insert("notes", row)
    _record_note(opened, "note.created", _view(NoteOut, row), 1)
    return opened.show_new(_view(NoteOut, row), row["id"])


async def do_update_note(opened: Change, fields: dict[str, Any]) -> Answer[NoteOut]:
    before = opened.parts["thing"]
    after = opened.update("notes", before, **fields)
    if after is not before:
        _record_note(opened, "note.updated", _view(NoteOut, after), 0)
    return opened.show(_view(NoteOut, after))


async def do_delete_note(opened: Change) -> Answer[None]:
    row = opened.parts["thing"]
    opened.delete("notes", row)
    _record_note(opened, "note.deleted", {"id": row["id"]}, -1)
    return opened.nothing()


def _record_note(opened: Change, kind: str, note: Any, more: int) -> None:
    """A note leaves its task's version as it is."""
    task_id = opened.parts["task"]["id"]
    task = {"id": task_id, "note_count": opened.parts["beside"]["note_count"] + more}
    opened.record(kind, {"note": note, "task": task}, task_id=task_id)


def _row(opened: Change, body: Any, **more: Any) -> dict[str, Any]:
    own = {"id": body.id or new_id(), "board_id": opened.board["id"], "version": 1}
    return {**body.model_dump(exclude={"id"}), **own, **more}


def _view(model: Any, row: Any) -> dict[str, Any]:
    return {name: row[name] for name in model.model_fields}


def _of_new_sticker(world: World, operation: Any) -> Parts:
    return _with_stickers(world, operation.body.task_id)


def _of_sticker(world: World, operation: Any) -> Parts:
    row = world.need("stickers", operation.sticker_id)
    return {"thing": row, "sticker": row, **_with_stickers(world, row["task_id"])}


def _with_stickers(world: World, task_id: str) -> Parts:
    return {"task": world.need("tasks", task_id), "stickers": world.of("stickers", task_id)}


def _of_new_note(world: World, operation: Any) -> Parts:
    return _with_beside(world, operation.body.task_id)


def _of_note(world: World, operation: Any) -> Parts:
    row = world.need("notes", operation.note_id)
    return {"thing": row, "note": row, **_with_beside(world, row["task_id"])}


def _with_beside(world: World, task_id: str) -> Parts:
    return {"task": world.need("tasks", task_id), "beside": world.beside("tasks", task_id)}


operation(
    "create_sticker",
    StickerNew,
    about="As `POST /stickers`.",
    right=Right.EDIT_TASKS,
    parts=_of_new_sticker,
    do=lambda o, op: do_create_sticker(o, op.body),
    creates=STICKERS,
    gives=StickerOut,
    is_referring=True,
)
operation(
    "delete_sticker",
    about="As `DELETE /stickers/{sticker_id}`.",
    right=Right.EDIT_TASKS,
    parts=_of_sticker,
    do=lambda o, _: do_delete_sticker(o),
    on=STICKERS,
)
operation(
    "create_note",
    NoteNew,
    about="As `POST /notes`.",
    right=Right.EDIT_TASKS,
    parts=_of_new_note,
    do=lambda o, op: do_create_note(o, op.body),
    creates=NOTES,
    gives=NoteOut,
    is_referring=True,
)
operation(
    "update_note",
    NotePatch,
    about="As `PATCH /notes/{note_id}`.",
    right=Right.EDIT_TASKS,
    parts=_of_note,
    do=lambda o, op: do_update_note(o, op.body.model_dump(exclude_unset=True)),
    on=NOTES,
    gives=NoteOut,
)
operation(
    "delete_note",
    about="As `DELETE /notes/{note_id}`.",
    right=Right.EDIT_TASKS,
    parts=_of_note,
    do=lambda o, _: do_delete_note(o),
    on=NOTES,
)

StickerMaker = Annotated[Access, requires(Right.EDIT_TASKS, TASK, in_body="task_id")]
StickerEditor = Annotated[Access, requires(Right.EDIT_TASKS, STICKER)]
NoteEditor = Annotated[Access, requires(Right.EDIT_TASKS, NOTE)]
stickers = Router(prefix="/stickers", tags=["tasks"])
notes = Router(prefix="/notes", tags=["tasks"])


@stickers.create("")
@refuses(AlreadyExists, LimitReached)
async def create_sticker(access: StickerMaker, body: StickerNew) -> Answer[StickerOut]:
    """Put a sticker on a task."""
    async with change(access.at(body.task_id), CREATE_STICKER) as opened:
        return await do_create_sticker(opened, body)


@stickers.remove("/{sticker_id}")
async def delete_sticker(access: StickerEditor) -> Answer[None]:
    """Take a sticker off its task."""
    async with change(access, DELETE_STICKER) as opened:
        return await do_delete_sticker(opened)


@notes.create("")
@refuses(AlreadyExists)
async def create_note(access: StickerMaker, body: NoteNew) -> Answer[NoteOut]:
    """Note something about a task."""
    async with change(access.at(body.task_id), CREATE_NOTE) as opened:
        return await do_create_note(opened, body)


@notes.patch("/{note_id}")
async def update_note(access: NoteEditor, body: NotePatch) -> Answer[NoteOut]:
    """Change one's own note."""
    async with change(access, EDIT_NOTE) as opened:
        return await do_update_note(opened, body.model_dump(exclude_unset=True))


@notes.remove("/{note_id}")
async def delete_note(access: NoteEditor) -> Answer[None]:
    """Delete a note."""
    async with change(access, EDIT_NOTE) as opened:
        return await do_delete_note(opened)
