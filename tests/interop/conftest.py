"""A team whose cStar is the strict server, in process."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from replica.tasks import poll_feed, refresh_team
from teams import clients
from teams.models import Membership, Team, User
from teams.policy import Role
from tests.conftest import Person
from tests.interop.desk import Desk
from tests.strict_cstar import StrictCStar, StrictTransport, Variant

CUSTOMERS = 40
STEP = timedelta(seconds=10)  # how exactly the simulated worker keeps its times


@pytest.fixture
def cstar(request) -> StrictCStar:
    """The strict server; `@on(...)` starts it with other switches. Few customers: what counts are the tickets."""
    server = StrictCStar(replace(getattr(request, "param", Variant())), customers=CUSTOMERS)
    _of_robin(server)["assignedTo"] = member(server, "Robin Vega")["id"]
    return server


@pytest.fixture
def desk(cstar, world, settings, tmp_path, monkeypatch) -> Desk:
    """A desk that has not asked cStar anything yet."""
    settings.CSTAR_API_URL, settings.SANDBOX = "https://cstar.example/api/v1", False
    settings.TRANSFERS_DIR = tmp_path / "transfers"
    transport = StrictTransport(cstar)
    monkeypatch.setattr(clients, "_transport", lambda path: transport)
    monkeypatch.setattr("cstar._retry._CEILINGS", (0.0, 0.0))  # no pause before a retry
    team = Team.objects.create(name="Strict Support", cstar_team_id=cstar.team_id, key=cstar.secret_key)
    robin = _person(team, "Robin Vega", Role.AGENT)
    maya = _person(team, "Maya Okafor", Role.MANAGER)
    return Desk(cstar, team, robin, maya)


@pytest.fixture
def filled(desk) -> Desk:
    """A desk after its first fill."""
    desk.fill()
    return desk


@pytest.fixture
def worker(desk, time_machine) -> Callable[..., None]:
    """`worker(minutes=5)`: time passes, for cStar too, while the worker fills and polls as often as it wants."""

    def run(**span: float) -> None:
        time_machine.move_to(datetime.now(UTC), tick=False)
        for _ in range(timedelta(**span) // STEP):
            time_machine.shift(STEP)
            refresh_team.call(str(desk.team.pk))
            poll_feed.call(str(desk.team.pk))

    return run


@pytest.fixture
def ticket(cstar) -> dict:
    """An open ticket at cStar: assigned to Robin, with four messages, the third of them a note."""
    return _of_robin(cstar)


def member(cstar: StrictCStar, name: str) -> dict:
    return next(one for one in cstar.store.objects["members"].values() if one["name"] == name)


def _of_robin(cstar: StrictCStar) -> dict:
    held = cstar.store.objects["tickets"].values()
    return next(one for one in held if one["messageCount"] == 4 and one["status"] == "open")


def _person(team: Team, name: str, role: Role) -> Person:
    """Somebody of the desk who is known to cStar by the same address."""
    first, last = name.split()
    email = f"{first.lower()}@strict.example"
    user = User.objects.create(username=f"strict-{first.lower()}", first_name=first, last_name=last, email=email)
    User.objects.filter(pk=user.pk).update(undo_seconds=0)
    Membership.objects.create(user=user, team=team, role=role)
    return Person(user.username)
