"""Further applications beside the one of the run, with other settings or another database."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI
from pydantic import SecretStr
from tortoise import context

from api import Api
from conftest import settings_for
from doska.http.logs import configure_logging
from doska.main import create_app
from doska.settings import Settings

_made: dict[str, FastAPI] = {}


def app_with(settings: Settings) -> FastAPI:
    """Make an application, or take one with these settings that has ended: it begins anew."""
    app = _made.pop(_named(settings), None) or create_app(settings)
    configure_logging(settings.log_level)
    return app


def _named(settings: Settings) -> str:
    """Tell settings apart, the secret ones too, which show themselves to nobody."""
    values = [value for _, value in settings]
    return repr([v.get_secret_value() if isinstance(v, SecretStr) else v for v in values])


@asynccontextmanager
async def another_api(url: str, **settings: object) -> AsyncIterator[Api]:
    """Serve with settings of one's own; Tortoise knows one application of a process at a time."""
    outer, context._global_context = context._global_context, None  # noqa: SLF001  # no other way
    try:
        with context.TortoiseContext():
            usual = settings_for(url).model_dump()
            wanted = Settings(_env_file=None, **{**usual, **settings})
            app = app_with(wanted)
            async with app.router.lifespan_context(app):
                yield Api(app)
            _made[_named(wanted)] = app
    finally:
        context._global_context = outer  # noqa: SLF001
