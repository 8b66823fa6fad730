"""Who may do what, made from the URL configuration: a new address fails here until somebody decided about it."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache

import pytest
from django.conf import settings
from django.test import Client
from django.urls import URLResolver, get_resolver
from django.utils import timezone

from activity.models import Activity
from outbox.models import Outgoing
from replica import capabilities, registry
from replica.models import Capability
from teams import demo
from teams.models import Membership, Team, User
from teams.policy import May, Role, allows
from tests.conftest import Person
from tickets import views as ticket_views
from tickets.models import Ticket
from transfers.models import Run

KEYS = [team.key for team in demo.TEAMS]
WEBHOOK_SECRET = "whsec_" + "w" * 40

# Open to people who are not signed in, and why that is right.
PUBLIC = {
    "healthz": "says that the process lives, nothing else",
    "readyz": "says which part does not answer, nothing else",
    "metrics": "is for who brings the token of the settings (tests/test_metrics.py)",
    "sso:sign_in": "is how one signs in",
    "sso:sign_out": "ends the session that there may be",
    "sso:oidc_start": "leads to a provider that the settings name",
    "sso:oidc_callback": "is where a provider sends people back, with proof (tests/browser/test_openid.py)",
    "sso:demo_sign_in": "is on the sandbox alone, for made-up people",
    "saml_start": "leads to a provider that the settings name",
    "saml_acs": "takes a provider's signed answer and does nothing with it yet",
    "saml_finish_acs": "is where the answer has to prove itself (tests/browser/test_saml.py)",
    "saml_sls": "leads to the sign-in page",
    "saml_metadata": "says where providers send people, which is no secret",
    "sso:embed": "is where a portal's token has to prove itself (tests/sso/test_embedding.py)",
    "sso:embed_token": "is for portals, which bring the secret of the settings",
    "replica:hook": "is cStar's, who signs what it delivers (tests/replica/test_webhooks.py)",
    "teams:switch": "asks by itself: it changes the team that others ask about",
}


@dataclass(frozen=True)
class Address:
    """One line of the URL configuration."""

    name: str
    route: str
    view: Callable

    @property
    def may(self) -> May:
        return self.view.may

    def path(self, team: Team) -> str:
        """The address of something that the team has."""
        if "<int:pk>" in self.route:
            make = _lack if self.name == "replica:notice_read" else _refused_edit
            return "/" + self.route.replace("<int:pk>", str(make(team).pk))
        name = self.route.partition("/")[0]
        held = registry.get(name if name in registry.names() else "tickets").held(team).first()
        path = self.route.replace("<cstar_id:cstar_id>", held.cstar_id if held else "none")
        if self.name == "transfers:file":
            path = path.replace("<uuid:run_id>", str(_export(team).pk))
        if "<uuid:run_id>" in path:
            path = path.replace("<uuid:run_id>", str(_run(team).pk))
        for provider in ("<slug:provider_id>", "<slug:organization_slug>"):
            path = path.replace(provider, "corp")
        return "/" + path.replace("<uuid:team_id>", str(team.pk)).replace("<slug:resource>", "tickets")


def _run(team: Team) -> Run:
    """A bulk edit of the team's that is being prepared."""
    fields = {"person": "The manager", "kind": Run.Kind.BULK, "resource": "tickets", "total": 1}
    run, made = Run.objects.get_or_create(team=team, problem="of-the-test", defaults=fields)
    if made:
        run.rows.create(line=1, resource="tickets", cstar_id=Ticket.objects.filter(team=team).first().cstar_id)
    return run


def _export(team: Team) -> Run:
    """An export that the agent made, with its file."""
    fields = {
        "user": User.objects.get(username="agent"),
        "kind": Run.Kind.EXPORT,
        "resource": "tickets",
        "state": Run.State.DONE,
        "file": "export-of-the-test.csv",
        "file_name": "tickets.csv",
        "options": {"format": "csv"},
    }
    run = Run.objects.get_or_create(team=team, problem="export-of-the-test", defaults=fields)[0]
    run.path.parent.mkdir(exist_ok=True)
    run.path.write_text("Ticket ID\r\n")
    return run


def _lack(team: Team) -> Capability:
    """What the team's cStar does not offer."""
    capabilities.learn(team, "audit_log", False)
    return Capability.objects.get(team=team, name="audit_log")


