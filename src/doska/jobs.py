"""All jobs of the program, and which of them come every night."""

from doska.accounts import tellings
from doska.attachments import drawing, sweeping
from doska.background.jobs import Handlers
from doska.boards.limits import Limits
from doska.doors import forgetting, running
from doska.files.store import Store
from doska.settings import Settings

NIGHTLY_JOBS = (sweeping.NIGHTLY,)


def import_handlers(settings: Settings, limits: Limits, store: Store) -> Handlers:
    """Return those that have a worker of their own: they take longer than others can wait."""
    return {**running.handlers(store, settings, limits), **forgetting.handlers(store)}


def all_handlers(settings: Settings, limits: Limits, store: Store) -> Handlers:
    """Return the handlers of all jobs, by name."""
    return {
        **tellings.handlers(limits),
        **sweeping.handlers(store, settings),
        **drawing.handlers(store),
    }
