"""How attachments are read, as SQL that builds their JSON."""

from doska.attachments.access import ATTACHMENT
from doska.attachments.models import BlobState
from doska.attachments.schemas import AttachmentOut
from doska.boards.access import Judgement, Reading
from doska.http.pagination import Order, paged
from doska.identity.queries import user_view
from doska.tasks.access import TASK

_NAMES = tuple(AttachmentOut.model_fields)


def author_of(alias: str) -> str:
    """Build an attachment's author, null if the account is gone."""
    return f"(select {user_view('x')} from users x where x.id = {alias}.author_id)"


def attachment_out(alias: str) -> str:
    """Build an attachment. The same as ``shown_attachment``."""
    named = (f"'{n}', {author_of(alias) if n == 'author' else f'{alias}.{n}'}" for n in _NAMES)
    return f"json_build_object({', '.join(named)})"


ONE_ATTACHMENT = Reading(ATTACHMENT, "a.version", attachment_out("a"))
BY_TIME = Order("o.created_at", "timestamptz")
ATTACHMENTS_OF_TASK = Judgement(
    TASK,
    body=paged("from attachments o where o.task_id = t.id", attachment_out("o"), BY_TIME, "o.id"),
)
# Its file, if it has one: what is needed to send it.
CONTENT = Judgement(
    ATTACHMENT,
    body=f"""(select json_build_object('name', f.id, 'title', a.title, 'size', f.size,
            'sha256', f.sha256, 'media_type', f.media_type,
            'width', f.width, 'height', f.height, 'is_kept', f.state = '{BlobState.KEPT}')
        from blobs f where f.id = a.blob_id)""",
)