def _refused_edit(team: Team) -> Outgoing:
    """An entry of the team's outbox, its agent's."""
    ticket = Ticket.objects.filter(team=team).first()
    fields = {
        "user": User.objects.get(username="agent"),
        "kind": "ticket.edit",
        "line": "x",
        "target_id": ticket.cstar_id,
        "payload": {"changes": {"status": "open"}},
        "state": Outgoing.State.FAILED,
        "due_at": timezone.now(),
    }
    return Outgoing.objects.get_or_create(team=team, key="of-the-test", defaults=fields)[0]


def addresses(patterns=None, prefix: str = "", namespace: str = "") -> Iterator[Address]:
    """Every address of the site but the sandbox's, which stands behind its own keys."""
    for entry in get_resolver().url_patterns if patterns is None else patterns:
        route = prefix + str(entry.pattern)
        if not isinstance(entry, URLResolver):
            yield Address(namespace + (entry.name or route), route, entry.callback)
        elif route != "api/v1/":
            yield from addresses(entry.url_patterns, route, f"{entry.namespace}:" if entry.namespace else "")


ALL = list(addresses())
GUARDED = [address for address in ALL if hasattr(address.view, "may")]
# A page that stays open asks there; it must not move its person to another team.
OF_THE_OPEN_TEAM = {"tickets:live_ticket"}
OF_ONE_OBJECT = [address for address in GUARDED if "<" in address.route.replace("<slug:resource>", "")]
LINKED = [address for address in OF_ONE_OBJECT if "<cstar_id" in address.route]


def by_name(found: list[Address]):
    return pytest.mark.parametrize("address", found, ids=lambda address: address.name)


def secrets() -> list[str]:
    """What may leave the server in no answer, whoever asks."""
    ours = [settings.SECRET_KEY, *settings.ENCRYPTION_KEYS, settings.METRICS_TOKEN]
    ours += [entry["PASSWORD"] for entry in settings.DATABASES.values()]
    ours += [app["secret"] for app in settings.SOCIALACCOUNT_PROVIDERS["openid_connect"]["APPS"]]
    return [*KEYS, WEBHOOK_SECRET, *settings.EMBED_PORTALS.values(), *filter(None, ours)]


def assert_harmless(response) -> None:
    """What holds for every answer of the site: the headers are there and no team's key is anywhere in it."""
    body = b"".join(response.streaming_content) if response.streaming else response.content
    text = body.decode() + str(dict(response.items())) + str(response.cookies)
    assert not [secret for secret in secrets() if secret in text]
    policy = dict(part.strip().partition(" ")[::2] for part in response["Content-Security-Policy"].split(";"))
    assert policy["default-src"] == policy["base-uri"] == policy["frame-ancestors"] == "'none'"
    assert policy["script-src"] == policy["style-src"] == policy["connect-src"] == policy["form-action"] == "'self'"
    assert "unsafe-" not in str(policy)
    assert "*" not in str(policy)
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Referrer-Policy"] == "same-origin"
    assert response["Cross-Origin-Resource-Policy"] == "same-origin"
    assert response["Cross-Origin-Opener-Policy"] == "same-origin"
    assert "camera=()" in response["Permissions-Policy"]
    assert "no-store" in response["Cache-Control"]


class Checked:
    """A test client that looks at every answer it gets."""

    def request(self, **request):
        response = super().request(**request)
        assert_harmless(response)
        return response


class Anyone(Checked, Client):
    """Somebody who is not signed in."""


class Someone(Checked, Person):
    """Somebody who is."""


@pytest.fixture
def anonymous(world) -> Anyone:
    return Anyone()


@cache
def methods_of(address: Address, team: Team) -> list[str]:
    """What the address takes: what is refused is refused before anybody is asked who they are."""
    path = address.path(team)
    return [method for method in ("get", "post") if getattr(Client(), method)(path).status_code != 405]


# Every view has a right that it asks for ---------------------------------------------------------------------------


def test_every_address_asks_for_a_right_or_is_known_to_be_public():
    assert {address.name for address in ALL} - {address.name for address in GUARDED} == set(PUBLIC)
    assert all(address.may in May for address in GUARDED)


