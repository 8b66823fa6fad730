"""What every test can use: a small world of two teams on the sandbox, people of each role, a way to watch API calls.

The world is the product's own demo, small, made once for each test process; a test's changes are rolled back.
"""

import gc
import os

import pytest
from django.apps import apps
from django.core.cache import cache
from django.db import connections, router
from django.db.models import AutoField
from django.test import Client

from core.form_owner import signed_person
from cstar.http import Response
from replica import capabilities
from replica.refresh import refresh
from sandbox.seeding import seed_demo
from sandbox.transport import SandboxTransport
from teams import clients, demo
from teams.models import Team, User
from tests import services
from tickets.features import NOTES_IN_TICKET

TICKETS = 48
# Debian keeps servers where other people's PATH does not lead.
os.environ["PATH"] += ":/usr/sbin:/sbin"


def pytest_collection_modifyitems(items):
    """Mark what `make test-services` leaves out."""
    for item in items:
        if item.nodeid.startswith(tuple(services.SAME_ON_EVERY_DATABASE)):
            item.add_marker(pytest.mark.same_on_every_database)


def pytest_collection_finish():
    """Collect garbage as seldom as the web processes do: a sixth of the run went into looking at what never dies."""
    gc.freeze()
    gc.set_threshold(50_000, 20, 20)


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session):
    """Fail the run where a test was skipped: what is not tried is not known to work."""
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if reporter and reporter.stats.get("skipped") and session.exitstatus == pytest.ExitCode.OK:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter):
    for report in terminalreporter.stats.get("skipped", []):
        terminalreporter.write_line(f"Skipped, which counts as failed: {report.nodeid}: {report.longrepr[2]}", red=True)


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock():
        raise_ids()
        seed_demo(TICKETS)
        demo.seed()
        for team in Team.objects.all():
            assert refresh(team)
            capabilities.learn(team, NOTES_IN_TICKET, True)  # as the worker does within seconds
        # What is sent leaves at once; the tests of the time to undo ask for it.
        User.objects.update(undo_seconds=0)


def raise_ids() -> None:
    """Past a thousand, as they soon are where people work: there a number that was grouped for the eye is no id."""
    for model in apps.get_models():
        if isinstance(model._meta.pk, AutoField):
            connection = connections[router.db_for_write(model)]
            with connection.cursor() as cursor:
                if connection.vendor == "sqlite":
                    cursor.execute("DELETE FROM sqlite_sequence WHERE name = %s", [model._meta.db_table])
                    cursor.execute("INSERT INTO sqlite_sequence (name, seq) VALUES (%s, 12345)", [model._meta.db_table])
                else:
                    cursor.execute("SELECT setval(pg_get_serial_sequence(%s, 'id'), 12345)", [model._meta.db_table])


@pytest.fixture(autouse=True)
def _no_cache():
    cache.clear()


@pytest.fixture
def world(request):
    """Both databases, with the world in them."""
    request.applymarker(pytest.mark.django_db(databases=["default", "sandbox"]))
    request.getfixturevalue("db")


@pytest.fixture
def acme(world) -> Team:
    return Team.objects.get(name="Acme Support")


@pytest.fixture
def globex(world) -> Team:
    return Team.objects.get(name="Globex Care")


class Person(Client):
    """A signed-in browser: `person.post(url, {...})` sends team and person along as every form does."""

    def __init__(self, username: str, **kwargs):
        super().__init__(**kwargs)
        self.person = User.objects.get(username=username)
        self.force_login(self.person, backend="django.contrib.auth.backends.ModelBackend")
        self.team_id = str(self.person.memberships.order_by("team__name").first().team_id)

    def post(self, path, data=None, **kwargs):
        guard = {"team": self.team_id, "person": signed_person(str(self.person.pk))}
        return super().post(path, {**guard, **(data or {})}, **kwargs)

    def fragment(self, path, target="", data=None):
        """What htmx gets: a POST where there is data, else a GET."""
        headers = {"HX-Request": "true", "HX-Target": target}
        if data is None:
            return self.get(path, headers=headers)
        return self.post(path, data, headers=headers)


@pytest.fixture
def agent(world) -> Person:
    return Person("agent")


@pytest.fixture
def manager(world) -> Person:
    return Person("manager")


@pytest.fixture
def spectator(world) -> Person:
    return Person("spectator")


@pytest.fixture
def outsider(world) -> Person:
    """An agent of the other team."""
    return Person("globex-agent")


class Wire(SandboxTransport):
    """The way to the sandbox, watched: `calls` holds method and path of each; `answer_next` puts another answer in."""

    def __init__(self):
        super().__init__()
        self.calls: list[tuple[str, str]] = []
        self.instead: list = []

    def handle_request(self, request):
        self.calls.append((request.method, request.url.path.partition("/teams/")[2].partition("/")[2]))
        if not self.instead:
            return super().handle_request(request)
        other = self.instead[0] if len(self.instead) == 1 else self.instead.pop(0)
        if isinstance(other, Exception):
            raise other
        return other

    def answer(self, *others: Response | Exception) -> None:
        """From now on answer (or raise) these instead, the last one for ever."""
        self.instead = list(others)


@pytest.fixture
def wire(monkeypatch) -> Wire:
    watched = Wire()
    monkeypatch.setattr(clients, "_transport", lambda path: watched)
    return watched
