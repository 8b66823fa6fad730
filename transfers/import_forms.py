"""What an import asks, step by step."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, cast

from django import forms
from django.core.exceptions import ValidationError
from django.utils.formats import localize
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from core.forms import DeskForm
from transfers.fields import FIELDS, WITH_METADATA, Field
from transfers.mapping import METADATA, NOTHING
from transfers.models import Run, SavedMapping
from transfers.tables.csv_file import DELIMITERS, QUOTES, Dialect
from transfers.tables.encoding import CHOICES, MARKED

RESOURCE_CHOICES = [("tickets", _("Tickets")), ("customers", _("Customers")), ("articles", _("Articles"))]
_DELIMITER_WORDS = {",": _("Comma"), ";": _("Semicolon"), "\t": _("Tab"), "|": _("Bar")}
_QUOTE_WORDS = {'"': _('Double quotes "'), "'": _("Single quotes '"), "": _("None")}


class UploadForm(DeskForm):
    resource = forms.ChoiceField(label=_("What it holds"), choices=RESOURCE_CHOICES, widget=forms.RadioSelect)
    file = forms.FileField(
        label=_("File"),
        help_text=_("CSV or XLSX with a header line, 50 MB and 100,000 rows at most."),
        error_messages={"required": _("Choose a file."), "empty": _("This file is empty. Choose another one.")},
        widget=forms.FileInput(attrs={"accept": ".csv,.tsv,.txt,.xlsx"}),
        max_length=255,
    )


class SheetForm(DeskForm):
    """Which sheet of a workbook."""

    sheet = forms.ChoiceField(label=_("Sheet"))

    def __init__(self, *args, run: Run, **kwargs):
        super().__init__(*args, initial={"sheet": run.options.get("sheet")}, **kwargs)
        cast(forms.ChoiceField, self.fields["sheet"]).choices = [(name, name) for name in run.options["sheets"]]

    def settings(self) -> dict[str, Any]:
        return {"sheet": self.cleaned_data["sheet"]}


class TextForm(DeskForm):
    """How a text file is read."""

    encoding = forms.ChoiceField(
        label=_("Letters"),
        choices=[*MARKED, *CHOICES],
        help_text=_("Choose the one in which the lines below read right."),
    )
    delimiter = forms.ChoiceField(
        label=_("Cells are separated by"), choices=[(sign, _DELIMITER_WORDS[sign]) for sign in DELIMITERS]
    )
    quote = forms.ChoiceField(
        label=_("Cells are quoted by"), required=False, choices=[(sign, _QUOTE_WORDS[sign]) for sign in QUOTES]
    )

    def __init__(self, *args, run: Run, **kwargs):
        held = {"encoding": run.options.get("encoding") or CHOICES[0][0], **(run.options.get("dialect") or {})}
        super().__init__(*args, initial=held, **kwargs)
        # A delimiter may be a tab, which is no space to strip.
        self.fields["delimiter"].strip = False  # type: ignore[attr-defined]

    def settings(self) -> dict[str, Any]:
        data = self.cleaned_data
        return {"encoding": data["encoding"], "dialect": Dialect(data["delimiter"], data["quote"])}


class ColumnsForm(DeskForm):
    """What each column means. Columns of the same field are joined in their order."""

    strategy = forms.ChoiceField(
        label=_("What is there already"),
        choices=[("skip", _("Leave it as it is")), ("update", _("Change it to what the file says"))],
        widget=forms.RadioSelect,
    )
    customers = forms.BooleanField(required=False, label=_("Also create the customers who are not there yet"))
    save_as = forms.CharField(
        required=False,
        max_length=100,
        label=_("Keep these columns as"),
        help_text=_("To use them again for such files."),
    )

    def __init__(self, *args, run: Run, **kwargs):
        options = run.options
        super().__init__(*args, initial={name: options.get(name) for name in ("strategy", "customers")}, **kwargs)
        self.run, self.targets = run, FIELDS[run.resource]
        if run.resource != "tickets":
            del self.fields["customers"]
        chosen = {column: field for field, columns in options["columns"].items() for column in columns}
        chosen |= dict.fromkeys(options.get("metadata", []), METADATA)
        choices = [("", _("Do not import")), *((field.name, gettext(field.label)) for field in self.targets)]
        if run.resource in WITH_METADATA:
            choices.append((METADATA, _("Metadata, under its own name")))
        for column, name in enumerate(options["header"]):
            target = forms.ChoiceField(required=False, label=name, choices=choices, initial=chosen.get(column, ""))
            self.add_field(self.name_of(column), target)

    @staticmethod
    def name_of(column: int) -> str:
        return f"column-{column}"

    def columns(self) -> dict[str, list[int]]:
        found: dict[str, list[int]] = {}
        for column in range(len(self.run.options["header"])):
            if target := self.cleaned_data.get(self.name_of(column)):
                found.setdefault(target, []).append(column)
        return found

    def clean(self) -> dict[str, Any]:
        found = self.columns()
        missing = [gettext(field.label) for field in self.targets if field.required and field.name not in found]
        if missing:
            raise ValidationError(_("No column is chosen for: {fields}. Choose one.").format(fields=", ".join(missing)))
        if len(found.get(METADATA, [])) > 48:
            raise ValidationError(_("At most 48 columns can go to the metadata. Leave some out."))
        return self.cleaned_data

    def settle(self) -> None:
        """Into the run's options, and under a name if one was given."""
        columns = self.columns()
        metadata = columns.pop(METADATA, [])
        self.run.options |= {
            "columns": columns,
            "metadata": metadata,
            "strategy": self.cleaned_data["strategy"],
            "customers": bool(self.cleaned_data.get("customers")) and "customer_email" in columns,
            "checked": False,
        }
        if name := self.cleaned_data["save_as"].strip():
            header = self.run.options["header"]
            SavedMapping.objects.update_or_create(
                team=self.run.team,
                resource=self.run.resource,
                name=name,
                defaults={
                    "columns": {field: [header[at] for at in found] for field, found in columns.items()},
                    "metadata": [header[at] for at in metadata],
                },
            )


class ValuesForm(DeskForm):
    """What the words of the columns with choices mean. `asked` is [(field, [(word, as written, number)])]."""

    def __init__(
        self,
        *args,
        asked: Sequence[tuple[Field, list[tuple[str, str, int]]]],
        choices: dict[str, list[tuple[str, str]]],
        known: dict[str, dict[str, str]],
        **kwargs,
    ):
        super().__init__(*args, **kwargs)
        self.asked = asked
        for field, words in asked:
            for at, (found, written, number) in enumerate(words):
                target = forms.ChoiceField(
                    required=False,
                    label=written,
                    help_text=ngettext("{number} row", "{number} rows", number).format(number=localize(number)),
                    choices=[(NOTHING, _("Leave it out")), *choices[field.name]],
                    initial=known.get(field.name, {}).get(found, NOTHING),
                )
                self.add_field(f"{field.name}-{at}", target)

    def groups(self) -> list[tuple[Field, list[Any]]]:
        """The fields of the form by the field that they are about."""
        return [(field, [self[f"{field.name}-{at}"] for at in range(len(words))]) for field, words in self.asked]

    def values(self) -> dict[str, dict[str, str]]:
        return {
            field.name: {found: self.cleaned_data[f"{field.name}-{at}"] for at, (found, *_rest) in enumerate(words)}
            for field, words in self.asked
        }
