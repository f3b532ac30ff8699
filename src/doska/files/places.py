"""Which store the settings name."""

from pathlib import Path
from typing import Any

from doska.files.buckets import Bucket
from doska.files.disk import Disk
from doska.files.store import Store
from doska.postgres.embedded import default_data_dir
from doska.settings import Settings


def open_store(settings: Settings) -> Store:
    """Return the store; nothing is made before the first file comes."""
    if settings.files_s3_url:
        return _bucket(settings, settings.files_s3_url)
    return Disk(files_folder(settings))


def files_folder(settings: Settings) -> Path:
    """Return the folder of files, where they are on a disk."""
    folder = settings.files_dir or (settings.data_dir or default_data_dir()) / "files"
    return folder.expanduser().resolve()


def _bucket(settings: Settings, url: str) -> Store:
    """Open a bucket; what is not set comes from the environment, as AWS's own tools have it."""
    secret = settings.files_s3_secret_key
    given: dict[str, Any] = {
        "endpoint": settings.files_s3_endpoint,
        "region": settings.files_s3_region,
        "access_key_id": settings.files_s3_access_key,
        "secret_access_key": secret.get_secret_value() if secret else None,
    }
    options = {name: value for name, value in given.items() if value is not None}
    is_plain = (settings.files_s3_endpoint or "").startswith("http://")
    return Bucket(url, client_options={"allow_http": is_plain}, **options)
