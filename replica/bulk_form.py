"""What a bulk edit asks. An app's form for its resource is named in the resource's `Transfer`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, cast

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from core.fields import TagsField
from core.forms import DeskForm
from teams.models import Team

LEAVE = ""
NOBODY = "-"
AS_IT_IS = (LEAVE, _("Leave as it is"))


class BulkForm(DeskForm):
    """Every field may be left as it is, which is not the same as cleared. `change()` is what is asked for."""

    # Fields of the form by the API's name for them.
    SET: dict[str, str] = {}

    add_tags = TagsField(required=False, label=_("Add tags"), help_text=_('Separated by commas; "Smith, John" is one.'))
    remove_tags = TagsField(required=False, label=_("Remove tags"), help_text=_("Separated by commas."))
    clear_tags = forms.BooleanField(required=False, label=_("Remove all current tags"))

    def __init__(self, *args: Any, team: Team, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, choices in self.choices(team).items():
            cast(forms.ChoiceField, self.fields[name]).choices = [AS_IT_IS, *choices]

    def choices(self, team: Team) -> dict[str, Sequence[tuple[str, Any]]]:
        """What the team's own choices are, by the field."""
        return {}

    def clean(self) -> dict[str, Any]:
        if not self.errors and not self.change():
            raise ValidationError(_("Choose what to change first."))
        return self.cleaned_data

    def change(self) -> dict[str, Any]:
        """The change in the API's own names (transfers/field_changes.py)."""
        data = self.cleaned_data
        fields = {wire: self.value(name) for wire, name in self.SET.items() if data[name] != LEAVE}
        tags = {name: data[name] for name in ("add_tags", "remove_tags", "clear_tags") if data[name]}
        return {**({"set": fields} if fields else {}), **tags}

    def value(self, name: str) -> Any:
        """What a choice stands for in the API."""
        return None if self.cleaned_data[name] == NOBODY else self.cleaned_data[name]
