from django import forms
from django.db.models import Q, QuerySet

from activity.models import Activity
from core.filters import FilterForm

TYPES = [
    ("ticket", "Tickets"),
    ("customer", "Customers"),
    ("run", "Transfers"),
    ("member", "People"),
    ("team", "Team"),
    ("group_rule", "Group rules"),
    ("webhook", "Webhook"),
]


class ActivityFilterForm(FilterForm):
    search = forms.CharField(required=False, max_length=200, label="Search")
    type = forms.ChoiceField(required=False, label="Kind", choices=[("", "Everything"), *TYPES])

    def apply(self, records: QuerySet[Activity]) -> QuerySet[Activity]:
        if text := self.value("search"):
            records = records.filter(
                Q(person__icontains=text) | Q(target_label__icontains=text) | Q(target_id=text) | Q(request_id=text)
            )
        if kind := self.value("type"):
            records = records.filter(target_type=kind)
        return records
