"""What people do, at random or all of it in turn, where a board's log is put to the test."""

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

from log_world import TEMPLATES, Deed, Template

NUMBER = st.integers(0, 9)
MOVES = [template for template in TEMPLATES if template[1].endswith("/move")]
TEMPLATE = st.sampled_from([*TEMPLATES, *3 * MOVES])
DEEDS = st.lists(st.tuples(NUMBER, TEMPLATE, NUMBER, NUMBER), min_size=20, max_size=40)
LEAVING = [("DELETE", "/users/{self}"), ("DELETE", "/users/{person}")]


def like(method: str, path: str) -> list[Template]:
    return [template for template in TEMPLATES if template[:2] == (method, path)]


STAYING = [template for template in TEMPLATES if template[:2] not in LEAVING]
STORY: list[Deed] = [  # the administrator does it all; then all come, and leave for good
    *((4, template, *places) for places in [(0, 1), (2, 1), (1, 2)] for template in STAYING),
    *((4, template, n, 0) for n in range(4) for template in like("POST", "/boards/{board}/users")),
    *((0, template, 0, 0) for template in 3 * like("DELETE", "/users/{self}")),
]


def examples(count: int) -> settings:
    """Try so many, each as long as it takes."""
    unhealthy = [HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
    return settings(max_examples=count, deadline=None, suppress_health_check=unhealthy)
