from operations import DOCUMENT, OPERATIONS
from write_coverage import MATRIX, lacking, writing_operations


def test_a_test_counts_once_for_each_operation_and_kind_of_answer() -> None:
    twice = {("move", 200, "a"), ("move", 200, "b"), ("move", 403, "a"), ("move", 404, "b")}
    assert lacking(["move"], twice) == []
    assert lacking(["move"], twice - {("move", 200, "b")}) == ["move succeeds in 1"]
    assert lacking(["move"], twice - {("move", 404, "b")} | {("move", 409, "a")}) == [
        "move is refused in 1"
    ]
    assert lacking(["drop"], twice) == ["drop succeeds in 0", "drop is refused in 0"]


def test_the_matrix_counts_as_one_test_and_a_failure_of_ours_as_none() -> None:
    cells = {("move", 404, f"tests/{MATRIX}::cell[{number}]") for number in range(9)}
    others = {("move", 200, "a"), ("move", 200, "b"), ("move", 503, "c")}
    assert lacking(["move"], cells | others) == ["move is refused in 1"]
    assert lacking(["move"], cells | others | {("move", 422, "c")}) == []


def test_what_writes_is_all_that_does_not_read() -> None:
    reading = {operation.id for operation in OPERATIONS if operation.method == "get"}
    assert reading
    assert writing_operations(DOCUMENT) == {operation.id for operation in OPERATIONS} - reading
