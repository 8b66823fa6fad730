"""What people write is at cStar once and in order, however hard it is to reach and whatever is killed meanwhile."""

from tests.faults.apart import apart


def test_nothing_is_lost_and_nothing_comes_twice():
    done = apart("tests.faults.run", writes=240, seed=7)
    assert done.returncode == 0, done.stdout + done.stderr
