"""Lets the toy kinds be part of the program, and of what its tests do: see ``test_toy_kinds``.

Loaded before all else. What it does to the program is what a new feature touches outside of its own
package: ``tasks/pieces.py`` and ``features.py`` (that its declarations are read), ``main.py`` (its
routes), a migration.
"""

import sys
from typing import Any

import asyncpg
import toy_declared  # before the tasks are: what is beside them is part of their schema

from doska.postgres import migration

_migrate = migration.migrate


async def _migrate_with_toys(settings: Any) -> list[str]:
    done = await _migrate(settings)
    if done:
        connection = await asyncpg.connect(settings.database_url.get_secret_value())
        await connection.execute(toy_declared.TABLES)
        await connection.close()
    return done


migration.migrate = _migrate_with_toys

import toy  # noqa: E402

from doska import features, main  # noqa: E402

main.ROUTERS = (*main.ROUTERS, toy.stickers, toy.notes)  # type: ignore[assignment]
features.check_declarations()


# Let the stories of the tests have stickers and notes in them.

import batch_twins  # noqa: E402  # which need the application as it is now
import log_board  # noqa: E402
import log_scene  # noqa: E402
import log_world  # noqa: E402
from batches import op  # noqa: E402

log_board.OF_BOARD |= {"stickers": "x.board_id = $1", "notes": "x.board_id = $1"}
log_world.TEMPLATES += [
    ("POST", "/stickers", {"task_id": "{task}", "title": "Urgent"}),
    ("POST", "/stickers", {"task_id": "{other_task}", "title": "Nice"}),
    ("DELETE", "/stickers/{sticker}", {}),
    ("POST", "/notes", {"task_id": "{task}", "body": "As I said"}),
    ("PATCH", "/notes/{note}", {"body": "As you said"}),
    ("DELETE", "/notes/{note}", {}),
]
log_scene.WRITES += [
    log_scene.Write(f"{noun}.{what}", "", "", {})
    for noun, told in {
        "sticker": ("created", "deleted"),
        "note": ("created", "updated", "deleted"),
    }.items()
    for what in told
]
batch_twins.TEMPLATES += [
    op("create_sticker", {"title": "Urgent", "task_id": "{task}"}),
    op("create_sticker", {"title": "Nice", "task_id": "{other_task}"}),
    op("create_note", {"body": "As I said", "task_id": "{task}"}),
    op("update_note", {"body": "As you said"}, note_id="{note}"),
    op("delete_note", note_id="{note}"),
    op("delete_sticker", sticker_id="{sticker}"),
]


def pytest_sessionstart() -> None:
    """Empty their tables, too."""
    conftest: Any = sys.modules["conftest"]
    conftest.TABLES = f"stickers, notes, {conftest.TABLES}"
    conftest.TRUNCATE_ALL = f"truncate {conftest.TABLES}"
    conftest.DELETE_ALL = conftest.DELETE_ALL.replace(
        "replica;", "replica; delete from stickers; delete from notes;"
    )
