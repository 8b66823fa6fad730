"""What people ask of many objects at once."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any, cast

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.formats import localize
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from articles.forms import STATUS_CHOICES as ARTICLE_STATUS_CHOICES
from articles.forms import VISIBILITY_CHOICES
from articles.listing import category_choices
from core import stored_texts
from core.fields import TagsField
from core.forms import DeskForm
from customers.forms import SENTIMENT_CHOICES, STATUS_CHOICES
from teams.models import Team
from tickets.choices import assignee_choices, status_choices
from tickets.forms import PRIORITY_CHOICES
from transfers.export_columns import COLUMNS
from transfers.field_changes import Change
from transfers.options import ExportOptions
from transfers.tables.writing import MAX_XLSX_ROWS, TOO_MANY_ROWS

_ID = re.compile(r"[A-Za-z0-9_-]{1,64}")

LEAVE = ""
NOBODY = "-"
_AS_IT_IS = (LEAVE, _("Leave as it is"))


class BulkForm(DeskForm):
    """Every field may be left as it is, which is not the same as cleared. `change()` is what is asked for."""

    # Fields of the form by the API's name for them.
    SET: dict[str, str] = {}

    add_tags = TagsField(required=False, label=_("Add tags"), help_text=_('Separated by commas; "Smith, John" is one.'))
    remove_tags = TagsField(required=False, label=_("Remove tags"), help_text=_("Separated by commas."))
    clear_tags = forms.BooleanField(required=False, label=_("Remove all current tags"))

    def clean(self) -> dict[str, Any]:
        if not self.errors and not self.change():
            raise ValidationError(_("Choose what to change first."))
        return self.cleaned_data

    def change(self) -> Change:
        data = self.cleaned_data
        fields = {wire: self.value(name) for wire, name in self.SET.items() if data[name] != LEAVE}
        tags = {name: data[name] for name in ("add_tags", "remove_tags", "clear_tags") if data[name]}
        return {**({"set": fields} if fields else {}), **tags}

    def _offer(self, name: str, choices: Sequence[tuple[str, Any]]) -> None:
        cast(forms.ChoiceField, self.fields[name]).choices = [_AS_IT_IS, *choices]

    def value(self, name: str) -> Any:
        """What a choice stands for in the API."""
        return None if self.cleaned_data[name] == NOBODY else self.cleaned_data[name]


class BulkTicketForm(BulkForm):
    """What a bulk edit can set on tickets."""

    SET = {"status": "status", "priority": "priority", "assignedTo": "assigned_to"}

    status = forms.ChoiceField(label=_("Status"), required=False)
    priority = forms.ChoiceField(label=_("Priority"), required=False, choices=[_AS_IT_IS, *PRIORITY_CHOICES])
    assigned_to = forms.ChoiceField(required=False, label=_("Assignee"))
    field_order = ("status", "priority", "assigned_to")

    def __init__(self, *args, team: Team, **kwargs):
        super().__init__(*args, **kwargs)
        self._offer("status", status_choices(team))
        self._offer("assigned_to", [(NOBODY, gettext("Nobody")), *assignee_choices(team)])


class BulkCustomerForm(BulkForm):
    """What a bulk edit can set on customers."""

    SET = {"status": "status", "sentiment": "sentiment"}

    status = forms.ChoiceField(label=_("Status"), required=False, choices=[_AS_IT_IS, *STATUS_CHOICES])
    sentiment = forms.ChoiceField(label=_("Sentiment"), required=False, choices=[_AS_IT_IS, *SENTIMENT_CHOICES])
    field_order = ("status", "sentiment")

    def __init__(self, *args, team: Team, **kwargs):
        super().__init__(*args, **kwargs)


class BulkArticleForm(BulkForm):
    """What a bulk edit can set on articles."""

    SET = {"status": "status", "category": "category", "isPublic": "visibility"}

    status = forms.ChoiceField(label=_("Status"), required=False, choices=[_AS_IT_IS, *ARTICLE_STATUS_CHOICES])
    category = forms.ChoiceField(label=_("Category"), required=False)
    visibility = forms.ChoiceField(label=_("Visibility"), required=False, choices=[_AS_IT_IS, *VISIBILITY_CHOICES])
    field_order = ("status", "category", "visibility")

    def __init__(self, *args, team: Team, **kwargs):
        super().__init__(*args, **kwargs)
        self._offer("category", category_choices(team))

    def value(self, name: str) -> Any:
        value = super().value(name)
        return value == "public" if name == "visibility" else value


BULK_FORMS: dict[str, type[BulkForm]] = {
    "articles": BulkArticleForm,
    "customers": BulkCustomerForm,
    "tickets": BulkTicketForm,
}


class SelectionForm(DeskForm):
    """What a list sends: the ids chosen on the page, or `all` that its `address` matches and the `number` it showed."""

    MOST_ON_A_PAGE = 100

    address = forms.CharField(required=False, max_length=4000)
    all = forms.BooleanField(required=False)
    number = forms.IntegerField(required=False, min_value=0, localize=True)  # pages group it: 1,240

    def ids(self) -> list[str]:
        """Those that could be ids, each once."""
        given = cast(QueryDict, self.data).getlist("ids")
        return [cstar_id for cstar_id in dict.fromkeys(given) if _ID.fullmatch(cstar_id)][: self.MOST_ON_A_PAGE]


class ExportForm(DeskForm):
    """In which form a list is taken away. `older` is asked only where the list may match more than is held here."""

    format = forms.ChoiceField(
        label=_("Format"),
        choices=[
            ("csv", _("CSV, for any program")),
            ("xlsx", _("XLSX, for Excel and other spreadsheets")),
            ("json", _("JSON, for programs")),
        ],
        initial="csv",
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose a format.")},
    )
    bom = forms.BooleanField(
        required=False,
        label=_("CSV for Excel"),
        help_text=_("Adds a byte order mark (BOM), so that Excel shows é and not Ã©."),
    )
    columns = forms.MultipleChoiceField(
        widget=forms.CheckboxSelectMultiple(attrs={"class": "checkbox"}),
        error_messages={"required": _("Choose at least one column.")},
    )
    older = forms.BooleanField(
        required=False,
        initial=True,
        label=_("Also include closed ones that are too old to be kept here, read from cStar"),
    )

    def __init__(self, *args, resource: str, number: int, older: bool, **kwargs):
        super().__init__(*args, **kwargs)
        choices = [(column.name, stored_texts.shown(column.head)) for column in COLUMNS[resource]]
        field = cast(forms.MultipleChoiceField, self.fields["columns"])
        field.choices, field.initial = choices, [name for name, _head in choices]
        if not older:
            del self.fields["older"]
        self.number = number

    def clean_format(self) -> str:
        if self.cleaned_data["format"] == "xlsx" and self.number >= MAX_XLSX_ROWS:
            raise ValidationError(gettext(TOO_MANY_ROWS).format(most=localize(MAX_XLSX_ROWS - 1)))
        return self.cleaned_data["format"]

    def options(self) -> ExportOptions:
        """What the export's options say of the form of its file."""
        data = self.cleaned_data
        bom = data["bom"] and data["format"] == "csv"
        return ExportOptions(format=data["format"], bom=bom, columns=data["columns"], older=data.get("older", False))


class StartForm(DeskForm):
    """The number of objects that the page showed, typed by hand where they are to be deleted: 1240 or 1,240."""

    number = forms.IntegerField(min_value=0, localize=True)
