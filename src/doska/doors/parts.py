"""Planning what a task has: subtasks, comments, links and files."""

import hashlib
from typing import Any

from doska.doors.desk import Desk, time_of
from doska.doors.model import Attachment, Comment, Subtask, Task
from doska.doors.order import spots
from doska.doors.shown import COMMENT_CHARS_MAX, NAME_CHARS_MAX, Whole
from doska.doors.state import Row
from doska.files.pixels import pixels_of
from doska.files.signatures import BEGINNING_BYTES, TextCheck, media_type_of
from doska.schemas import new_id
from doska.texts import TASK_TITLE_CHARS_MAX

URL_CHARS_MAX = 2000
EMPTY_COMMENT = "(empty)"


def plan_parts(desk: Desk, task: Task, task_id: str, extra: dict[str, Any]) -> None:
    """Plan all that belongs to a task; what is beyond a limit is put aside in its ``extra``."""
    _plan_subtasks(desk, task, task_id, extra)
    _plan_comments(desk, task, task_id, extra)
    _plan_attachments(desk, task, task_id, extra)


def _bounded(
    desk: Desk, name: str, of: list[Any], extra: dict[str, Any], task: Task, task_id: str
) -> list[Any]:
    """Give those for which a task has room, beside what it has from elsewhere."""
    if not of:
        return of
    imported = desk.imported(name.removesuffix("s"))
    known = {_of(task, thing) for thing in of} & imported.keys() if imported else set()
    room = desk.wish.limits[name] - len(known) - desk.others(name, task_id)
    if len(of) - len(known) <= room:
        return of
    kept: list[Any] = []
    beyond: list[Any] = []
    for thing in of:
        is_new = _of(task, thing) not in known
        (beyond if is_new and room <= 0 else kept).append(thing)
        room -= is_new
    if beyond:
        extra[name] = [_plain(thing) for thing in beyond]
        desk.aside[f"{name}.title" if name != "comments" else "comments.body"] += len(beyond)
        desk.noticed.add("beyond-limit", f"tasks.{name}", len(beyond))
    return kept


def _plain(thing: Subtask | Comment | Attachment) -> dict[str, Any]:
    if isinstance(thing, Subtask):
        return {"id": thing.id, "title": thing.title, "is_completed": thing.is_completed}
    if isinstance(thing, Comment):
        return {"id": thing.id, "text": thing.text, "created_at": time_of(thing.created_at)}
    return {"id": thing.id, "title": thing.title, "url": thing.url}


def _plan_subtasks(desk: Desk, task: Task, task_id: str, extra: dict[str, Any]) -> None:
    wanted = _bounded(desk, "subtasks", list(task.subtasks), extra, task, task_id)
    names = [_of(task, subtask) for subtask in wanted]
    known = [desk.known("subtask", name) for name in names]
    standing = desk.standing_subtasks.get(task_id, [])
    places = spots(standing, [ref for ref, _ in known], [True] * len(known))
    for subtask, name, (ref, found), spot in zip(wanted, names, known, places, strict=True):
        whole, row = Whole(), found
        title = whole.title(subtask.title, TASK_TITLE_CHARS_MAX)
        fields = {"title": title, "is_completed": subtask.is_completed}
        if ref is None:
            row = {
                "id": spot.id, "task_id": task_id, "board_id": desk.state.board_id, **fields,
                "rank": spot.rank, "version": 1,
            }  # fmt: skip
            desk.create("subtask", name, row, fields, n=spot.n)
        elif row is not None:
            row = desk.put("subtasks", row, desk.compare(ref, fields, row, n=spot.n), spot)
        if row is not None:
            aside = {"checklist": subtask.checklist} if subtask.checklist else {}
            desk.put_aside(row["id"], {**aside, **desk.sourced(subtask.extra)}, whole)


def _of(task: Task, thing: Subtask | Comment | Attachment) -> str:
    """Name a part by its task as well: not every source has ids for all of them."""
    return f"{task.id}/{thing.id}"


