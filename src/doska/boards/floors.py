"""Where a board's log begins: at its first event, or after those that were removed for their age."""

from doska.errors import NoLongerKept

# The last event that was removed. Reading begins after it, not among what is left of the removed
# ones in the indexes until PostgreSQL has cleaned up.
TRIMMED = "coalesce((select f.seq from trimmed_logs f where f.board_id = b.id), 0)"

# The last event that the log of the board ``b`` does not contain.
KEPT = f"""coalesce((select min(e.seq) - 1 from events e
    where e.board_id = b.id and e.seq > {TRIMMED}), b.seq)"""


def is_made_by(board_id: str, user_id: str) -> str:
    """Write the SQL that checks whether somebody created a board, however old it is."""
    return f"""(exists (select from events e
            where e.board_id = {board_id} and e.seq = 1 and e.actor_id = {user_id})
        or exists (select from trimmed_logs f
            where f.board_id = {board_id} and f.made_by = {user_id}))"""


def no_longer_kept(seq: int, oldest: int) -> NoLongerKept:
    """Name the oldest event whose board is still known; what came after it is there."""
    return NoLongerKept(seq=seq, oldest=oldest)
