"""The same work as most would write it first: FastAPI, and Tortoise's ``get`` and ``save``.

On Doska's own tables. It leaves out sign-in, rights, checks beyond types, positions (a task is put
anywhere in its column), transactions, versions, the log and whoever follows it.
"""

import os
import random
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, date, datetime
from uuid import UUID

import uvicorn
from fastapi import FastAPI
from pydantic import BaseModel, ConfigDict
from tortoise.contrib.fastapi import RegisterTortoise

from doska.boards.models import Column
from doska.postgres.database import MODEL_MODULES
from doska.schemas import new_id
from doska.tasks.models import Task


class TaskNew(BaseModel):
    """A new task."""

    column_id: UUID
    title: str
    description: str = ""


class TaskPatch(BaseModel):
    """What to change of a task."""

    title: str


class TaskMove(BaseModel):
    """Where to put a task."""

    after: UUID


class TaskOut(BaseModel):
    """A task, without what belongs to it."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID
    number: int
    board_id: UUID
    column_id: UUID
    title: str
    description: str
    status: str
    priority: str
    color: str | None
    due_at: datetime | None
    due_on: date | None
    author_id: UUID | None
    rank: str | None
    version: int
    created_at: datetime
    updated_at: datetime
    completed_at: datetime | None


@asynccontextmanager
async def _lifespan(app: FastAPI) -> AsyncIterator[None]:
    pool = f"minsize={os.environ['NAIVE_POOL_MIN']}&maxsize={os.environ['NAIVE_POOL_MAX']}"
    url = os.environ["NAIVE_DATABASE_URL"].replace("postgresql:", "asyncpg:")
    url = url.replace("postgres:", "asyncpg:")
    database = f"{url}{'&' if '?' in url else '?'}{pool}"
    async with RegisterTortoise(app, db_url=database, modules={"models": MODEL_MODULES}):
        yield


app = FastAPI(lifespan=_lifespan)


@app.get("/health/ready")
async def ready() -> dict[str, str]:
    """Tell that it runs."""
    return {}


@app.post("/tasks", status_code=201, response_model=TaskOut)
async def create_task(body: TaskNew) -> Task:
    """Create a task."""
    column = await Column.get(id=body.column_id)
    now = datetime.now(UTC)
    return await Task.create(
        id=new_id(),
        board_id=column.board_id,  # type: ignore[attr-defined]  # Tortoise adds it
        column_id=column.id,
        number=random.getrandbits(31) or 1,
        title=body.title,
        description=body.description,
        rank=_anywhere(),
        priority="MEDIUM",
        status="TODO",
        created_at=now,
        updated_at=now,
    )


@app.patch("/tasks/{task_id}", response_model=TaskOut)
async def update_task(task_id: UUID, body: TaskPatch) -> Task:
    """Change some of a task's fields."""
    task = await Task.get(id=task_id)
    task.update_from_dict(body.model_dump(exclude_unset=True))
    return await _saved(task)


@app.post("/tasks/{task_id}/move", response_model=TaskOut)
async def move_task(task_id: UUID, body: TaskMove) -> Task:
    """Move a task to where another is."""
    task, other = await Task.get(id=task_id), await Task.get(id=body.after)
    task.column_id, task.rank = other.column_id, _anywhere()  # type: ignore[attr-defined]
    return await _saved(task)


async def _saved(task: Task) -> Task:
    task.updated_at = datetime.now(UTC)
    await task.save()
    return task


def _anywhere() -> str:
    """Give a key of an order that nobody looks at; Doska, on the same tables, has to read it."""
    return f"a0{random.getrandbits(64):016x}1"


def main() -> None:
    """Serve at a port of this machine."""
    uvicorn.run(
        app,
        port=int(sys.argv[1]),
        loop="uvloop",
        http="httptools",
        access_log=False,
        log_level="warning",
    )


if __name__ == "__main__":
    main()
