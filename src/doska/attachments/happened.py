"""What can happen to attachments, and its words."""

from doska.attachments.schemas import AttachmentOut
from doska.boards.facts import Description, only
from doska.boards.happenings import Logged, happening
from doska.boards.news import Deleted, partial
from doska.boards.tells import pair, title_of
from doska.schemas import Out
from doska.tasks.news import TaskChange


class AttachmentChange(AttachmentOut):
    """An attachment's id and its changed fields."""

    model_config = partial("id")


class AttachmentAsAdded(Out):
    """A new attachment, and how many its task has now."""

    attachment: AttachmentOut
    task: TaskChange


class AttachmentChanged(Out):
    """What has changed of an attachment, and which task it is of."""

    attachment: AttachmentChange
    task: TaskChange


class AttachmentGone(Out):
    """A deleted attachment, and how many its task has left."""

    attachment: Deleted
    task: TaskChange


def _added(event: Logged) -> Description:
    _, row = pair(event, "attachments")
    key = "link_added" if row["url"] else "file_attached"
    return only(key, title=row["title"], task=title_of(event, "tasks"))


def _renamed(event: Logged) -> Description:
    before, after = pair(event, "attachments")
    names = {"title": before["title"], "after": after["title"]}
    return only("attachment_renamed", **names, task=title_of(event, "tasks"))


def _deleted(event: Logged) -> Description:
    row, _ = pair(event, "attachments")
    key = "link_removed" if row["url"] else "file_removed"
    return only(key, title=row["title"], task=title_of(event, "tasks"))


happening(
    "attachment.added",
    AttachmentAsAdded,
    about="A file was attached to a task, or a link was added.",
    tell=_added,
    en={
        "file_attached": "attached the file “{title}” to “{task}”",
        "link_added": "added the link “{title}” to “{task}”",
    },
    ru={
        "file_attached": "к задаче «{task}» прикреплён файл «{title}»",
        "link_added": "к задаче «{task}» добавлена ссылка «{title}»",
    },
)
happening(
    "attachment.renamed",
    AttachmentChanged,
    about="An attachment has another title.",
    tell=_renamed,
    en="renamed the attachment “{title}” of “{task}” to “{after}”",
    ru="вложение «{title}» задачи «{task}» переименовано в «{after}»",
)
happening(
    "attachment.deleted",
    AttachmentGone,
    about="An attachment was deleted.",
    tell=_deleted,
    en={
        "file_removed": "removed the file “{title}” from “{task}”",
        "link_removed": "removed the link “{title}” from “{task}”",
    },
    ru={
        "file_removed": "из задачи «{task}» удалён файл «{title}»",
        "link_removed": "из задачи «{task}» удалена ссылка «{title}»",
    },
)
