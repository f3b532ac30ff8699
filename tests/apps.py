"""Further applications beside the one of the run, with other settings or another database."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from tortoise import context

from api import Api
from conftest import settings_for
from doska.main import create_app
from doska.settings import Settings


@asynccontextmanager
async def another_api(url: str, **settings: object) -> AsyncIterator[Api]:
    """Serve with settings of one's own; Tortoise knows one application of a process at a time."""
    outer, context._global_context = context._global_context, None  # noqa: SLF001  # no other way
    try:
        with context.TortoiseContext():
            usual = settings_for(url).model_dump()
            app = create_app(Settings(_env_file=None, **{**usual, **settings}))
            async with app.router.lifespan_context(app):
                yield Api(app)
    finally:
        context._global_context = outer  # noqa: SLF001
