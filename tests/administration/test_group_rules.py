import pytest

from activity.models import Activity
from teams.models import GroupRule, Membership

PATH = "/settings/groups/"
RULE = {"group": "acme-leads", "role": "manager"}


def test_an_admin_adds_a_rule_and_removes_it(admin, acme):
    assert "No rules yet" in admin.get(PATH).content.decode()
    page = admin.post(PATH, RULE, follow=True).content.decode()
    assert "acme-leads has a role" in page
    rule = GroupRule.objects.get(team=acme)
    assert f'value="{rule.pk}"' in page
    admin.post(f"{PATH}remove/", {"rule": str(rule.pk)})
    assert not GroupRule.objects.exists()
    recorded = Activity.objects.filter(target_type="group_rule").order_by("pk")
    assert [(one.action, one.target_label) for one in recorded] == [
        ("group_rule.added", "acme-leads: Manager"),
        ("group_rule.removed", "acme-leads: Manager"),
    ]
    assert "Removed the group rule" in admin.get("/activity/?type=group_rule").content.decode()


def test_one_rule_a_group(admin):
    admin.post(PATH, RULE)
    page = admin.post(PATH, {**RULE, "role": "agent"}).content.decode()
    assert "This group already has a rule" in page
    assert 'value="acme-leads"' in page
    assert GroupRule.objects.get().role == "manager"


@pytest.mark.parametrize(
    "wrong", [{"role": "wizard"}, {"role": ""}, {"group": ""}, {"group": "x" * 201}, {"group": "\0"}]
)
def test_nonsense_is_no_rule(wrong, admin):
    assert admin.post(PATH, {**RULE, **wrong}).status_code == 200
    assert not GroupRule.objects.exists()


@pytest.mark.parametrize("number", ["", "x", "-1", "²", "9" * 40])
def test_removing_nonsense_does_nothing(number, admin):
    assert admin.post(f"{PATH}remove/", {"rule": number}).status_code == 302


def test_a_rule_of_another_team_is_out_of_reach(admin, globex):
    rule = GroupRule.objects.create(team=globex, group="globex", role="agent")
    admin.post(f"{PATH}remove/", {"rule": str(rule.pk)})
    assert GroupRule.objects.filter(pk=rule.pk).exists()
    assert "globex" not in admin.get(PATH).content.decode().replace("Globex Care", "")


def test_no_admin_makes_owners_by_a_rule(admin, acme):
    """They would be one themselves with their next sign-in."""
    page = admin.post(PATH, {**RULE, "role": "owner"})
    assert "Select a valid choice" in page.content.decode()
    assert not GroupRule.objects.exists()
    assert '<option value="owner"' not in admin.get(PATH).content.decode()


def test_no_admin_takes_owners_their_rule(admin, acme):
    rule = GroupRule.objects.create(team=acme, group="founders", role="owner")
    page = admin.post(f"{PATH}remove/", {"rule": str(rule.pk)}, follow=True)
    assert "Only owners can add or remove owners." in page.content.decode()
    assert GroupRule.objects.filter(pk=rule.pk).exists()


def test_an_owner_does_both(admin, acme):
    Membership.objects.filter(user=admin.person, team=acme).update(role="owner")
    admin.post(PATH, {**RULE, "role": "owner"})
    rule = GroupRule.objects.get(role="owner")
    admin.post(f"{PATH}remove/", {"rule": str(rule.pk)})
    assert not GroupRule.objects.exists()
    assert [one.action for one in Activity.objects.order_by("pk")] == ["group_rule.added", "group_rule.removed"]


@pytest.mark.parametrize(("path", "field"), [("add", "role"), ("create", "new-role")])
def test_the_other_forms_offer_no_more_either(admin, path, field):
    data = {"who": "globex-agent", "new-username": "ada", "new-email": "a@b.example", "new-password": "twelve-letters"}
    assert admin.post(f"/settings/people/{path}/", {**data, field: "owner"}).status_code == 400
    assert not Membership.objects.filter(role="owner").exists()
