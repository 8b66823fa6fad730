"""The demo that lives: what happens is believable, goes the API's way, and is told to webhooks."""

import os
import signal
import subprocess
import sys
from datetime import timedelta
from pathlib import Path
from random import Random

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.db import transaction

from sandbox import times
from sandbox.demo.letters import Letters
from sandbox.demo.scenarios import everyday_scenarios
from sandbox.live import Live
from sandbox.models import DATABASE, AuditEntry, Customer, Event, Member, Message, Team, Ticket
from sandbox.seeding import ACME, GLOBEX
from tests.sandbox.conftest import client, got, made

pytestmark = pytest.mark.django_db(databases=["default", "sandbox"])

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def acme():
    """The demo team's own key."""
    return client(ACME.key("sk"), ACME.id)


def steps(count: int, seed: int = 1) -> list[str]:
    life = Live(Random(seed))
    return [life.step() for _ in range(count)]


def new_entries() -> list[AuditEntry]:
    return list(AuditEntry.objects.filter(team__uuid__in=[ACME.id, GLOBEX.id]).order_by("id"))


def test_things_happen_at_both_teams_through_the_api(acme):
    hook = made(acme.post("webhooks", json={"name": "w", "url": "https://x.example/", "events": ["*"]}))
    happened = [what for what in steps(60) if what]
    assert len(happened) > 30  # now and then nothing fits
    entries = [entry for entry in new_entries() if entry.resource_id != hook["id"]]
    assert {entry.action for entry in entries} == {"ticket.created", "ticket.message_added", "ticket.updated"}
    assert len({entry.team_id for entry in entries}) == 2
    actors = {entry.actor_id for entry in entries}
    people = {*Customer.objects.values_list("id", flat=True), *Member.objects.values_list("id", flat=True)}
    assert actors <= people
    told = Event.objects.filter(team__uuid=ACME.id).count()
    assert told >= len([entry for entry in entries if str(entry.team.uuid) == ACME.id])


@pytest.mark.parametrize("seed", range(3))
def test_the_same_seed_lets_the_same_happen(acme, seed):
    """Whatever ids new tickets get: at each moment one thing happens."""

    def once() -> list[str]:
        life, happened = Live(Random(seed)), []
        with transaction.atomic(using=DATABASE), time_machine.travel(start, tick=False) as clock:
            for _ in range(12):
                happened.append(life.step())
                clock.shift(15)
            transaction.set_rollback(True, using=DATABASE)
        return happened

    start = times.now()
    assert once() == once()


def test_a_new_ticket_looks_like_mail(acme):
    before = list(Ticket.objects.values_list("id", flat=True))
    steps(30)
    fresh = Ticket.objects.exclude(id__in=before)
    assert fresh.count() > 5
    for ticket in fresh:
        first = ticket.messages.earliest("id")
        assert (first.sender, first.sender_name) == ("customer", ticket.customer.name)
        assert "{" not in ticket.title
        assert ticket.metadata["source"] in {"email", "widget", "portal", "api"}
        assert Message.objects.filter(ticket=ticket).count() == ticket.message_count


@pytest.mark.parametrize("seed", range(3))
def test_a_customer_answers_a_reply_and_the_ticket_is_open_again(acme, seed):
    ticket = Ticket.objects.filter(team__uuid=ACME.id, status="open", customer__isnull=False)[seed]
    made(acme.post(f"tickets/{ticket.id}/messages", json={"content": "Could you send me a screenshot?"}))
    got(acme.patch(f"tickets/{ticket.id}", json={"status": "pending"}))
    start = times.now()
    life = Live(Random(seed))
    answers = ticket.messages.filter(sender="customer", created_at__gt=start)
    for seconds in range(25, 90, 5):
        with time_machine.travel(start + timedelta(seconds=seconds), tick=False):
            life.step()
        if answers.exists():
            break
    assert answers.get().sender_name == ticket.customer.name
    reopened = AuditEntry.objects.filter(resource_id=ticket.id, action="ticket.updated", actor_id=ticket.customer_id)
    assert reopened.get().details["changes"]["status"] == {"from": "pending", "to": "open"}
    entry = AuditEntry.objects.get(resource_id=ticket.id, action="ticket.message_added", actor_id=ticket.customer_id)
    assert entry.actor_name == ticket.customer.name


@pytest.mark.parametrize(
    ("message", "status", "seconds"),
    [({}, "open", 10), ({}, "open", 95), ({"isInternal": True}, "open", 40), ({}, "resolved", 40)],
    ids=["too fresh", "too old", "a note", "closed"],
)
def test_other_words_of_agents_are_left_alone(acme, message, status, seconds):
    ticket = Ticket.objects.filter(team__uuid=ACME.id, status="open", customer__isnull=False)[0]
    made(acme.post(f"tickets/{ticket.id}/messages", json={"content": "Done", **message}))
    got(acme.patch(f"tickets/{ticket.id}", json={"status": status}))
    start = times.now()
    with time_machine.travel(start + timedelta(seconds=seconds), tick=False):
        steps(10)
    assert not ticket.messages.filter(sender="customer", created_at__gt=start).exists()


def test_without_the_demo_nothing_happens():
    Team.objects.filter(uuid__in=[ACME.id, GLOBEX.id]).delete()
    assert steps(3) == ["", "", ""]


@pytest.mark.parametrize("product", ["tidepool", "harbor"])
def test_every_letter_can_be_filled_in(product):
    letters = Letters(Random(3), product)
    written = [letters.write("Jane Smith", "jane@northwind.example", times.now()) for _ in range(400)]
    assert len({letter.text for letter in written}) > len(everyday_scenarios(product))
    assert all(letter.title and letter.text for letter in written)


def test_the_command_ends_at_once_when_it_is_asked_to(tmp_path):
    base = {"PATH": os.environ["PATH"], "DATA_DIR": str(tmp_path), "DJANGO_SETTINGS_MODULE": "config.settings"}
    manage = [sys.executable, "manage.py"]
    subprocess.run([*manage, "migrate", "--database", "sandbox", "-v0"], cwd=ROOT, env=base, check=True)
    with subprocess.Popen(
        [*manage, "sandbox", "--live"], cwd=ROOT, env=base, stderr=subprocess.PIPE, text=True
    ) as work:
        assert "at work" in work.stderr.readline()
        work.send_signal(signal.SIGTERM)
        _, said = work.communicate(timeout=10)
    assert work.returncode == 0
    assert "Traceback" not in said


def test_the_command_refuses_to_work_beside_a_real_cstar(settings):
    settings.SANDBOX = False
    with pytest.raises(CommandError, match="CSTAR_API_URL"):
        call_command("sandbox")
