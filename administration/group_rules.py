"""`/settings/groups/`: which groups of the company's sign-in have which role in the team."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from activity.record import record
from administration.forms import ONLY_OWNERS, GroupRuleForm
from core.bidi import isolate
from core.folding import sorted_by
from core.shortcuts import get_or_none
from teams.access import TeamRequest, team_view
from teams.models import GroupRule
from teams.policy import May, may_give


@team_view(May.MANAGE_TEAM, methods=("GET", "POST"))
def rules(request: TeamRequest) -> HttpResponse:
    """The team's rules, and a form for one more."""
    form = GroupRuleForm(request.POST or None, team=request.team, roles=may_give(request.membership.role))
    if request.method == "POST" and form.is_valid():
        rule = form.save()
        record(request, "group_rule.added", _target(rule))
        text = _("{group} has a role. It applies at each person's next sign-in.")
        messages.success(request, text.format(group=isolate(rule.group)))
        return redirect("administration:group_rules")
    held = sorted_by("group", GroupRule.objects.filter(team=request.team))
    return render(request, "administration/group_rules.html", {"form": form, "rules": held})


@team_view(May.MANAGE_TEAM, methods=("POST",))
def remove(request: TeamRequest) -> HttpResponse:
    """Remove the rule that the form's `rule` names; one that is gone already is no error."""
    rule = get_or_none(GroupRule.objects.filter(team=request.team), pk=request.POST.get("rule", ""))
    if rule is not None and rule.role not in may_give(request.membership.role):
        messages.error(request, ONLY_OWNERS)
    elif rule is not None:
        record(request, "group_rule.removed", _target(rule))
        rule.delete()
        text = _("{group} no longer has a role. This applies at each person's next sign-in.")
        messages.success(request, text.format(group=isolate(rule.group)))
    return redirect("administration:group_rules")


def _target(rule: GroupRule) -> tuple[str, str, str]:
    return "group_rule", str(rule.pk), str(rule)
