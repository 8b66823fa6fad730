"""Who did what: /activity/."""

from datetime import timedelta

import pytest
from django.utils import timezone

from activity.models import Activity
from replica.tasks import tidy
from teams.models import Membership
from tickets.models import Ticket

URL = "/activity/"


@pytest.fixture
def ticket(acme, agent) -> Ticket:
    """One that the agent changed."""
    ticket = Ticket.objects.filter(team=acme, status="open").exclude(priority="urgent").first()
    agent.post(f"/tickets/{ticket.cstar_id}/edit/", {"priority": "urgent"})
    return ticket


def test_leads_see_who_changed_what(manager, agent, ticket):
    html = manager.get(URL).content.decode()
    assert agent.person.display_name in html
    assert ticket.title[:30] in html.replace("&#x27;", "'")
    assert f"<del>{ticket.priority}</del>" in html
    assert "req_" in html


def test_filtered(manager, agent, ticket):
    def shown(**query):
        return manager.get(URL, query).context["page"].total

    assert shown(search=agent.person.display_name.lower()) == 1
    assert shown(search="zzz") == 0
    assert shown(type="ticket") == 1
    assert shown(type="customer") == 0
    assert shown(type="ticket", page="x") == 1
    assert shown(type="nonsense") == 0


def test_agents_do_not(agent, ticket):
    assert agent.get(URL).status_code == 403
    assert URL not in agent.get("/tickets/").content.decode()


def test_other_teams_see_nothing_of_it(outsider, ticket, world):
    Membership.objects.filter(user=outsider.person).update(role="manager")
    assert outsider.get(URL).context["page"].total == 0


def test_the_ticket_tells_its_history_when_asked(agent, ticket):
    page = f"/tickets/{ticket.cstar_id}/"
    assert f'hx-get="{page}history/"' in agent.get(page).content.decode()
    assert "changed the ticket" in agent.get(f"{page}history/").content.decode()
    fragment = agent.fragment(f"{page}history/", "history-records").content.decode()
    assert "changed the ticket" in fragment
    assert "<html" not in fragment


def test_an_object_that_nobody_changed_says_so(agent, acme):
    ticket = Ticket.objects.filter(team=acme).first()
    assert "No changes made through this desk" in agent.get(f"/tickets/{ticket.cstar_id}/history/").content.decode()


def test_it_is_kept_as_long_as_the_settings_say(ticket, settings):
    settings.ACTIVITY_DAYS = 30
    held = Activity.objects.get(target_id=ticket.cstar_id)
    for age, there in ((29, True), (31, False)):
        Activity.objects.filter(pk=held.pk).update(created_at=timezone.now() - timedelta(days=age))
        tidy.call()
        assert Activity.objects.filter(pk=held.pk).exists() is there


def test_the_record_says_the_user_name_beside_the_name_that_one_chose(agent, manager, acme):
    """Whoever takes a colleague's name is told apart from them, and it is recorded that they took it."""
    ticket = Ticket.objects.filter(team=acme, status="open").exclude(priority="urgent").first()
    names = {"first_name": "Owen", "last_name": "Castellano", "time_zone": "UTC", "theme": "auto", "undo_seconds": "0"}
    agent.post("/settings/", names)
    agent.post(f"/tickets/{ticket.cstar_id}/edit/", {"priority": "urgent"})
    told = list(Activity.objects.order_by("pk").values_list("action", "person", "username"))
    assert told == [
        ("account.renamed", "Tomasz Wilk", "agent"),
        ("ticket.updated", "Owen Castellano", "agent"),
    ]
    assert Activity.objects.earliest("pk").changes == {"name": ["Tomasz Wilk", "Owen Castellano"]}
    page = manager.get("/activity/").content.decode()
    assert page.count('<span class="muted small">agent</span>') == 2
    assert "Changed their name" in page
    assert manager.get("/activity/", {"search": "agent"}).context["page"].total == 2
    history = manager.get(f"/tickets/{ticket.cstar_id}/history/").content.decode()
    assert '<span class="muted small">agent</span>' in history


def test_a_name_that_stays_is_not_recorded(agent):
    names = {"first_name": "Tomasz", "last_name": "Wilk", "time_zone": "UTC", "theme": "dark", "undo_seconds": "0"}
    agent.post("/settings/", names)
    assert not Activity.objects.exists()


def test_a_new_name_is_recorded_in_each_of_ones_teams(agent, acme, globex):
    Membership.objects.create(user=agent.person, team=globex, role="agent")
    agent.post("/settings/", {"first_name": "Ada", "time_zone": "UTC", "theme": "auto", "undo_seconds": "0"})
    assert set(Activity.objects.values_list("team", flat=True)) == {acme.pk, globex.pk}
