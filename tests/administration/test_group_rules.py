import pytest

from activity.models import Activity
from teams.models import GroupRule

PATH = "/settings/groups/"
RULE = {"group": "acme-leads", "role": "manager"}


def test_an_admin_adds_a_rule_and_removes_it(admin, acme):
    assert "No rule yet" in admin.get(PATH).content.decode()
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
    assert "There is a rule for this group" in page
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
