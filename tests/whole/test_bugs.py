"""Planted bugs fit the code as it is; ``make seeded`` plants them and sees each proof fail."""

import pytest

from seeded import ROOT, Bug, bugs, exists, listing

BUGS = list(bugs())


@pytest.mark.parametrize("bug", BUGS, ids=str)
def test_a_bug_can_be_planted_and_its_proofs_are_there(bug: Bug) -> None:
    """Seen to fail with a line that had been formatted, and with a test that was renamed."""
    assert bug.proofs
    for plant in bug.plants:
        assert (plant.count_in(ROOT), plant.old == plant.new) == (1, False)
    assert [proof for proof in bug.proofs if not exists(proof)] == []


def test_every_bug_has_a_name_of_its_own() -> None:
    names = [bug.name for bug in BUGS]
    assert len(set(names)) == len(names) > 0


def test_the_page_on_trust_lists_them_all() -> None:
    """`python tests/bugs/plant.py --list` writes the table. Seen to fail for a bug that was added."""
    assert listing() in (ROOT / "docs" / "trust.md").read_text()
