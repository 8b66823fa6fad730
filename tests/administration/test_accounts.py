"""Switching people off: everywhere, at once, by whichever door they come; and who looks after the desk."""

import re
from datetime import timedelta
from ipaddress import ip_network

import pytest
import time_machine
from allauth.socialaccount.models import SocialAccount
from django.core.management import CommandError, call_command
from django.test import Client, RequestFactory
from django.utils import timezone

from activity.models import Activity
from config.sign_in import HeaderProxy
from outbox import delivery, queue
from outbox.models import Outgoing
from sso import embed_tokens
from sso.identity import Identity, RefusedError, admit
from teams import accounts
from teams.models import GroupRule, Membership, User
from tests.conftest import Person
from tests.outbox.test_outbox import kept
from tickets import outbox_handlers
from tickets.models import Ticket
from transfers.models import Run

PATH = "/settings/accounts/"
State = Outgoing.State


@pytest.fixture
def ticket(acme) -> Ticket:
    return Ticket.objects.filter(team=acme, status="open").exclude(customer="").first()


@pytest.fixture
def other_admin(world) -> Person:
    """Another admin of Acme, who is none of the desk."""
    Membership.objects.filter(user__username="manager").update(role="admin")
    return Person("manager")


def do(admin: Person, what: str, username: str):
    user = User.objects.get(username=username)
    return admin.post(f"{PATH}change/", {"account": str(user.pk), "do": what}, follow=True)


def text(response) -> str:
    return response.content.decode()


def signed_in_again(person: Person) -> Client:
    """The same person in another browser; they need not be in a team."""
    browser = Client()
    browser.force_login(person.person, backend="django.contrib.auth.backends.ModelBackend")
    return browser


def remove(by: Person, username: str) -> None:
    member = Membership.objects.get(user__username=username, team=by.team_id)
    by.post("/settings/people/remove/", {"member": str(member.pk)})


def recorded(team=None) -> list[tuple]:
    return list(Activity.objects.filter(team=team).order_by("pk").values_list("action", "username", "target_label"))


# --- switched off ----------------------------------------------------------------------------------------------


def test_who_is_switched_off_is_out_at_once_and_everywhere(admin, agent):
    phone = Person("agent")
    page = do(admin, "deactivate", "agent")
    assert "Tomasz Wilk is deactivated and signed out everywhere." in text(page)
    for browser in (agent, phone):
        assert browser.get("/tickets/").status_code == 302
    assert recorded() == [("account.deactivated", "admin", "Tomasz Wilk")]
    assert recorded(admin.team_id) == recorded()


def test_sessions_from_before_stay_over_when_they_are_switched_on_again(admin, agent):
    do(admin, "deactivate", "agent")
    page = do(admin, "activate", "agent")
    assert "Tomasz Wilk is active again" in text(page)
    assert agent.get("/tickets/").status_code == 302
    assert Person("agent").get("/tickets/").status_code == 200


def test_with_a_password_nobody_signs_in_who_is_switched_off(admin, acme):
    ada = User.objects.create_user("ada", password="between-the-engines")
    Membership.objects.create(user=ada, team=acme, role="agent")
    do(admin, "deactivate", "ada")
    someone = Client()
    someone.post("/accounts/sign-in/", {"username": "ada", "password": "between-the-engines"})
    assert "_auth_user_id" not in someone.session


def test_neither_does_a_demo_account(admin, client):
    do(admin, "deactivate", "agent")
    assert client.post("/accounts/demo/", {"username": "agent"}).status_code == 404
    assert "Tomasz Wilk" not in text(client.get("/accounts/sign-in/"))


@pytest.mark.parametrize("linked", [True, False])
def test_neither_does_who_comes_from_a_provider(linked, admin, agent):
    if linked:
        SocialAccount.objects.create(user=agent.person, provider="corp", uid="s-1")
    do(admin, "deactivate", "agent")
    request = RequestFactory().get("/")
    request.session = Client().session
    told = Identity(provider="corp", subject="s-1", email=agent.person.email, trust_email=True)
    with pytest.raises(RefusedError, match="deactivated"):
        admit(request, told)
    assert User.objects.filter(email__iexact=agent.person.email).count() == 1