def _plan_comments(desk: Desk, task: Task, task_id: str, extra: dict[str, Any]) -> None:
    for comment in _bounded(desk, "comments", list(task.comments), extra, task, task_id):
        whole = Whole()
        body = whole.text(comment.text, COMMENT_CHARS_MAX, name="body")
        body = body if body.strip() else EMPTY_COMMENT
        ref, row = desk.known("comment", _of(task, comment))
        if ref is None:
            row = _comment_row(desk, comment, task_id, body)
            desk.create("comment", _of(task, comment), row, {"body": body})
        elif row is not None and desk.compare(ref, {"body": body}, row):
            row = desk.update("comments", row, body=body, edited_at=desk.wish.at)
        if row is not None:
            desk.put_aside(row["id"], _authored(desk, comment), whole)


def _comment_row(desk: Desk, comment: Comment, task_id: str, body: str) -> Row:
    """Write a comment; of the importer's own the author is known, of others it is a name."""
    is_mine = desk.user_of(comment.author) == desk.wish.me
    return {
        "id": new_id(), "board_id": desk.state.board_id, "task_id": task_id,
        "author_id": desk.wish.me if is_mine else None,
        "author_name": None if is_mine else desk.name_of(comment.author, comment.author_name),
        "body": body, "mentions": [], "version": 1,
        "created_at": time_of(comment.created_at) or desk.wish.at,
        "edited_at": time_of(comment.edited_at),
    }  # fmt: skip


def _authored(desk: Desk, thing: Comment | Attachment) -> dict[str, Any]:
    own = {"author": thing.author} if thing.author else {}
    return {**own, **desk.sourced(thing.extra)}


def _plan_attachments(desk: Desk, task: Task, task_id: str, extra: dict[str, Any]) -> None:
    for given in _bounded(desk, "attachments", list(task.attachments), extra, task, task_id):
        if not _fits(desk, given):
            extra.setdefault("links", []).append(
                {"id": given.id, "title": given.title, "url": given.url}
            )
            desk.aside["attachments.url"] += 1
            continue
        whole = Whole()
        title = whole.title(given.title, NAME_CHARS_MAX)
        ref, row = desk.known("attachment", _of(task, given))
        if ref is None:
            row = _attachment_row(desk, given, task_id, title)
            desk.create("attachment", _of(task, given), row, {"title": title})
        elif row is not None and (changed := desk.compare(ref, {"title": title}, row)):
            row = desk.update("attachments", row, **changed)
        if row is not None:
            desk.put_aside(row["id"], _authored(desk, given), whole)


def _fits(desk: Desk, given: Attachment) -> bool:
    if given.content is not None:
        if len(given.content) <= desk.wish.limits["attachment_bytes"]:
            return True
        desk.noticed.add("file-too-large", "tasks.attachments")
        return False
    url = given.url or ""
    is_web = url.lower().startswith(("http://", "https://")) and len(url) <= URL_CHARS_MAX
    return is_web and url.isprintable() and not any(letter.isspace() for letter in url)


def _attachment_row(desk: Desk, given: Attachment, task_id: str, title: str) -> Row:
    is_mine = given.author is None or desk.user_of(given.author) == desk.wish.me
    row: Row = {
        "id": new_id(), "board_id": desk.state.board_id, "task_id": task_id, "comment_id": None,
        "blob_id": None, "url": given.url if given.content is None else None, "title": title,
        "media_type": None, "size": None, "width": None, "height": None,
        "author_id": desk.wish.me if is_mine else None,
        "author_name": None if is_mine else desk.name_of(given.author),
        "version": 1, "created_at": time_of(given.created_at) or desk.wish.at,
    }  # fmt: skip
    if given.content is not None:
        blob = _blob(desk, given.content)
        row |= {name: blob[name] for name in ("media_type", "size", "width", "height")}
        row["blob_id"] = blob["id"]
    return row


def _blob(desk: Desk, content: bytes) -> Row:
    check = TextCheck()
    check.see(content)
    media_type = media_type_of(content[:BEGINNING_BYTES], is_text=check.is_text())
    width, height = pixels_of(media_type, content[:BEGINNING_BYTES]) or (None, None)
    row = {
        "id": new_id(), "board_id": desk.state.board_id,
        "sha256": hashlib.sha256(content).hexdigest(), "size": len(content),
        "media_type": media_type, "width": width, "height": height, "state": "KEPT",
        "created_by": desk.wish.me, "created_at": desk.wish.at, "unused_since": None,
    }  # fmt: skip
    desk.blobs.append((row, content))
    return row
