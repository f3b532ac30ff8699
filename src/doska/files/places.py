"""Which store the settings name."""

from doska.files.disk import Disk
from doska.files.store import Store
from doska.postgres.embedded import default_data_dir
from doska.settings import Settings


def open_store(settings: Settings) -> Store:
    """Return the store; nothing is made before the first file comes."""
    folder = settings.files_dir or (settings.data_dir or default_data_dir()) / "files"
    return Disk(folder.expanduser().resolve())