def test_neither_does_who_comes_through_the_proxy(admin, acme, client, settings):
    settings.PROXY_SIGN_IN = HeaderProxy(user_header="X-User")
    settings.TRUSTED_PROXIES = [ip_network("10.0.0.0/24")]
    through = {"headers": {"X-User": "ada"}, "REMOTE_ADDR": "10.0.0.7"}
    client.get("/tickets/", **through)
    Membership.objects.create(user=User.objects.get(username="ada"), team=acme, role="agent")
    assert client.get("/tickets/", **through).status_code == 200
    do(admin, "deactivate", "ada")
    page = client.get("/tickets/", **through)
    assert page.status_code == 403
    assert "deactivated" in text(page)


def test_neither_does_a_portals_token(admin, agent, settings, client):
    settings.EMBED_PORTALS = {"https://portal.example": "s" * 32}
    token = embed_tokens.token(embed_tokens.Pass(user=agent.person.pk, portal="https://portal.example"))
    do(admin, "deactivate", "agent")
    handed = {"token": token, "portal": "https://portal.example"}
    assert client.post("/embed/", handed, content_type="application/json").status_code == 403
    asked = {"username": "agent"}
    headers = {"Authorization": "Bearer " + "s" * 32}
    assert client.post("/embed/token/", asked, content_type="application/json", headers=headers).status_code == 404


def test_nobody_changes_their_own_account(admin):
    for what in ("deactivate", "revoke"):
        assert "You cannot change your own account here." in text(do(admin, what, "admin"))
    assert desk_admins() == {"admin"}


def desk_admins() -> set[str]:
    return set(User.objects.filter(is_superuser=True, is_active=True).values_list("username", flat=True))


@pytest.mark.parametrize("data", [{}, {"account": "x", "do": "deactivate"}, {"account": "1", "do": "x"}, {"do": "\0"}])
def test_nonsense_changes_nobody(data, admin):
    assert admin.post(f"{PATH}change/", data).status_code == 302
    assert not User.objects.filter(is_active=False).exists()


def test_accounts_are_found_by_their_names(admin):
    assert "Tomasz Wilk" in text(admin.get(PATH))
    assert [one.username for one in admin.get(PATH, {"search": "tomasz wil"}).context["page"].items] == ["agent"]
    assert "No account matches" in text(admin.get(PATH, {"search": "nobody"}))


@pytest.mark.parametrize("typed", ["oyvind", "ØYVIND", "sjostrom", "Sjöström øyvind", "Sjo\u0308stro\u0308m"])
def test_accounts_are_searched_as_lists_are(typed, admin):
    User.objects.filter(username="agent").update(first_name="Øyvind", last_name="Sjöström")
    assert [one.username for one in admin.get(PATH, {"search": typed}).context["page"].items] == ["agent"]


@pytest.mark.parametrize("typed", ["x" * 300, "a\x00b", "\u0301"])
def test_a_search_that_cannot_be_used_shows_nobody_and_says_why(typed, admin):
    response = admin.get(PATH, {"search": typed})
    assert response.context["page"].items == []
    assert "This filter cannot be used" in text(response)


def test_the_page_is_for_admins_of_the_desk_alone(other_admin, agent):
    for person in (other_admin, agent):
        assert person.get(PATH).status_code == 403
        assert person.post(f"{PATH}change/", {"account": str(person.person.pk), "do": "grant"}).status_code == 403


# --- what waits ------------------------------------------------------------------------------------------------


def test_what_they_had_not_sent_is_held_for_a_manager(admin, agent, ticket, wire):
    entry = kept(ticket, agent.person, "Rude words", due_at=timezone.now() + timedelta(seconds=20))
    do(admin, "deactivate", "agent")
    entry.refresh_from_db()
    assert (entry.state, entry.code) == (State.HELD, "author_left")
    html = text(Person("manager").get(f"/tickets/{ticket.cstar_id}/"))
    assert "Tomasz Wilk may no longer write in this team, so this was not sent." in html
    assert "A manager can send, edit or discard it." in html
    for button in ("anyway", "undo", "discard"):
        assert re.search(rf'name="{button}"\s+value="{entry.pk}"', html)


