"""Everybody at every address, with every method: what the policy says, and never a fault, a secret or a bare answer.

The addresses are those of the URL configuration, so a new one is in it by itself; each answer is looked at by
`test_access.assert_harmless`.
"""

from __future__ import annotations

import re

import pytest
from django.http import HttpResponse
from django.urls import URLPattern, URLResolver, get_resolver
from django.utils import timezone

from articles.models import Article
from customers.models import Customer
from replica.models import WebhookEndpoint
from teams.models import Membership, Team
from teams.policy import Role
from tests.test_access import ALL, GUARDED, WEBHOOK_SECRET, Anyone, Someone, by_name, secrets
from tickets.models import Ticket

# Those that no page of ours sends, known and made up.
ODD = ("PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "CONNECT", "PROPFIND", "A" * 300)
ANY = ("GET", "HEAD", "POST", *ODD)
# Takes its methods without asking for one: answers whatever comes.
ANY_METHOD = {"healthz", "readyz", "sso:sign_in"}


@pytest.fixture(autouse=True)
def things_to_hide(world, settings):
    """All that is secret, so that it can be looked for."""
    fields = {"cstar_id": "wh_1", "url": "https://desk.example.com/", "registered_at": timezone.now()}
    for team in Team.objects.all():
        WebhookEndpoint.objects.create(team=team, secret=WEBHOOK_SECRET, **fields)
    settings.METRICS_TOKEN = "the-token-of-the-metrics"
    app = {"provider_id": "corp", "name": "Corp", "client_id": "desk", "secret": "the-secret-of-the-client"}
    app["settings"] = {"server_url": "http://127.0.0.1:9/", "scope": ["openid"]}
    settings.SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"APPS": [app]}, "saml": {"APPS": []}}
    assert len(secrets()) >= 7


def ask(who: Anyone | Someone, method: str, path: str) -> HttpResponse:
    return who.post(path, {"words": "x"}) if method == "POST" else who.generic(method, path)


def owner_of_the_other_team() -> Someone:
    someone = Someone("globex-agent")
    Membership.objects.filter(user=someone.person).update(role=Role.OWNER)
    return someone


@by_name(GUARDED)
def test_no_other_method_is_taken_whoever_tries(address, acme):
    for who in (Anyone(), Someone("admin"), owner_of_the_other_team()):
        assert {ask(who, method, address.path(acme)).status_code for method in ODD} == {405}


@by_name(GUARDED)
def test_asking_for_the_head_alone_opens_nothing(address, acme):
    for role in Role:
        someone = Someone("agent")
        Membership.objects.filter(user=someone.person, team=acme).update(role=role)
        whole, head = (ask(someone, method, address.path(acme)) for method in ("GET", "HEAD"))
        assert head.status_code == whole.status_code
        assert head.getvalue() == b""


@by_name([address for address in ALL if address not in GUARDED])
def test_what_is_open_to_everybody_stands_anything(address, acme):
    for who in (Anyone(), Someone("agent"), owner_of_the_other_team()):
        for method in ANY:
            status = ask(who, method, address.path(acme)).status_code
            assert status < 500
            assert method not in ODD or address.name in ANY_METHOD or status in {404, 405}


def told_of(team: Team) -> list[str]:
    """What nobody can know who is not in the team."""
    found = [team.name, str(team.pk)]
    for model in (Ticket, Customer, Article):
        found += model.objects.filter(team=team).values_list("cstar_id", flat=True)
    found += Customer.objects.filter(team=team).exclude(email="").values_list("email", flat=True)
    return [text for text in found if text]


@by_name(GUARDED)
def test_another_teams_member_is_told_nothing_of_this_one(address, acme, globex):
    """Neither at their own addresses nor, beside what they asked with, at those of this team."""
    outsider = owner_of_the_other_team()
    asked = address.path(acme)
    for path in (asked, address.path(globex), f"{asked}?team={acme.pk}&q=a&search=a&customer=1&page=2"):
        for headers in ({}, {"HX-Request": "true"}):
            text = outsider.get(path, headers=headers).getvalue().decode()
            assert not [told for told in told_of(acme) if told in text and told not in path]


# The embedded cStar --------------------------------------------------------------------------------------------------


def sandbox_routes(patterns: list | None = None, prefix: str = "") -> list[str]:
    found: list[str] = []
    for entry in get_resolver("sandbox.urls").url_patterns if patterns is None else patterns:
        route = prefix + str(entry.pattern)
        if isinstance(entry, URLResolver):
            found += sandbox_routes(entry.url_patterns, route)
        elif isinstance(entry, URLPattern):
            found.append(route.removeprefix("^"))
    return found


@pytest.mark.parametrize("route", sandbox_routes())
def test_the_embedded_cstar_answers_nobody_without_a_key_of_the_team(route, acme, globex):
    ticket = Ticket.objects.filter(team=acme).first()
    path = "/api/v1/" + route.replace("<str:team_id>", str(acme.cstar_team_id))
    path = re.sub(r"<str:\w+>", ticket.cstar_id, path)
    nobody, another = {401, 405} if route else {404}, {403, 404, 405}
    if route == "auth/whoami":
        another = {200, 405}  # it says whose key that is
    for key, expected in ((None, nobody), ("sk_test_" + "n" * 32, nobody), (globex.key, another)):
        headers = {"Authorization": f"Bearer {key}"} if key else {}
        assert {Anyone().generic(method, path, headers=headers).status_code for method in ANY} <= expected
    for method in set(ANY) - {"POST", "DELETE"}:
        headers = {"Authorization": f"Bearer {acme.key}"}
        assert Anyone().generic(method, path, headers=headers).status_code < 500
