"""Whatever is killed and whatever colleagues do meanwhile: after its undo a run has left nothing behind but theirs.

A few random histories; `python -m tests.transfers.run_histories` plays 2,000.
"""

import pytest

from tests.transfers import histories

HISTORIES = 24


@pytest.mark.parametrize("first", range(0, HISTORIES, 8))
def test_after_an_undo_cstar_has_what_it_had_but_for_what_others_did(world, settings, tmp_path, first):
    settings.TRANSFERS_DIR = tmp_path
    settings.WORKING_SET_DAYS = 36_500
    wrong, seen = histories.play(range(first, first + 8))
    assert not wrong, "\n".join(sentence for found in wrong.values() for sentence in found)
    assert seen["undo"] > 3
    assert seen["kills"]
