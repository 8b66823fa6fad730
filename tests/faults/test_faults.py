"""What people write is at cStar once and in order, however hard it is to reach and whatever is killed meanwhile."""

import pytest

from tests.faults.apart import apart

# Groups are handed out before single tests, so that no worker is left alone with these minutes at the end.
pytestmark = pytest.mark.xdist_group("minutes")


def test_nothing_is_lost_and_nothing_comes_twice():
    done = apart("tests.faults.run", writes=240, seed=7)
    assert done.returncode == 0, done.stdout + done.stderr
