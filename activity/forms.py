from django import forms
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from activity import labels
from activity.models import Activity
from core.fields import SearchField
from core.filters import FilterForm
from core.folding import search


class ActivityFilterForm(FilterForm):
    search = SearchField()
    type = forms.ChoiceField(required=False, label=_("Kind"), choices=labels.type_choices)

    def apply(self, records: QuerySet[Activity]) -> QuerySet[Activity]:
        records = self.only_if_usable(records)
        if text := self.value("search"):
            # Not folded is what the version before wrote while this one was being installed.
            unfolded = Q(folded=None) & (Q(person__icontains=text) | Q(target_label__icontains=text))
            records = records.filter(search(text, whole=("target_id", "request_id")) | unfolded)
        if kind := self.value("type"):
            records = records.filter(target_type=kind)
        return records
