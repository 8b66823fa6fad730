"""Each row of a transfer is done once, whatever is killed and however hard cStar is to reach.

Small ones; `make bench-faults` kills ten times in 1,000 tickets and in 5,000 rows.
"""

import pytest

from tests.faults.apart import apart

pytestmark = pytest.mark.xdist_group("minutes")  # begun early: see test_faults.py


@pytest.mark.parametrize(("work", "rows"), [("bulk", 400), ("import", 2500)])
def test_a_worker_that_is_killed_again_and_again(work, rows):
    done = apart("tests.faults.runs", work=work, rows=rows, kills=3, seed=1)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize(("work", "rows"), [("bulk-tags", 100), ("import", 2500)])
def test_a_cstar_that_loses_delays_doubles_and_refuses(work, rows):
    done = apart("tests.faults.runs", work=work, rows=rows, kills=0, faults=1, seed=1)
    assert done.returncode == 0, done.stdout + done.stderr
