"""What rows hold that no log has, as files: it must still be there for them to come back."""

from doska.boards.changes import RowChange
from doska.boards.kinds import on_board
from doska.boards.log import Change
from doska.errors import Conflict


class ContentGone(Conflict):
    """A file that this would restore was deleted for good."""


async def check_held(opened: Change, planned: list[RowChange]) -> None:
    """Refuse to restore a row without what it held; judged under the lock, as its deletion was."""
    for kind in on_board():
        coming = [
            r.after for r in planned if r.table == kind.table and r.before is None and r.after
        ]
        for column, table in kind.holds.items():
            ids = [row[column] for row in coming if row[column]]
            sql = f"""select exists (select from unnest($1::uuid[]) i left join {table} y on y.id = i
                where y.state is distinct from 'KEPT')"""
            if ids and await opened.connection.fetchval(sql, ids):
                raise ContentGone
