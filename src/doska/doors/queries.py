"""How imports are read, as SQL that builds their JSON."""

from doska.boards.access import BOARD, Judgement
from doska.doors.models import ImportStatus
from doska.http.pagination import Order, paged
from doska.identity.access import Question, within
from doska.tasks.access import TASK

KEPT_DAYS = 30
FILE_SECONDS = 3600  # how long a file is kept for a run after a dry run

_MEMBERS = """'id', x.id, 'format', x.format, 'status', x.status,
    'progress', json_build_object('done', x.done, 'total', x.total), 'dry_run', x.is_dry_run,
    'file', json_build_object('bytes', x.file_bytes, 'sha256', x.file_sha256),
    'problem', x.problem, 'created_at', x.created_at, 'finished_at', x.finished_at"""
VIEW = f"json_build_object({_MEMBERS})"
WITH_REPORT = f"json_build_object({_MEMBERS}, 'report', x.report)"

# A token for certain boards sees only what was imported into one of them.
_OWN = f"""x.user_id = u.id and x.created_at > now() - interval '{KEPT_DAYS} days'
    and (s.board_ids is null or case when x.options ->> 'into' not in ('auto', 'new')
        then {within("(x.options ->> 'into')::uuid")} else false end)"""
_ENDED = f"""x.status in ('{ImportStatus.DONE}', '{ImportStatus.FAILED}',
    '{ImportStatus.CANCELLED}')"""

IMPORTS_ORDER = Order("x.created_at", "timestamptz", descending=True)
IMPORTS = Question(body=paged(f"from imports x where {_OWN}", VIEW, IMPORTS_ORDER, "x.id"))
ONE_IMPORT = Question(
    f"left join imports x on x.id = :import_id and {_OWN}",
    body=f"case when x.id is not null then {WITH_REPORT} end",
    has_ended=_ENDED,
    file_id=f"case when x.created_at > now() - interval '{FILE_SECONDS} seconds' then x.file_id end",
    is_dry_run="x.is_dry_run",
    status="x.status",
    options="x.options",
)

UNDER_WAY = "(select count(*) from imports x where x.user_id = u.id and x.finished_at is null)"
STARTING = Question(
    is_limited="s.board_ids is not null",
    under_way=UNDER_WAY,
    kept_bytes="(select coalesce(sum(x.file_bytes), 0) from imports x where x.file_id is not null)",
    is_repeated="""exists (select from idempotency_keys k
        where k.user_id = u.id and k.key = :key::text)""",
)

BOARD_EXTRA = Judgement(
    BOARD, body="""case when b.id is not null then json_build_object('extra',
        coalesce((select e.extra from extras e where e.object_id = b.id), '{}')) end""",
)  # fmt: skip
TASK_EXTRA = Judgement(
    TASK, body="""case when t.id is not null then json_build_object('extra',
        coalesce((select e.extra::jsonb from extras e where e.object_id = t.id), '{}')
        || jsonb_strip_nulls(jsonb_build_object('parts', (
            select jsonb_object_agg(e.object_id, e.extra) from extras e
            where e.object_id in (select y.id from subtasks y where y.task_id = t.id
                union all select y.id from comments y where y.task_id = t.id
                union all select y.id from attachments y where y.task_id = t.id)))))
        end""",
)  # fmt: skip
