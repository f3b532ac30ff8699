"""How many files may arrive at once: in this process, and of one person."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import ClassVar

from doska.errors import TooManyRequests, Unavailable
from doska.http.places import Places


class TooManyUploads(TooManyRequests):
    """Too many files of yours are being uploaded: wait until one has arrived."""

    example: ClassVar[dict[str, object]] = {"limit": 2, "of": "uploads of a person"}


class UploadsBusy(Unavailable):
    """Too many files are being uploaded: try again."""

    headers: ClassVar[dict[str, str]] = {"Retry-After": "5"}


class Uploads:
    """Counts them; nobody waits for a place with a connection open."""

    def __init__(self, at_once_max: int, per_user_max: int) -> None:
        self._at_once_max, self._per_user_max = at_once_max, per_user_max
        self._places = Places()

    @contextmanager
    def one_of(self, user_id: str) -> Iterator[None]:
        """Count one more while it arrives; TooManyUploads or UploadsBusy if that is too many."""
        if self._places.taken_by(user_id) >= self._per_user_max:
            raise TooManyUploads(limit=self._per_user_max, of="uploads of a person")
        if self._places.taken() >= self._at_once_max:
            raise UploadsBusy
        with self._places.place(user_id):
            yield
