"""What a batch needs to know of its board, in one statement: the caller's standing, and all rows."""

from doska.boards import loading
from doska.boards.access import BOARD
from doska.boards.kinds import on_board
from doska.boards.opening import Action
from doska.boards.queries import ONE_BOARD
from doska.boards.references import OPERATIONS_MAX
from doska.identity.queries import user_view
from doska.tasks.columns import TEXT, TEXT_BYTES_MAX

CHANGES_MAX = 10_000  # rows
# Of columns that are deleted: so many that it still shows when there are too many, whatever the
# operations before have taken away.
TASKS_READ_MAX = CHANGES_MAX + 1 + OPERATIONS_MAX

_IN_DELETED = f"""union all (select x.id from columns c join tasks x on x.column_id = c.id
    where c.board_id = b.id and c.id = any(:deleted_ids::uuid[]) and {TEXT} <= {TEXT_BYTES_MAX}
    limit {TASKS_READ_MAX})"""
_DOOMED = f"select unnest(:doomed_ids::uuid[]) {_IN_DELETED}"
_PLACES = "tasks x where x.board_id = b.id and x.rank is not null"
_ENDS = """columns c cross join lateral (
    select y.column_id, y.rank, y.id from tasks y where y.column_id = c.id and y.rank is not null
    order by y.rank desc limit 1) x where c.board_id = b.id"""
# How many stand above the last one; asked for only by hard limits.
_HIDDEN = """(select coalesce(json_object_agg(c.id, (select greatest(count(y.rank) - 1, 0)
        from tasks y where y.column_id = c.id)), '{}')
    from columns c where c.board_id = b.id and c.limit_is_hard)"""
_COUNTS = """(select coalesce(json_object_agg(c.id, (
        select count(*) from tasks x where x.column_id = c.id)), '{}')
    from columns c where c.board_id = b.id and c.id = any(:deleted_ids::uuid[]))"""
_TEXTS = f"""(select coalesce(json_object_agg(c.id, {TEXT}), '{{}}')
    from columns c where c.board_id = b.id and c.id = any(:deleted_ids::uuid[]))"""
_NOTHING = "'around', '{}'::json, 'counts', '{}'::json, 'texts', '{}'::json"


def _always() -> str:
    """Write the SQL of what every batch needs."""
    sums = ", ".join(f"'{k.table}', {k.measured.sql}" for k in on_board() if k.measured)
    return f"{loading.always()}, 'measured', json_build_object({sums})"


BATCH = Action(
    BOARD,
    target=ONE_BOARD,
    world=lambda: (
        f"""(with wanted as materialized ({loading.wanted(_IN_DELETED)})
        select json_build_object({_always()},
        'rows', json_build_object({loading.whole()}, {loading.of_wanted(_DOOMED)}),
        'around', json_build_object({loading.around()}),
        'places', {loading.listed(loading.PLACE, _PLACES)},
        'hidden', '{{}}'::json,
        'counts', {_COUNTS},
        'texts', {_TEXTS},
        'people', {loading.people(loading.PEOPLE)},
        'authors', {loading.people(loading.authors("select u.id"))}))"""
    ),
)
# For what only adds, as importing does: less is read, and planned in a third of the time.
ADDING = Action(
    BOARD,
    target=ONE_BOARD,
    world=lambda: (
        f"""json_build_object({_always()}, {_NOTHING},
        'rows', json_build_object({loading.whole()}),
        'places', {loading.listed(loading.PLACE, _ENDS)},
        'hidden', {_HIDDEN},
        'people', {loading.people(loading.NEW_PEOPLE)},
        'authors', json_build_array({user_view("u")}))"""
    ),
)