@by_name(GUARDED)
@pytest.mark.parametrize("role", list(Role))
def test_a_role_may_do_what_the_policy_says_and_nothing_else(address, role, acme, wire):
    someone = Someone("agent")
    Membership.objects.filter(user=someone.person, team=acme).update(role=role)
    methods = methods_of(address, acme)
    assert methods
    for method in methods:
        response = getattr(someone, method)(address.path(acme))
        if allows(role, address.may):
            assert response.status_code in {200, 204, 302, 400}
        else:
            assert response.status_code == 403
            assert wire.calls == []


def test_those_who_only_look_are_offered_no_form_that_changes_anything(acme):
    someone = Someone("spectator")
    harmless = {"/accounts/sign-out/", "/settings/"}
    for address in GUARDED:
        if allows(Role.SPECTATOR, address.may) and address.name != "teams:settings":
            html = someone.get(address.path(acme)).content.decode()
            offered = set(re.findall(r'<form[^>]*method="post"[^>]*action="([^"]*)"', html))
            # That one has read a notice is noted for oneself alone.
            assert {path for path in offered if not path.startswith("/settings/notices/")} <= harmless, address.name


def test_an_unknown_role_may_nothing(acme):
    someone = Someone("agent")
    Membership.objects.filter(user=someone.person).update(role="superhero")
    assert {someone.get(address.path(acme)).status_code for address in GUARDED} <= {403, 405}


@by_name(GUARDED)
def test_nobody_gets_in_without_signing_in(address, anonymous, acme, wire):
    path = address.path(acme)
    for method in methods_of(address, acme):
        response = getattr(anonymous, method)(path, {"words": "not to be lost"})
        if method == "get":
            assert response.status_code == 302
            assert response["Location"].startswith("/accounts/sign-in/?next=%2F")
        else:
            assert response.status_code == 401
            assert b"not to be lost" not in response.content  # it is nobody's (tests/core/test_echo.py)
        fragment = getattr(anonymous, method)(path, headers={"HX-Request": "true"})
        assert (fragment.status_code, fragment["HX-Retarget"]) == (401, "#notices")
    assert wire.calls == []


@by_name(GUARDED)
def test_whose_session_ended_gets_their_words_back(address, acme):
    if "post" in methods_of(address, acme):
        someone = Someone("agent")
        User.objects.update(sessions_since=timezone.now())
        response = someone.post(address.path(acme), {"words": "not to be lost"})
        assert response.status_code == 401
        assert b"not to be lost" in response.content


@by_name(GUARDED)
def test_somebody_without_a_team_sees_nothing(address, acme, wire):
    someone = Someone("agent")
    path, methods = address.path(acme), methods_of(address, acme)
    someone.person.memberships.all().delete()
    for method in methods:
        response = getattr(someone, method)(path, {"words": "not to be lost"})
        assert response.status_code == 403
        assert (b"No team yet" in response.content) is (address.may != May.MANAGE_DESK)
    assert wire.calls == []


def test_a_person_who_was_deactivated_is_out_at_once(acme):
    someone = Someone("agent")
    User.objects.filter(pk=someone.person.pk).update(is_active=False)
    assert someone.get("/tickets/").status_code == 302


# Teams stay apart --------------------------------------------------------------------------------------------------


@by_name(OF_ONE_OBJECT)
def test_another_teams_object_is_not_there(address, acme, globex, wire):
    someone = Someone("globex-agent")
    Membership.objects.filter(user=someone.person).update(role=Role.OWNER)
    for method in methods_of(address, acme):
        assert getattr(someone, method)(address.path(acme), {"words": "x"}).status_code == 404
    assert {method for method, _ in wire.calls} <= {"GET"}


@by_name([address for address in LINKED if address.name not in OF_THE_OPEN_TEAM])
def test_a_link_into_ones_other_team_opens_there_and_a_form_does_not(address, acme, globex, wire):
    someone = Someone("admin")
    methods, path = methods_of(address, acme), address.path(globex)
    if "post" in methods:
        response = someone.post(path, {"words": "not to be lost"})
        assert response.status_code == 404
        assert b"not to be lost" in response.content
        assert {method for method, _ in wire.calls} <= {"GET"}  # the session's own team was asked, and nothing changed
    if "get" in methods:
        assert someone.get(path).status_code == 200
        assert someone.get("/tickets/").context["desk"].team == globex


