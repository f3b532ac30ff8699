"""What is said of tasks and subtasks when they change, one field alone and all at once."""

from activity_changes import Case, patch, put
from log_scene import Write

DRAW, INK = "/tasks/{draw}", "/subtasks/{ink}"
ALL_OF_TASK = {
    "column_id": "{empty}",
    "title": "Say",
    "status": "REJECTED",
    "priority": "HIGH",
    "due_at": "2026-12-31T18:00:00Z",
    "color": "#2f80ed",
    "description": "Loud",
    "is_archived": True,
    "assignee_ids": ["{vera}", "{ivan}", "{anna}"],
}
NOTHING_OF_TASK = {
    "column_id": "{todo}",
    "title": "Draw",
    "status": "IN_PROGRESS",
    "priority": "LOW",
    "is_archived": False,
    "assignee_ids": [],
}

OF_TASKS: list[Case] = [
    (
        [patch(DRAW, title="Say")],
        "anna renamed “Draw” to “Say”",
        "anna: задача «Draw» переименована в «Say»",
    ),
    (
        [patch(DRAW, column_id="{empty}")],
        "anna moved “Draw” from “To do” to “Empty”",
        "anna: задача «Draw» перемещена из «To do» в «Empty»",
    ),
    (
        [patch(DRAW, priority="LOW")],
        "anna changed the priority of “Draw” from “medium” to “low”",
        "anna: приоритет задачи «Draw» изменён с «средний» на «низкий»",
    ),
    (
        [patch(DRAW, due_at="2026-12-31T18:00Z"), patch(DRAW, due_at="2027-02-01T09:05:59Z")],
        "anna changed the due date of “Draw” from 31 December 2026, 18:00 to 1 February 2027, 09:05",
        (
            "anna: срок задачи «Draw» изменён: 1 февраля 2027 г., 09:05 "
            "вместо 31 декабря 2026 г., 18:00"
        ),
    ),
    (
        [patch(DRAW, due_at="2026-12-31T18:00Z"), patch(DRAW, due_at=None)],
        "anna removed the due date of “Draw”",
        "anna: задача «Draw» теперь без срока",
    ),
    (
        [patch(DRAW, due_on="2026-05-03")],
        "anna set the due date of “Draw” to 3 May 2026",
        "anna: задаче «Draw» назначен срок: 3 мая 2026 г.",
    ),
    (
        [patch(DRAW, due_at="2026-12-31T18:00Z"), patch(DRAW, due_on="2026-05-03")],
        "anna changed the due date of “Draw” from 31 December 2026, 18:00 to 3 May 2026",
        "anna: срок задачи «Draw» изменён: 3 мая 2026 г. вместо 31 декабря 2026 г., 18:00",
    ),
    (
        [patch(DRAW, due_on="2026-05-03"), patch(DRAW, due_on=None)],
        "anna removed the due date of “Draw”",
        "anna: задача «Draw» теперь без срока",
    ),
    (
        [patch(DRAW, color="#2f80ed")],
        "anna changed the colour of “Draw” to #2f80ed",
        "anna: цвет задачи «Draw» изменён на #2f80ed",
    ),
    (
        [patch(DRAW, color="#2f80ed"), patch(DRAW, color=None)],
        "anna removed the colour of “Draw”",
        "anna: цвет задачи «Draw» убран",
    ),
    (
        [patch(DRAW, description="Loud")],
        "anna changed the description of “Draw”",
        "anna: описание задачи «Draw» изменено",
    ),
    (
        [patch(DRAW, assignee_ids=["{anna}", "{ivan}", "{vera}"])],
        "anna assigned “Draw” to vera",
        "anna: к задаче «Draw» добавлен исполнитель — vera",
    ),
    (
        [patch(DRAW, assignee_ids=[])],
        "anna unassigned anna and ivan from “Draw”",
        "anna: с задачи «Draw» сняты исполнители — anna и ivan",
    ),
    (
        [patch(DRAW, assignee_ids=[]), put(DRAW, assignee_ids=["{vera}", "{ivan}"], title="Draw")],
        "anna assigned “Draw” to ivan and vera",
        "anna: к задаче «Draw» добавлены исполнители — ivan и vera",
    ),
    (
        [patch(DRAW, assignee_ids=[]), patch(DRAW, **ALL_OF_TASK)],
        (
            "anna changed “Draw”: renamed to “Say”; moved from “To do” to “Empty”; "
            "status “rejected” instead of “to do”; priority “high” instead of “medium”; "
            "due on 31 December 2026, 18:00; colour #2f80ed; another description; archived; "
            "assigned to anna, ivan and vera"
        ),
        (
            "anna: задача «Draw» изменена: переименована в «Say»; перемещена из «To do» в «Empty»; "
            "статус «отклонена» вместо «новая»; приоритет «высокий» вместо «средний»; "
            "срок 31 декабря 2026 г., 18:00; цвет #2f80ed; новое описание; отправлена в архив; "
            "добавлены исполнители — anna, ivan и vera"
        ),
    ),
    (
        [patch(DRAW, **ALL_OF_TASK), put(DRAW, **NOTHING_OF_TASK)],
        (
            "anna changed “Say”: renamed to “Draw”; moved from “Empty” to “To do”; "
            "status “in progress” instead of “rejected”; priority “low” instead of “high”; "
            "no due date; no colour; another description; restored from the archive; "
            "no longer assigned to anna, ivan and vera"
        ),
        (
            "anna: задача «Say» изменена: переименована в «Draw»; перемещена из «Empty» в «To do»; "
            "статус «в процессе» вместо «отклонена»; приоритет «низкий» вместо «высокий»; "
            "без срока; без цвета; новое описание; возвращена из архива; "
            "сняты исполнители — anna, ivan и vera"
        ),
    ),
    (
        [
            patch(DRAW, due_at="2026-12-31T18:00Z", assignee_ids=["{ivan}"]),
            patch(DRAW, due_at="2027-01-01T00:00Z", assignee_ids=[]),
        ],
        (
            "anna changed “Draw”: due on 1 January 2027, 00:00 instead of 31 December 2026, 18:00; "
            "no longer assigned to ivan"
        ),
        (
            "anna: задача «Draw» изменена: срок 1 января 2027 г., 00:00 "
            "вместо 31 декабря 2026 г., 18:00; снят исполнитель — ivan"
        ),
    ),
    (
        [Write("", "POST", "/tasks", {"column_id": "{todo}", "title": "A", "is_archived": True})],
        "anna created “A” in “To do”; archived",
        "anna: задача «A» создана в колонке «To do»; отправлена в архив",
    ),
    (
        [patch(INK, is_completed=True), patch(INK, is_completed=False)],
        "anna reopened the subtask “Ink” of “Draw”",
        "anna: подзадача «Ink» задачи «Draw» снова открыта",
    ),
    (
        [put(INK, title="Oil", is_completed=True)],
        "anna changed the subtask “Ink” of “Draw”: renamed to “Oil”; completed",
        "anna: подзадача «Ink» задачи «Draw» изменена: переименована в «Oil»; выполнена",
    ),
    (
        [put(INK, title="Oil", is_completed=True), put(INK, title="Ink")],
        "anna changed the subtask “Oil” of “Draw”: renamed to “Ink”; reopened",
        "anna: подзадача «Oil» задачи «Draw» изменена: переименована в «Ink»; снова открыта",
    ),
]
