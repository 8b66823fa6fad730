from django import forms
from django.utils.translation import gettext_lazy as _

from core.forms import DeskForm
from teams.models import GroupRule, Team
from teams.policy import Role


class GroupRuleForm(DeskForm):
    """A new rule of the team: a group as the provider writes it, and what those who are in it may do here."""

    group = forms.CharField(
        label=_("Group"), max_length=200, help_text=_("As your provider writes it, small and capital letters included.")
    )
    role = forms.ChoiceField(label=_("Role"), choices=Role.choices, initial=Role.AGENT)

    def __init__(self, *args, team: Team, **kwargs):
        self.team = team
        super().__init__(*args, **kwargs)

    def clean_group(self) -> str:
        group = self.cleaned_data["group"]
        if GroupRule.objects.filter(team=self.team, group=group).exists():
            raise forms.ValidationError(_("There is a rule for this group. Remove it first to give another role."))
        return group

    def save(self) -> GroupRule:
        """The rule; of two that come at the same moment the first."""
        group, role = self.cleaned_data["group"], self.cleaned_data["role"]
        return GroupRule.objects.get_or_create(team=self.team, group=group, defaults={"role": role})[0]
