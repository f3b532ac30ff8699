"""What is done on one of two boards, and then on the other in another way."""

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

from batch_twins import TEMPLATES, Deed, Template

NUMBER = st.integers(0, 9)
MOVES = [template for template in TEMPLATES if template["op"] in ("move_task", "move_subtask")]
TAKING = ("move_task", "delete_task", "delete_column")
ADDING = [  # for which less is read
    template
    for template in TEMPLATES
    if template["op"] not in TAKING
    and not {"status", "is_archived"} & template.get("body", {}).keys()
]


def deeds(templates: list[Template]) -> st.SearchStrategy[list[Deed]]:
    return st.lists(st.tuples(st.sampled_from(templates), NUMBER, NUMBER), min_size=15, max_size=40)


IN_MEMORY = (
    "create_column",
    "update_column",
    "create_task",
    "update_task",
    "move_task",
    "delete_task",
)
PLACING = [template for template in TEMPLATES if template["op"] in IN_MEMORY]
SOME = st.sampled_from([0, 3, 20, 26, 45])  # in either column
FEW = st.lists(
    st.tuples(st.sampled_from([*PLACING, *2 * MOVES]), SOME, SOME), min_size=24, max_size=40
)
DEEDS = deeds([*TEMPLATES, *2 * MOVES]) | deeds(ADDING)
STORY: list[Deed] = sorted(
    [(template, *chosen) for chosen in [(0, 1), (2, 1)] for template in TEMPLATES],
    key=lambda deed: (
        deed[0]["op"].startswith("delete"),  # while there is something left
        deed[0]["op"] != "delete_comment",
    ),
)
SETTINGS = settings(
    max_examples=15,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
