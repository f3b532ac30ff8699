"""What can happen to labels, and its words."""

from doska.boards.happenings import happening
from doska.boards.news import Deleted, partial
from doska.schemas import Out
from doska.tasks.label_schemas import LabelOut
from doska.tasks.news import LabelChange, TaskChange
from doska.tasks.payloads import TaskChanged
from doska.tasks.tells import label_updated, of_label, task_labels


class LabelAsMade(Out):
    """A new label."""

    label: LabelOut


class LabelChanged(Out):
    """What has changed of a label, and others' ranks if they were rebalanced."""

    model_config = partial("label")

    label: LabelChange
    labels: list[LabelChange]


class LabelGone(Out):
    """A deleted label, and the labels of tasks that had it."""

    label: Deleted
    tasks: list[TaskChange]


happening(
    "label.created",
    LabelAsMade,
    about="A label was made.",
    tell=of_label("label_created"),
    en="created the label “{title}”",
    ru="метка «{title}» создана",
)
happening(
    "label.updated",
    LabelChanged,
    about="A label has another title or color.",
    tell=label_updated,
    en={
        "label_changed": "changed the label “{title}”",
        "label_renamed": "renamed the label “{title}” to “{after}”",
        "label_untitled": "removed the title of the label “{title}”",
        "label_colored": "changed the colour of the label “{title}” to {after}",
    },
    ru={
        "label_changed": "метка «{title}» изменена",
        "label_renamed": "метка «{title}» переименована в «{after}»",
        "label_untitled": "название метки «{title}» убрано",
        "label_colored": "цвет метки «{title}» изменён на {after}",
    },
    parts={
        "en": {
            "label_renamed": "renamed to “{after}”",
            "label_untitled": "no title",
            "label_colored": "colour {after}",
        },
        "ru": {
            "label_renamed": "переименована в «{after}»",
            "label_untitled": "без названия",
            "label_colored": "цвет {after}",
        },
    },
)
happening(
    "label.moved",
    LabelChanged,
    about="A label has another place.",
    tell=of_label("label_moved"),
    en="moved the label “{title}”",
    ru="метка «{title}» перемещена",
)
happening(
    "label.deleted",
    LabelGone,
    about="A label was deleted, and taken off its tasks.",
    tell=of_label("label_deleted"),
    is_of_many=True,
    en="deleted the label “{title}”",
    ru="метка «{title}» удалена",
)
happening(
    "task.labelled",
    TaskChanged,
    about="A label was put on a task.",
    tell=task_labels,
    en={
        "task_labelled": {
            "=1": "put the label {labels} on “{title}”",
            "other": "put the labels {labels} on “{title}”",
        }
    },
    ru={
        "task_labelled": {
            "=1": "на задачу «{title}» поставлена метка {labels}",
            "other": "на задачу «{title}» поставлены метки {labels}",
        }
    },
    parts={
        "en": {"task_labelled": {"=1": "label {labels}", "other": "labels {labels}"}},
        "ru": {"task_labelled": {"=1": "метка {labels}", "other": "метки {labels}"}},
    },
)
happening(
    "task.unlabelled",
    TaskChanged,
    about="A label was taken off a task.",
    tell=task_labels,
    en={
        "task_unlabelled": {
            "=1": "took the label {labels} off “{title}”",
            "other": "took the labels {labels} off “{title}”",
        }
    },
    ru={
        "task_unlabelled": {
            "=1": "с задачи «{title}» снята метка {labels}",
            "other": "с задачи «{title}» сняты метки {labels}",
        }
    },
    parts={
        "en": {"task_unlabelled": {"=1": "no label {labels}", "other": "no labels {labels}"}},
        "ru": {"task_unlabelled": {"=1": "без метки {labels}", "other": "без меток {labels}"}},
    },
)
