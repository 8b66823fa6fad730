import pytest

from tests.conftest import Person


@pytest.fixture
def admin(world) -> Person:
    """An admin of both teams, and of the desk."""
    return Person("admin")
