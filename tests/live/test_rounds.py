"""Each board is looked at once a beat, however many others come and go."""

from hypothesis import given
from hypothesis import strategies as st

from doska.live.rounds import Rounds

BEAT = 15.0
STEPS = st.lists(st.tuples(st.sampled_from("abcdef"), st.booleans(), st.floats(0, 4)), max_size=60)


@given(STEPS)
def test_no_board_waits_longer_than_a_beat(steps: list[tuple[str, bool, float]]) -> None:
    """Seen to fail when all were looked at in turn, by a list of those at the turn's beginning."""
    now = 0.0
    rounds, since = Rounds(BEAT, lambda: now), dict[str, float]()
    for board_id, is_opened, seconds in [*steps, ("a", True, 2 * BEAT)]:
        if is_opened and board_id not in since:
            rounds.add(board_id)
            since[board_id] = now
        elif not is_opened and board_id in since:
            rounds.remove(board_id)
            del since[board_id]
        until = now + seconds
        while (wait := rounds.wait_seconds()) <= until - now and since:
            now = max(now, now + wait)
            looked = rounds.take()
            assert now - since[looked] <= BEAT + 0.001
            since[looked] = now
        now = until
    assert all(now - at <= BEAT + 0.001 for at in since.values())
