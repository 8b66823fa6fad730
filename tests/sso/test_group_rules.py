"""Groups become roles at each sign-in, and stop being them."""

import pytest
from django.test import Client, RequestFactory

from activity.models import Activity
from sso.identity import Identity, admit
from teams.models import GroupRule, Membership, User
from teams.policy import Role


@pytest.fixture
def rules(acme, globex):
    GroupRule.objects.create(team=acme, group="acme-agents", role=Role.AGENT)
    GroupRule.objects.create(team=acme, group="acme-leads", role=Role.MANAGER)
    GroupRule.objects.create(team=globex, group="globex", role=Role.SPECTATOR)


class Ada(Client):
    """Somebody whom a provider vouches for: `ada.arrives("group", ...)` signs her in, in this browser."""

    def arrives(self, *groups: str) -> dict[str, str]:
        request = RequestFactory().get("/")
        request.session = self.session
        user = admit(request, Identity(provider="corp", subject="ada", groups=frozenset(groups)))
        request.session.save()
        self.cookies["session"] = request.session.session_key
        return {held.team.name: held.role for held in user.memberships.select_related("team")}


@pytest.fixture
def ada(rules) -> Ada:
    return Ada()


def test_groups_give_roles_and_the_one_with_the_most_rights_counts(ada):
    assert ada.arrives("acme-agents", "staff") == {"Acme Support": "agent"}
    assert ada.arrives("acme-agents", "acme-leads", "globex") == {"Acme Support": "manager", "Globex Care": "spectator"}
    assert ada.arrives("acme-agents") == {"Acme Support": "agent"}
    assert ada.arrives() == {}


def test_a_group_is_one_only_as_it_is_written(ada):
    assert ada.arrives("ACME-AGENTS", "acme-agents ", "acme") == {}


def test_what_was_given_by_hand_stays(ada, acme, globex):
    ada.arrives()
    user = User.objects.get(username="ada")
    Membership.objects.create(user=user, team=acme, role=Role.SPECTATOR)
    assert ada.arrives("acme-leads", "globex") == {"Acme Support": "spectator", "Globex Care": "spectator"}
    assert ada.arrives() == {"Acme Support": "spectator"}


def test_who_loses_a_team_is_out_of_it_in_every_browser(ada):
    other = Ada()
    other.arrives("acme-agents")
    assert other.get("/tickets/").status_code == 200
    ada.arrives("globex")
    assert other.get("/tickets/").status_code == 302
    assert other.get("/tickets/", headers={"HX-Request": "true"}).status_code == 401
    assert ada.get("/tickets/").context["desk"].team.name == "Globex Care"


def test_another_role_leaves_other_sessions_alone_and_counts_there_at_once(ada):
    other = Ada()
    other.arrives("acme-leads")
    assert other.get("/activity/").status_code == 200
    ada.arrives("acme-agents")
    assert other.get("/activity/").status_code == 403


def test_the_record_says_what_rules_did(ada, acme):
    for groups in (["acme-agents"], ["acme-agents"], ["acme-leads"], []):
        ada.arrives(*groups)
    told = Activity.objects.filter(team=acme, action="member.ruled").order_by("pk").values_list("changes", flat=True)
    assert [change["role"] for change in told] == [["", "agent"], ["agent", "manager"], ["manager", ""]]
