"""How many bytes there may be: of a board, of a person, of the whole server.

Files count until they are unlinked, for so long they take up room. What a board has is judged under
its lock, so two uploads cannot share its last bytes. People and the server have no lock: uploads
that end at the same moment on several boards can be over by as many as may arrive at once.
"""

from typing import Any

from doska.attachments.models import BlobState
from doska.boards.limits import Limits, check

MB, GB = 1 << 20, 1 << 30

_BYTES = f"""(select coalesce(sum(y.size), 0)::bigint from blobs y
    where y.state = '{BlobState.KEPT}'{{}})"""
ROOM: Any = {
    "board_bytes": f"to_json({_BYTES.format(' and y.board_id = b.id')})",
    "own_bytes": f"to_json({_BYTES.format(' and y.created_by = u.id')})",
}
# Summed up only if there is a limit, and never under a lock.
ALL_BYTES = f"to_json(case when :is_limited::boolean then {_BYTES.format('')} else 0 end)"


def check_room(limits: Limits, parts: dict[str, Any], size: int) -> None:
    """Refuse what does not fit any more, by those of the sums that are known."""
    settings = limits.settings
    for name, limit, unit, words in (
        ("board_bytes", settings.attachments_per_board_mb_max, MB, "MB of files of a board"),
        ("own_bytes", settings.files_per_user_gb_max, GB, "GB of files of a person"),
        ("all_bytes", settings.files_gb_max, GB, "GB of files of this server"),
    ):
        is_asked = name in parts and (limit or name != "all_bytes")
        if is_asked and parts[name] + size > limit * unit:
            check(limit + 1, limit, words)
