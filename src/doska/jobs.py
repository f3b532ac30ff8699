"""All jobs of the program, and which of them come every night."""

from doska.accounts import tellings
from doska.attachments import drawing, sweeping
from doska.background.jobs import Handlers
from doska.boards import trimming
from doska.boards.limits import Limits
from doska.files.store import Store
from doska.identity import ending
from doska.settings import Settings

NIGHTLY_JOBS = (sweeping.NIGHTLY, trimming.NIGHTLY, ending.NIGHTLY)


def all_handlers(settings: Settings, limits: Limits, store: Store) -> Handlers:
    """Return the handlers of all jobs, by name."""
    return {
        **tellings.handlers(limits),
        **sweeping.handlers(store, settings),
        **drawing.handlers(store),
        **trimming.handlers(settings),
        **ending.handlers(),
    }