def test_a_manager_sends_it_and_the_record_says_so(admin, agent, ticket, wire):
    entry = kept(ticket, agent.person, "Kind words")
    do(admin, "deactivate", "agent")
    manager = Person("manager")
    wire.calls.clear()
    manager.post(f"/tickets/{ticket.cstar_id}/outgoing/decide/", {"anyway": str(entry.pk), "kind": "reply"})
    entry.refresh_from_db()
    assert (entry.state, entry.released_by) == (State.SENT, manager.person)
    assert ("POST", f"tickets/{ticket.cstar_id}/messages") in wire.calls
    assert ("outgoing.released", "manager", "Tomasz Wilk") in recorded(ticket.team_id)


def test_a_manager_edits_it(admin, agent, ticket):
    entry = kept(ticket, agent.person, "Rude words")
    do(admin, "deactivate", "agent")
    page = Person("manager").fragment(
        f"/tickets/{ticket.cstar_id}/outgoing/decide/", data={"undo": str(entry.pk), "kind": "reply"}
    )
    assert "Rude words</textarea>" in text(page)
    entry.refresh_from_db()
    assert entry.state == State.UNDONE


def test_a_manager_discards_it(admin, agent, ticket, wire):
    entry = kept(ticket, agent.person, "Rude words")
    do(admin, "deactivate", "agent")
    Person("manager").post(f"/outbox/{entry.pk}/decide/", {"do": "discard"})
    entry.refresh_from_db()
    assert entry.state == State.UNDONE
    assert wire.calls == []


def test_a_colleague_who_is_no_manager_decides_nothing(admin, agent, acme, ticket):
    entry = kept(ticket, agent.person, "Rude words")
    do(admin, "deactivate", "agent")
    Membership.objects.create(user=User.objects.create_user("ada"), team=acme, role="agent")
    assert Person("ada").post(f"/outbox/{entry.pk}/decide/", {"do": "again"}).status_code == 403


@pytest.mark.parametrize(
    "lose",
    [
        lambda user, team: User.objects.filter(pk=user.pk).update(is_active=False),
        lambda user, team: Membership.objects.filter(user=user).delete(),
        lambda user, team: Membership.objects.filter(user=user, team=team).update(role="spectator"),
        lambda user, team: Membership.objects.filter(user=user, team=team).update(role="wizard"),
    ],
    ids=["switched off", "removed", "demoted", "unknown role"],
)
@pytest.mark.parametrize("kind", ["waiting", "retried"])
def test_however_the_right_was_lost_nothing_leaves(lose, kind, agent, ticket, wire):
    entry = kept(ticket, agent.person, "Rude words", attempts=3 if kind == "retried" else 0)
    lose(agent.person, ticket.team)
    delivery.send_line(ticket.team, outbox_handlers.line(ticket.cstar_id))
    entry.refresh_from_db()
    assert (entry.state, entry.code) == (State.HELD, "author_left")
    assert wire.calls == []


def test_a_removed_agents_reply_is_held(admin, agent, ticket, wire):
    entry = kept(ticket, agent.person, "Rude words", due_at=timezone.now() + timedelta(seconds=20))
    remove(admin, "agent")
    entry.refresh_from_db()
    assert entry.state == State.HELD


def test_a_demoted_agents_reply_is_held(admin, agent, ticket, wire):
    entry = kept(ticket, agent.person, "Rude words", due_at=timezone.now() + timedelta(seconds=20))
    member = Membership.objects.get(user=agent.person, team=ticket.team)
    admin.post("/settings/people/role/", {"member": str(member.pk), "role": "spectator"})
    entry.refresh_from_db()
    assert entry.state == State.HELD


