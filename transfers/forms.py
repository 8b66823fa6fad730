"""What people ask of many objects at once."""

from __future__ import annotations

import re
from typing import cast

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.formats import localize
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from core import stored_texts
from core.forms import DeskForm
from transfers.options import ExportOptions
from transfers.resources import transfer_of
from transfers.tables.writing import MAX_XLSX_ROWS, TOO_MANY_ROWS

_ID = re.compile(r"[A-Za-z0-9_-]{1,64}")


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
        choices = [(column.name, stored_texts.shown(column.head)) for column in transfer_of(resource).columns]
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
