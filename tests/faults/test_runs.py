"""Each row of a transfer is done once, whatever is killed and however hard cStar is to reach."""

import pytest

from tests.faults.apart import apart


@pytest.mark.parametrize(("work", "rows"), [("bulk", 1000), ("import", 5000)])
def test_a_worker_that_is_killed_ten_times(work, rows):
    done = apart("tests.faults.runs", work=work, rows=rows, kills=10, seed=1)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize(("work", "rows"), [("bulk-tags", 200), ("import", 5000)])
def test_a_cstar_that_loses_delays_doubles_and_refuses(work, rows):
    done = apart("tests.faults.runs", work=work, rows=rows, kills=0, seed=1)
    assert done.returncode == 0, done.stdout + done.stderr
