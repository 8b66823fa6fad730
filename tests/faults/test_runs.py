"""Each row of a transfer is done once, whatever is killed and however hard cStar is to reach."""

import pytest

from tests.faults.apart import apart


@pytest.mark.parametrize("work", ["bulk"])
def test_a_worker_that_is_killed_ten_times(work):
    done = apart("tests.faults.runs", work=work, rows=1000, kills=10, seed=1)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("work", ["bulk-tags"])
def test_a_cstar_that_loses_delays_doubles_and_refuses(work):
    done = apart("tests.faults.runs", work=work, rows=200, kills=0, seed=1)
    assert done.returncode == 0, done.stdout + done.stderr
