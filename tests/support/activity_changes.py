"""What is said of a board and its columns when they change, one field alone and all at once."""

from typing import Any

from log_scene import Write

BOARD, TODO = "/boards/{board}", "/columns/{todo}"
ALL_OF_BOARD = {"title": "Shop", "description": "Ours", "is_public": True, "color": "#2f80ed"}
ALL_OF_COLUMN = {"title": "Next", "status": "TODO", "task_limit": 5, "limit_is_hard": True}


def patch(path: str, **fields: Any) -> Write:
    return Write("", "PATCH", path, fields)


def put(path: str, **fields: Any) -> Write:
    return Write("", "PUT", path, fields)


Case = tuple[list[Write], str, str]  # the last of the writes is told

OF_BOARDS: list[Case] = [
    ([patch(BOARD, is_public=True)], "anna made the board public", "anna: доска стала публичной"),
    (
        [patch(BOARD, is_public=True), patch(BOARD, is_public=False)],
        "anna made the board private",
        "anna: доска стала закрытой",
    ),
    (
        [patch(BOARD, description="Ours")],
        "anna changed the description of the board",
        "anna: описание доски изменено",
    ),
    (
        [patch(BOARD, color="#2F80ED")],
        "anna changed the colour of the board to #2f80ed",
        "anna: цвет доски изменён на #2f80ed",
    ),
    (
        [patch(BOARD, color="#2f80ed"), patch(BOARD, color=None)],
        "anna removed the colour of the board",
        "anna: цвет доски убран",
    ),
    ([patch(BOARD, is_archived=True)], "anna archived the board", "anna: доска отправлена в архив"),
    (
        [patch(BOARD, is_archived=True), patch(BOARD, is_archived=False)],
        "anna restored the board from the archive",
        "anna: доска возвращена из архива",
    ),
    (
        [put(BOARD, is_archived=True, **ALL_OF_BOARD)],
        (
            "anna changed the board “Website”: renamed to “Shop”; another description; public now; "
            "colour #2f80ed; archived"
        ),
        (
            "anna: доска «Website» изменена: переименована в «Shop»; новое описание; "
            "теперь публичная; цвет #2f80ed; отправлена в архив"
        ),
    ),
    (
        [put(BOARD, is_archived=True, **ALL_OF_BOARD), put(BOARD, title="Shop")],
        (
            "anna changed the board “Shop”: another description; private now; no colour; "
            "restored from the archive"
        ),
        (
            "anna: доска «Shop» изменена: новое описание; теперь закрытая; без цвета; "
            "возвращена из архива"
        ),
    ),
    (
        [Write("", "POST", BOARD + "/users", {"user_id": "{olga}", "role": "OBSERVER"})],
        "anna added olga to the board as an observer",
        "anna: на доску добавлен наблюдатель — olga",
    ),
    (
        [Write("", "DELETE", BOARD + "/users/{vera}", {})],
        "anna removed vera (observer) from the board",
        "anna: с доски удалён наблюдатель — vera",
    ),
    (
        [Write("", "DELETE", BOARD + "/users/{vera}", {}, by="vera")],
        "vera left the board",
        "vera: выход с доски",
    ),
    (
        [Write("", "DELETE", "/users/{anna}", {})],
        "Somebody who is gone deleted their account; the board passed to ivan",
        "Удалённый пользователь: учётная запись удалена; новый владелец доски — ivan",
    ),
]
OF_COLUMNS: list[Case] = [
    (
        [patch(TODO, title="Next")],
        "anna renamed the column “To do” to “Next”",
        "anna: колонка «To do» переименована в «Next»",
    ),
    (
        [patch("/columns/{done}", status=None)],
        "anna let tasks that enter the column “Done” keep their status",
        "anna: попадая в колонку «Done», задачи теперь сохраняют свой статус",
    ),
    (
        [patch("/columns/{full}", task_limit=None)],
        "anna removed the task limit of the column “Full”",
        "anna: в колонке «Full» число задач больше не ограничено",
    ),
    (
        [patch(TODO, limit_is_hard=True)],
        "anna made the task limit of the column “To do” hard",
        "anna: ограничение числа задач в колонке «To do» стало жёстким",
    ),
    (
        [patch("/columns/{full}", limit_is_hard=False)],
        "anna made the task limit of the column “Full” soft",
        "anna: ограничение числа задач в колонке «Full» стало мягким",
    ),
    (
        [patch(TODO, color="#2f80ed")],
        "anna changed the colour of the column “To do” to #2f80ed",
        "anna: цвет колонки «To do» изменён на #2f80ed",
    ),
    (
        [patch(TODO, color="#2f80ed"), patch(TODO, color=None)],
        "anna removed the colour of the column “To do”",
        "anna: цвет колонки «To do» убран",
    ),
    (
        [put(TODO, color="#2f80ed", **ALL_OF_COLUMN)],
        (
            "anna changed the column “To do”: renamed to “Next”; tasks that enter it become “to do”; "
            "at most 5 tasks; the task limit is hard; colour #2f80ed"
        ),
        (
            "anna: колонка «To do» изменена: переименована в «Next»; "
            "попадая в неё, задачи получают статус «новая»; не более 5 задач; "
            "ограничение числа задач жёсткое; цвет #2f80ed"
        ),
    ),
    (
        [put(TODO, color="#2f80ed", **ALL_OF_COLUMN), put(TODO, title="Next")],
        (
            "anna changed the column “Next”: tasks that enter it keep their status; no task limit; "
            "the task limit is soft; no colour"
        ),
        (
            "anna: колонка «Next» изменена: попадая в неё, задачи сохраняют свой статус; "
            "число задач не ограничено; ограничение числа задач мягкое; без цвета"
        ),
    ),
]
