"""What is said of every kind of write, in both languages."""

from log_scene import WRITES

# In the order of WRITES; the board is that of ``activity_scene``.
SENTENCES = [
    (
        "anna renamed the board from “Website” to “Shop”",
        "anna: доска «Website» переименована в «Shop»",
    ),
    (
        "anna changed the board “Website”: renamed to “Shop”; archived",
        "anna: доска «Website» изменена: переименована в «Shop»; отправлена в архив",
    ),
    ("anna added olga to the board as a member", "anna: на доску добавлен участник — olga"),
    (
        "anna changed the role of ivan from member to moderator",
        "anna: ivan — теперь модератор (прежде участник)",
    ),
    ("anna handed the board over to ivan", "anna: доска передана, её новый владелец — ivan"),
    (
        "anna removed ivan (member) from the board and from 2 tasks",
        "anna: с доски удалён участник — ivan, снят с 2 задач",
    ),
    ("ivan left the board and 2 tasks", "ivan: выход с доски и из 2 задач"),
    ("anna created the column “Review”", "anna: колонка «Review» создана"),
    (
        "anna set the status of tasks that enter the column “To do” to “done”",
        "anna: попадая в колонку «To do», задачи теперь получают статус «завершена»",
    ),
    (
        "anna changed the column “Done”: renamed to “Over”; tasks that enter it keep their status",
        (
            "anna: колонка «Done» изменена: переименована в «Over»; "
            "попадая в неё, задачи сохраняют свой статус"
        ),
    ),
    ("anna archived the column “To do”", "anna: колонка «To do» отправлена в архив"),
    ("anna moved the column “To do”", "anna: колонка «To do» перемещена"),
    ("anna deleted the column “Empty”", "anna: колонка «Empty» удалена"),
    (
        "anna deleted the column “To do” with 2 tasks",
        "anna: колонка «To do» удалена вместе с 2 задачами",
    ),
    (
        "anna deleted the column “To do”; its 2 tasks moved to “Done”",
        "anna: колонка «To do» удалена, 2 задачи перемещены в «Done»",
    ),
    (
        "anna deleted the column “Done”; its 1 task moved to “Empty”",
        "anna: колонка «Done» удалена, 1 задача перемещена в «Empty»",
    ),
    ("ivan created “Say” in “Done”", "ivan: задача «Say» создана в колонке «Done»"),
    (
        "anna created “Say” in “To do”; assigned to anna and ivan",
        "anna: задача «Say» создана в колонке «To do»; добавлены исполнители — anna и ivan",
    ),
    (
        "anna set the due date of “Draw” to 31 December 2026, 18:00",
        "anna: задаче «Draw» назначен срок: 31 декабря 2026 г., 18:00",
    ),
    (
        "ivan changed “Draw”: assigned to vera; no longer assigned to anna and ivan",
        (
            "ivan: задача «Draw» изменена: добавлен исполнитель — vera; "
            "сняты исполнители — anna и ivan"
        ),
    ),
    (
        "anna changed the status of “Draw” from “to do” to “done”",
        "anna: статус задачи «Draw» изменён с «новая» на «завершена»",
    ),
    (
        (
            "anna changed “Draw”: renamed to “Say”; moved from “To do” to “Done”; "
            "status “done” instead of “to do”"
        ),
        (
            "anna: задача «Draw» изменена: переименована в «Say»; перемещена из «To do» в «Done»; "
            "статус «завершена» вместо «новая»"
        ),
    ),
    ("anna archived “Draw”", "anna: задача «Draw» отправлена в архив"),
    ("anna restored “Kept” from the archive", "anna: задача «Kept» возвращена из архива"),
    (
        "anna changed “Draw”: renamed to “Say”; no longer assigned to anna and ivan",
        "anna: задача «Draw» изменена: переименована в «Say»; сняты исполнители — anna и ivan",
    ),
    ("ivan moved “Draw” within “To do”", "ivan: задача «Draw» перемещена внутри колонки «To do»"),
    (
        "anna moved “Draw” from “To do” to “Done”",
        "anna: задача «Draw» перемещена из «To do» в «Done»",
    ),
    ("anna assigned “Paint” to anna", "anna: к задаче «Paint» добавлен исполнитель — anna"),
    ("ivan unassigned anna from “Draw”", "ivan: с задачи «Draw» снят исполнитель — anna"),
    ("ivan deleted “Draw”", "ivan: задача «Draw» удалена"),
    ("anna added the subtask “Ink” to “Paint”", "anna: подзадача «Ink» добавлена к задаче «Paint»"),
    (
        "ivan completed the subtask “Ink” of “Draw”",
        "ivan: подзадача «Ink» задачи «Draw» выполнена",
    ),
    (
        "anna renamed the subtask “Ink” of “Draw” to “Oil”",
        "anna: подзадача «Ink» задачи «Draw» переименована в «Oil»",
    ),
    (
        "anna moved the subtask “Ink” within “Draw”",
        "anna: подзадача «Ink» перемещена внутри задачи «Draw»",
    ),
    (
        "anna deleted the subtask “Sketch” of “Draw”",
        "anna: подзадача «Sketch» задачи «Draw» удалена",
    ),
    ("anna created the label “#2f80ed”", "anna: метка «#2f80ed» создана"),
    (
        "anna changed the label “Bug”: renamed to “Defect”; colour #2f80ed",
        "anna: метка «Bug» изменена: переименована в «Defect»; цвет #2f80ed",
    ),
    (
        "anna changed the label “Bug”: no title; colour #2f80ed",
        "anna: метка «Bug» изменена: без названия; цвет #2f80ed",
    ),
    ("anna moved the label “Bug”", "anna: метка «Bug» перемещена"),
    ("anna deleted the label “Bug”", "anna: метка «Bug» удалена"),
    ("ivan put the label “Idea” on “Draw”", "ivan: на задачу «Draw» поставлена метка «Idea»"),
    ("ivan took the label “Bug” off “Draw”", "ivan: с задачи «Draw» снята метка «Bug»"),
    (
        "anna changed “Draw”: label “Idea”; no label “Bug”",
        "anna: задача «Draw» изменена: метка «Idea»; без метки «Bug»",
    ),
    ("anna commented on “Draw”: “Or @ivan?”", "anna: комментарий к «Draw»: «Or @ivan?»"),
    ("anna edited a comment on “Draw”: “In oil?”", "anna: комментарий к «Draw» изменён: «In oil?»"),
    (
        "anna edited a comment on “Draw”: “In oil, @anna?”",
        "anna: комментарий к «Draw» изменён: «In oil, @anna?»",
    ),
    (
        "anna deleted a comment on “Draw”: “@ivan, in oil?”",
        "anna: комментарий к «Draw» удалён: «@ivan, in oil?»",
    ),
    (
        "anna deleted a comment by ivan on “Draw”: “In **ink**”",
        "anna: комментарий к «Draw» (ivan) удалён: «In **ink**»",
    ),
    (
        "ivan reacted with ❤️ to a comment on “Draw”",
        "ivan: реакция ❤️ на комментарий к «Draw»",
    ),
    (
        "anna removed the reaction 👍 from a comment on “Draw”",
        "anna: реакция 👍 на комментарий к «Draw» убрана",
    ),
    (
        "anna added the link “https://example.com/a” to “Paint”",
        "anna: к задаче «Paint» добавлена ссылка «https://example.com/a»",
    ),
    (
        "ivan renamed the attachment “Plan” of “Draw” to “Sketch”",
        "ivan: вложение «Plan» задачи «Draw» переименовано в «Sketch»",
    ),
    (
        "anna removed the link “Plan” from “Draw”",
        "anna: из задачи «Draw» удалена ссылка «Plan»",
    ),
    (
        "Ivan I. changed their profile",
        "Ivan I.: профиль изменён",
    ),
    (
        "Somebody who is gone deleted their account",
        "Удалённый пользователь: учётная запись удалена",
    ),
]
OF_WRITES = list(zip(WRITES, SENTENCES, strict=True))  # a write without words fails here
