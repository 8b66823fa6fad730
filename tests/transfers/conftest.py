import pytest

from transfers import executor
from transfers.models import Run


@pytest.fixture(autouse=True)
def _files(settings, tmp_path):
    settings.TRANSFERS_DIR = tmp_path / "transfers"


@pytest.fixture
def work():
    """`work(run)`: what the worker does with it, step by step, until it ends or waits. Answers the run."""

    def until_still(run: Run) -> Run:
        while executor.advance(str(run.pk)) == executor.AT_ONCE:
            pass
        return Run.objects.get(pk=run.pk)

    return until_still


@pytest.fixture
def newest(acme):
    """The run made last."""
    return lambda: Run.objects.filter(team=acme).latest("created_at")
