"""Where everything is assembled: the only module that knows every part."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from tortoise.contrib.fastapi import RegisterTortoise

from doska import __version__
from doska.about import about
from doska.accounts.links_router import password
from doska.accounts.router import accounts, registration
from doska.activity.languages import check_words
from doska.activity.router import activity
from doska.attachments.router import FILES_POSTED, attachments, attachments_of_task
from doska.background.followers import Followers
from doska.background.jobs import Jobs
from doska.background.listener import open_listener
from doska.background.notices import open_notices
from doska.background.schedule import Schedule
from doska.background.worker import running
from doska.batch.router import batches
from doska.boards.invitations_router import inviting
from doska.boards.limits import Limits as BoardLimits
from doska.boards.router import board_people, boards, boards_of_user
from doska.boards.turns import Turns
from doska.browser import browser
from doska.comments.router import comments, comments_of_task
from doska.doors.export.router import exporting
from doska.doors.export.spool import Exports
from doska.doors.router import IMPORTS_POSTED, extras_of_board, extras_of_task, imports
from doska.errors import DoskaError
from doska.features import check_declarations
from doska.files.places import open_store
from doska.files.uploads import Uploads
from doska.health import Readiness, health
from doska.http.application import Application
from doska.http.bodies import BodyRefused
from doska.http.body_limit import BodyLimit, Bounds
from doska.http.documentation import DESCRIPTION, TAGS, documentation
from doska.http.logs import configure_logging
from doska.http.middleware import (
    CrossOriginProtection,
    FieldLines,
    FinishedHeaders,
    HeadAsGet,
    OriginHeaders,
)
from doska.http.overload import InFlight, Slots
from doska.http.places import Places
from doska.http.subpath import SubPath
from doska.http.telemetry import HEADER, Telemetry, Unexpected
from doska.identity.bucket import Buckets
from doska.identity.credentials import Passwords, Tokens
from doska.identity.failures import Limits
from doska.identity.quotas import Quotas
from doska.identity.router import auth, me, users
from doska.identity.uses import open_uses
from doska.jobs import NIGHTLY_JOBS, all_handlers, import_handlers
from doska.live.hub import open_hub
from doska.live.router import board_events
from doska.live.signals import when_told_to_stop
from doska.live.snapshot import Snapshots
from doska.live.snapshot_router import snapshots
from doska.live.task_router import one_task
from doska.loading import load_settings
from doska.openapi import describe
from doska.postgres.database import tortoise_config
from doska.postgres.errors import DATABASE_ERRORS
from doska.refusing import (
    METHODS,
    refuse,
    refuse_body,
    refuse_database,
    refuse_http,
    refuse_input,
)
from doska.settings import Settings
from doska.tasks.columns_router import columns, columns_of_board
from doska.tasks.labels_router import labels, labels_of_board, labels_of_task
from doska.tasks.router import tasks, tasks_of_column
from doska.tasks.subtasks_router import subtasks, subtasks_of_task
from doska.tokens.router import tokens
from doska.undo.router import undoing

ROUTERS = (
    snapshots, one_task, tasks, tasks_of_column, subtasks, subtasks_of_task, columns, columns_of_board,
    labels, labels_of_board, labels_of_task, comments, comments_of_task,
    attachments, attachments_of_task, imports, extras_of_board, extras_of_task, exporting,
    board_events, activity, undoing, batches, boards, boards_of_user, board_people, inviting,
    me, registration, password, auth, tokens, users, accounts, health, about,
)  # fmt: skip

FILE_BYTES_A_SECOND_MIN = 16_000  # slower ones would keep others from their turn

EXPOSED = [
    "Accept-Patch", "Accept-Post", "Accept-Ranges", "Content-Disposition", "Content-Range",
    "Doska-Event", "Doska-Seq", "ETag", "Idempotency-Replayed", "Link",
    "Location", "Preference-Applied", "RateLimit", "RateLimit-Policy", "Retry-After", HEADER,
]  # fmt: skip
ACCEPTED = [
    "Authorization", "Content-Type", "Doska-Person", "If-Match", "If-None-Match", "If-Range",
    "Idempotency-Key",
    "Last-Event-ID", "Prefer", "Range", "traceparent", "tracestate", "baggage", "sentry-trace",
]  # fmt: skip


def create_app(settings: Settings | None = None) -> FastAPI:
    """Make the application; without settings, those of the environment."""
    settings = settings or load_settings()
    configure_logging(settings.log_level)
    check_declarations()
    check_words()
    app = Application(
        title="Doska",
        version=__version__,
        description=DESCRIPTION,
        openapi_tags=TAGS,
        docs_url=None,
        redoc_url=None,
        openapi_url="/openapi.json" if settings.docs else None,
        lifespan=_lifespan,
        separate_input_output_schemas=False,
        telemetry={"tracing": False, "metrics": False, "logs": False},  # we have our own
        redirect_slashes=False,  # the address would be built from the client's Host header
    )
    app.state.settings = settings
    app.state.board_limits = BoardLimits(settings)
    app.state.slots = Slots(settings.requests_in_flight_max)
    app.state.turns = Turns(settings)
    app.state.readiness = Readiness()
    app.state.store = open_store(settings)
    app.state.uploads = Uploads(settings.uploads_in_flight_max, settings.uploads_per_user_max)
    app.state.exports, app.state.import_waits = Exports(), Places()
    app.state.snapshots = Snapshots(settings.snapshot_cache_mb << 20)
    _add_routes(app, settings)
    _add_middleware(app, settings)
    _add_handlers(app)
    app.openapi = lambda: describe(app)  # type: ignore[method-assign]
    return app


@asynccontextmanager
async def _lifespan(app: FastAPI) -> AsyncIterator[None]:
    settings: Settings = app.state.settings
    if settings.secret_key is None:
        raise RuntimeError("DOSKA_SECRET_KEY is missing")
    key = settings.secret_key.get_secret_value()
    app.state.tokens = Tokens(key, settings)
    app.state.limits = Limits(key, settings)
    app.state.buckets = Buckets(settings.sign_in_attempts_a_minute)
    app.state.passwords = Passwords(settings)
    app.state.quotas = Quotas(settings.requests_a_minute)
    tortoise = RegisterTortoise(app, config=tortoise_config(settings), add_exception_handlers=False)
    app.state.jobs = Jobs(all_handlers(settings, app.state.board_limits, app.state.store))
    app.state.imports = Jobs(import_handlers(settings, app.state.board_limits, app.state.store))
    async with (
        tortoise,
        open_uses() as uses,
        open_listener(settings) as listener,
        open_notices(settings, listener),
        open_hub(settings, listener) as hub,
    ):
        app.state.uses, app.state.hub = uses, hub
        own = (app.state.jobs, app.state.imports, Followers(listener), Schedule(NIGHTLY_JOBS))
        workers = own if settings.background else ()
        async with running(*workers):
            with when_told_to_stop(hub.end_all):
                yield
    app.state.passwords.close()


def _add_routes(app: FastAPI, settings: Settings) -> None:
    # Flat, because an included router is searched twice; this was a fifth of a small request.
    app.router.routes.extend(route for router in ROUTERS for route in router.routes)
    if settings.docs:
        documentation(app)
    browser(app, settings)


def _add_middleware(app: FastAPI, settings: Settings) -> None:
    """Add the layers from the inside out; all are pure ASGI."""
    app.add_middleware(
        BodyLimit,
        usual=Bounds(settings.max_body_bytes, settings.max_body_seconds),
        streamed={
            FILES_POSTED: _files(settings.attachment_mb_max, settings.upload_seconds_max),
            IMPORTS_POSTED: _files(settings.import_mb_max, settings.import_seconds_max),
        },
    )
    app.add_middleware(CrossOriginProtection, origins=settings.origins)
    app.add_middleware(InFlight, slots=app.state.slots)
    app.add_middleware(Unexpected)
    app.add_middleware(
        OriginHeaders,
        allow_origins=settings.allowed_origins,
        allow_credentials=True,
        allow_methods=METHODS,
        allow_headers=[*ACCEPTED, *settings.allowed_headers],
        expose_headers=EXPOSED,
    )
    if settings.base_path:
        app.add_middleware(SubPath, path=settings.base_path)
    app.add_middleware(HeadAsGet)
    app.add_middleware(Telemetry)
    app.add_middleware(FinishedHeaders, is_https=settings.is_https)  # also of a 500
    app.add_middleware(FieldLines)  # outermost: whatever reads a header reads all its lines


def _files(megabytes_max: int, seconds_max: float) -> Bounds:
    return Bounds(megabytes_max << 20, seconds_max, FILE_BYTES_A_SECOND_MIN)


def _add_handlers(app: FastAPI) -> None:
    app.add_exception_handler(DoskaError, refuse)
    app.add_exception_handler(RequestValidationError, refuse_input)
    app.add_exception_handler(BodyRefused, refuse_body)
    app.add_exception_handler(HTTPException, refuse_http)
    for kind in DATABASE_ERRORS:
        app.add_exception_handler(kind, refuse_database)