def test_a_link_does_not_lead_to_what_the_role_in_the_other_team_forbids(globex):
    someone = Someone("admin")
    Membership.objects.filter(user=someone.person, team=globex).update(role=Role.AGENT)
    ticket = Ticket.objects.filter(team=globex).first()
    assert someone.get(f"/tickets/{ticket.cstar_id}/delete/").status_code == 403
    assert someone.get("/tickets/").context["desk"].team.name == "Acme Support"


@by_name(GUARDED)
@pytest.mark.parametrize("team", ["other", "", "nonsense", None])
def test_a_form_made_for_another_team_is_refused_with_its_words(address, team, acme, globex, wire):
    if "post" not in methods_of(address, acme):
        return
    someone = Someone("admin")
    given = {} if team is None else {"team": str(globex.pk) if team == "other" else team}
    data = {**given, "words": "not to be <lost>"}
    before = Activity.objects.count()
    response = Client.post(someone, address.path(acme), data)
    assert response.status_code == 409
    assert b"not to be &lt;lost&gt;" in response.content
    assert (wire.calls, Activity.objects.count()) == ([], before)


@by_name(GUARDED)
def test_a_form_made_for_another_person_is_refused_with_its_words(address, acme, wire):
    """Who signed in here meanwhile, in another tab, sends nothing in their name that somebody else wrote."""
    if "post" not in methods_of(address, acme):
        return
    someone, path = Someone("admin"), address.path(acme)
    other = User.objects.get(username="agent").pk
    before = Activity.objects.count()
    response = Client.post(someone, path, {"team": str(acme.pk), "person": other, "words": "not to be <lost>"})
    assert response.status_code == 409
    assert someone.person.display_name in response.content.decode()
    assert b"not to be &lt;lost&gt;" in response.content
    assert (wire.calls, Activity.objects.count()) == ([], before)


def test_only_ones_own_teams_can_be_switched_to(globex):
    someone = Someone("agent")
    for team in (globex.pk, "", "nonsense", "0" * 32):
        assert Client.post(someone, "/teams/switch/", {"team": team}).status_code == 404
    assert someone.get("/tickets/").context["desk"].team.name == "Acme Support"


def test_a_team_one_was_put_out_of_is_left_at_once(acme, globex):
    someone = Someone("admin")
    Client.post(someone, "/teams/switch/", {"team": globex.pk})
    assert someone.get("/tickets/").context["desk"].team == globex
    Membership.objects.filter(user=someone.person, team=globex).delete()
    assert someone.get("/tickets/").context["desk"].team == acme


# Every answer ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", ["/nothing", "/tickets/", "/healthz", "/readyz", "/", "/accounts/sign-in/"])
@pytest.mark.parametrize(
    "headers", [{}, {"HX-Request": "true"}, {"Host": "evil.example"}], ids=["page", "htmx", "host"]
)
def test_headers_stand_on_errors_and_public_pages_too(anonymous, path, headers):
    assert anonymous.get(path, headers=headers).status_code < 500
    assert Someone("agent").get(path, headers=headers).status_code < 500


def test_headers_stand_on_the_sandboxs_answers(anonymous):
    assert anonymous.get("/api/v1/auth/whoami").status_code == 401


def test_a_fault_of_ours_shows_neither_trace_nor_key(anonymous, monkeypatch, caplog):
    def broken(*_, **__):
        raise RuntimeError("local state")

    monkeypatch.setattr(ticket_views, "list_page", broken)
    someone = Someone("agent", raise_request_exception=False)
    response = someone.get("/tickets/")
    assert response.status_code == 500
    assert b"Something went wrong" in response.content
    assert b"Traceback" not in response.content
    assert b"local state" not in response.content
    assert not [key for key in KEYS if key in caplog.text]


def test_the_key_is_shown_by_its_end_alone_and_to_admins_alone(acme):
    ending = f"…{acme.key[-4:]}"
    assert ending in Someone("admin").get("/settings/team/").content.decode()
    assert Someone("manager").get("/settings/team/").status_code == 403
    assert ending not in Someone("manager").get("/settings/").content.decode()


def test_cookies_are_kept_from_scripts_and_other_sites(anonymous):
    anonymous.get("/accounts/sign-in/")
    anonymous.post("/accounts/demo/", {"username": "agent"})
    assert {"session", "csrf"} == set(anonymous.cookies)
    for cookie in anonymous.cookies.values():
        assert cookie["httponly"]
        assert cookie["samesite"] == "Lax"


# Forged forms and addresses ----------------------------------------------------------------------------------------


