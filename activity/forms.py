from django import forms
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from activity.models import Activity
from core.filters import FilterForm

TYPES = [
    ("ticket", _("Tickets")),
    ("customer", _("Customers")),
    ("run", _("Transfers")),
    ("member", _("People")),
    ("team", _("Team")),
    ("group_rule", _("Group rules")),
    ("webhook", _("Webhook")),
]


class ActivityFilterForm(FilterForm):
    search = forms.CharField(required=False, max_length=200, label=_("Search"))
    type = forms.ChoiceField(required=False, label=_("Kind"), choices=[("", _("Everything")), *TYPES])

    def apply(self, records: QuerySet[Activity]) -> QuerySet[Activity]:
        if text := self.value("search"):
            records = records.filter(
                Q(person__icontains=text)
                | Q(username__icontains=text)
                | Q(target_label__icontains=text)
                | Q(target_id=text)
                | Q(request_id=text)
            )
        if kind := self.value("type"):
            records = records.filter(target_type=kind)
        return records