def test_what_others_wrote_leaves(admin, agent, manager, ticket, wire):
    kept(ticket, agent.person, "Rude words")
    theirs = kept(ticket, manager.person, "Kind words")
    do(admin, "deactivate", "agent")
    delivery.send_line(ticket.team, outbox_handlers.line(ticket.cstar_id))
    theirs.refresh_from_db()
    assert theirs.state == State.SENT


def test_in_teams_where_they_still_work_it_leaves(admin, agent, acme, globex):
    Membership.objects.create(user=agent.person, team=globex, role="agent")
    ticket = Ticket.objects.filter(team=globex).first()
    entry = kept(ticket, agent.person, "Kind words")
    remove(admin, "agent")
    delivery.send_line(globex, outbox_handlers.line(ticket.cstar_id))
    entry.refresh_from_db()
    assert entry.state == State.SENT


def test_what_a_manager_let_go_is_held_once_they_are_gone_too(admin, agent, manager, ticket, wire):
    entry = kept(ticket, agent.person, "Words", state=State.HELD)
    queue.again(entry, manager.person)
    do(admin, "deactivate", "manager")
    delivery.send_line(ticket.team, outbox_handlers.line(ticket.cstar_id))
    entry.refresh_from_db()
    assert entry.state == State.HELD


def test_a_held_new_ticket_is_edited_in_the_managers_name(admin, agent, manager, acme):
    payload = {
        **{"customer": "", "name": "Eve", "email": "eve@example.com", "title": "Lost", "priority": "", "tags": []},
        **{"content": "x", "sender": "agent", "nonce": "1" * 32},
    }
    entry = Outgoing.objects.create(
        team=acme, user=agent.person, person="Tomasz Wilk", kind=outbox_handlers.CREATE, line="ticket:new:x", key="x",
        payload=payload, due_at=timezone.now() + timedelta(seconds=30),
    )  # fmt: skip
    do(admin, "deactivate", "agent")
    assert f"/tickets/new/?entry={entry.pk}" in text(manager.get(f"/outbox/{entry.pk}/"))
    assert 'value="Lost"' in text(manager.get(f"/tickets/new/?entry={entry.pk}"))


def test_what_they_started_is_paused(admin, manager, acme):
    run = Run.objects.create(
        team=acme, user=manager.person, person="x", kind=Run.Kind.BULK, resource="tickets", state=Run.State.RUNNING
    )
    do(admin, "deactivate", "manager")
    run.refresh_from_db()
    assert run.state == Run.State.PAUSED
    assert "may no longer do this in the team" in text(admin.get(f"/transfers/{run.pk}/"))


# --- the desk's own admins -------------------------------------------------------------------------------------


def test_the_desks_administration_is_given_and_taken(admin, other_admin):
    assert "is now a desk admin." in text(do(admin, "grant", "manager"))
    assert other_admin.get("/settings/teams/").status_code == 200
    assert "is no longer a desk admin." in text(do(admin, "revoke", "manager"))
    for path in ("/settings/teams/", "/settings/teams/add/", PATH):
        assert other_admin.get(path).status_code == 403
    assert [action for action, *_ in recorded()] == ["desk_admin.granted", "desk_admin.revoked"]


def test_who_is_removed_from_every_team_looks_after_the_desk_no_more(admin, other_admin, globex):
    remove(other_admin, "admin")
    assert admin.get("/settings/teams/").status_code == 200  # still in the other team
    Membership.objects.filter(user__username="globex-agent").update(role="admin")
    remove(Person("globex-agent"), "admin")
    assert not User.objects.get(username="admin").is_superuser
    for path in ("/settings/teams/", PATH):
        assert admin.get(path).status_code == 302
        assert signed_in_again(admin).get(path).status_code == 403
    assert ("desk_admin.revoked", "globex-agent", "Nadia Ferreira") in recorded()