@by_name([address for address in ALL if address.name not in {"replica:hook", "saml_acs", "sso:embed_token"}])
def test_no_form_is_taken_from_another_site(address, acme, wire):
    someone = Someone("admin", enforce_csrf_checks=True)
    response = someone.post(address.path(acme), {"words": "not to be lost"})
    assert response.status_code == 403
    assert b"Please send that again" in response.content
    assert b"not to be lost" in response.content
    assert someone.get("/tickets/").status_code == 200
    assert wire.calls == []


def test_the_sandbox_is_called_by_machines_which_hold_a_key_and_no_token(world, acme):
    machine = Anyone(enforce_csrf_checks=True)
    path = f"/api/v1/teams/{acme.cstar_team_id}/tags"
    assert machine.post(path, {"name": "x"}, content_type="application/json").status_code == 401
    headers = {"Authorization": f"Bearer {acme.key}"}
    assert machine.post(path, {"name": "x"}, content_type="application/json", headers=headers).status_code == 201


EVIL = [
    "https://evil.example/",
    "//evil.example/",
    "///evil.example",
    "/\\evil.example",
    "\\\\evil.example",
    "javascript:alert(1)",
    "data:text/html,x",
    "http:evil.example",
    "https://testserver@evil.example/",
    "https://testserver.evil.example/",
    "\t//evil.example",
    "/\t/evil.example",
    "\x00//evil.example",
    "https:///evil.example",
    "/tickets/\r\nLocation: https://evil.example",
]


@pytest.mark.parametrize("target", EVIL)
def test_nobody_is_led_to_another_site(anonymous, target):
    agent = User.objects.get(username="agent")
    agent.set_password("a long enough password")
    agent.save()
    sent = [
        anonymous.post("/accounts/demo/", {"username": "agent", "next": target}),
        Someone("agent").get("/accounts/sign-in/", {"next": target}),
        Someone("agent").post("/accounts/sign-out/", {"next": target}),
        Someone("agent").post("/accounts/sign-out/?next=//evil.example", {}),
        Anyone().post(
            "/accounts/sign-in/", {"username": "agent", "password": "a long enough password", "next": target}
        ),
    ]
    for response in sent:
        assert response.status_code == 302
        assert re.match(r"/(?![/\\])[!-~]*\Z", response["Location"])


def test_one_comes_back_to_where_one_was_going(anonymous):
    response = anonymous.post("/accounts/demo/", {"username": "agent", "next": "/tickets/?status=open"})
    assert response["Location"] == "/tickets/?status=open"


def test_signing_in_makes_a_new_session(anonymous):
    anonymous.get("/accounts/sign-in/")
    anonymous.session["planted"] = True
    anonymous.session.save()
    before = anonymous.session.session_key
    anonymous.post("/accounts/demo/", {"username": "agent"})
    assert anonymous.session.session_key != before


def test_only_the_demos_people_sign_in_without_a_password(anonymous):
    User.objects.create_user("real-person", password="a long enough password")
    for username in ("real-person", "", "Admin", "admin\x00", "nobody"):
        assert anonymous.post("/accounts/demo/", {"username": username}).status_code == 404
    assert "_auth_user_id" not in anonymous.session


def test_guessing_a_password_ends_soon(anonymous):
    tries = [
        anonymous.post("/accounts/sign-in/", {"username": "agent", "password": f"guess {number}"}).status_code
        for number in range(12)
    ]
    assert tries[0] == 200
    assert tries[-1] == 429


def test_beside_the_real_cstar_there_is_neither_sandbox_nor_demo(tmp_path):
    program = """
import django
django.setup()
from django.urls import Resolver404, resolve
for path in ("/api/v1/auth/whoami", "/api/v1/teams/x/tickets", "/accounts/demo/", "/tickets/"):
    try:
        print(path, bool(resolve(path)))
    except Resolver404:
        print(path, False)
"""
    environment = {
        "PATH": os.environ["PATH"],
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "DATA_DIR": str(tmp_path),
        "CSTAR_API_URL": "https://www.cstar.help/api/v1",
    }
    done = subprocess.run([sys.executable, "-c", program], env=environment, capture_output=True, text=True, check=True)
    assert done.stdout.split("\n")[:4] == [
        "/api/v1/auth/whoami False",
        "/api/v1/teams/x/tickets False",
        "/accounts/demo/ False",
        "/tickets/ True",
    ]