def test_by_a_rule_too(admin, acme):
    user = User.objects.create_user("ada", is_superuser=True)
    SocialAccount.objects.create(user=user, provider="corp", uid="ada")
    GroupRule.objects.create(team=acme, group="staff", role="agent")
    for groups in (frozenset({"staff"}), frozenset()):
        request = RequestFactory().get("/")
        request.session = Client().session
        admit(request, Identity(provider="corp", subject="ada", groups=groups))
    assert not User.objects.get(pk=user.pk).is_superuser
    assert recorded() == [("member.ruled", "ada", "ada")]


def test_who_goes_from_one_team_to_another_stays_one(acme, globex, world):
    user = User.objects.create_user("ada", is_superuser=True)
    SocialAccount.objects.create(user=user, provider="corp", uid="ada")
    GroupRule.objects.create(team=acme, group="a", role="agent")
    GroupRule.objects.create(team=globex, group="b", role="agent")
    for group in "ab":
        request = RequestFactory().get("/")
        request.session = Client().session
        admit(request, Identity(provider="corp", subject="ada", groups=frozenset(group)))
    assert User.objects.get(pk=user.pk).is_superuser


def test_a_team_that_goes_takes_nobodys_administration_of_the_desk(admin, acme, globex):
    for team in (acme, globex):
        admin.post("/settings/teams/remove/", {"which": str(team.pk), "name": team.name})
        admin.team_id = str(globex.pk)
    assert admin.get("/settings/teams/").status_code == 200


def test_the_command_does_the_same(agent, ticket, capsys):
    entry = kept(ticket, agent.person, "x")
    call_command("account", "agent", "deactivate")
    assert "agent is deactivated" in capsys.readouterr().out
    assert agent.get("/tickets/").status_code == 302
    entry.refresh_from_db()
    assert entry.state == State.HELD
    call_command("account", "agent", "activate")
    call_command("account", "admin", "revoke")
    assert Person("admin").get("/settings/teams/").status_code == 403
    assert recorded()[0] == ("account.deactivated", "", "Tomasz Wilk")
    with pytest.raises(CommandError, match="no account nobody"):
        call_command("account", "nobody", "deactivate")


def test_a_team_needs_an_admin_who_is_switched_on(admin, other_admin, acme):
    do(admin, "deactivate", "manager")
    member = Membership.objects.get(user__username="admin", team=acme)
    page = admin.post("/settings/people/role/", {"member": str(member.pk), "role": "agent"}, follow=True)
    assert "A team needs at least one admin." in text(page)


# --- only here -------------------------------------------------------------------------------------------------


def test_removing_somebody_ends_nothing_in_their_other_teams(admin, outsider, acme):
    admin.post("/settings/people/add/", {"who": "globex-agent", "role": "agent"})
    page = outsider.get("/tickets/")
    outsider.get("/tickets/")
    remove(admin, "globex-agent")
    assert outsider.get("/tickets/").status_code == 200
    assert outsider.get("/tickets/").context["desk"].team.name == "Globex Care"
    assert page.status_code == 200


def test_who_worked_in_the_team_is_out_of_it_in_every_browser(admin, agent, acme, globex):
    Membership.objects.create(user=agent.person, team=globex, role="agent")
    held = Ticket.objects.filter(team=acme).first()
    assert agent.get(f"/tickets/{held.cstar_id}/").status_code == 200
    remove(admin, "agent")
    assert agent.get(f"/tickets/{held.cstar_id}/").status_code == 404
    assert agent.post(f"/tickets/{held.cstar_id}/edit/", {"priority": "low"}).status_code == 409
    assert agent.fragment("/live/").status_code != 401


def test_an_account_that_works_nowhere_is_signed_out(admin, agent):
    remove(admin, "agent")
    assert agent.get("/tickets/").status_code == 302


def test_a_session_that_was_ended_does_not_come_back_with_the_team(admin, agent, acme):
    remove(admin, "agent")
    with time_machine.travel(timezone.now() + timedelta(minutes=1)):
        accounts.activate(agent.person)
        Membership.objects.create(user=agent.person, team=acme, role="agent")
        assert agent.get("/tickets/").status_code == 302
