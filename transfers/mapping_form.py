"""The step of an import that asks what each column is, and what goes into fields that have none."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms.boundfield import BoundField
from django.http import QueryDict
from django.utils.formats import localize
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from core.forms import DeskForm
from replica.transfer import Choices, Field
from transfers.fields import (
    MAX_METADATA,
    WrongValueError,
    checked_email,
    checked_tags,
    checked_text,
    fields_of,
)
from transfers.file_reading import ordered
from transfers.mapping import METADATA
from transfers.models import Run, SavedMapping
from transfers.sources import Source
from transfers.tables.tags import split_tags

# Names that an import itself puts into the metadata: the id in the other tool, and the mark of the run.
_OWN_METADATA = 2
_NEVER_FIXED = ("external_id", "ticket", "comments", "message_visibility")


class ColumnsForm(DeskForm):
    """What each column of a source means. Columns of the same field are joined in their order."""

    strategy = forms.ChoiceField(
        label=_("Records that already exist"),
        choices=[("skip", _("Leave unchanged")), ("update", _("Update from the file"))],
        widget=forms.RadioSelect,
    )
    customers = forms.BooleanField(
        required=False,
        label=_("Also create customers who do not exist yet"),
        help_text=_("Otherwise their addresses are kept only in the metadata."),
    )
    save_as = forms.CharField(
        required=False,
        max_length=100,
        label=_("Save these columns as"),
        help_text=_("To reuse them for similar files."),
    )

    def __init__(self, *args: Any, run: Run, source: Source, choices: dict[str, Choices], **kwargs: Any) -> None:
        options = source.options
        has_people = {"customer_email", "customer_name"} & set(options.columns)
        of_run = run.import_options
        customers = "customer_email" in options.columns if of_run.customers is None else of_run.customers
        initial = {"strategy": of_run.strategy, "customers": customers and bool(has_people)}
        super().__init__(*args, initial=initial, **kwargs)
        self.run, self.source, self.targets = run, source, fields_of(source.resource)
        if not (source.transfer and source.transfer.brings):
            del self.fields["customers"]
        if source.name:
            del self.fields["strategy"], self.fields["save_as"]
        self._add_columns(source)
        for field in self.targets:
            if not (field.kept or field.of_message or field.name in _NEVER_FIXED or source.name):
                self.add_field(f"fixed-{field.name}", _fixed_field(field, choices, options.fixed))

    def _add_columns(self, source: Source) -> None:
        chosen = {column: field for field, columns in source.options.columns.items() for column in columns}
        chosen |= dict.fromkeys(source.options.metadata, METADATA)
        choices = [("", _("Do not import")), *((field.name, gettext(field.label)) for field in self.targets)]
        if source.transfer and source.transfer.has_metadata:
            choices.append((METADATA, _("Metadata, under its own name")))
        for column, name in enumerate(source.header):
            target = forms.ChoiceField(required=False, label=name, choices=choices, initial=chosen.get(column, ""))
            self.add_field(self.name_of(column), target)

    @staticmethod
    def name_of(column: int) -> str:
        return f"column-{column}"

    # --- what the page shows ---------------------------------------------------------------------------------------

    def column_fields(self) -> list[BoundField]:
        return [self[self.name_of(column)] for column in range(len(self.source.header))]

    def fixed_fields(self) -> list[BoundField]:
        return [self[name] for name in self.fields if name.startswith("fixed-")]

    @property
    def fixed_is_open(self) -> bool:
        """Whether a value for all rows is given or needed."""
        given = any(field.value() or field.errors for field in self.fixed_fields())
        return given or bool(self._missing(set(self.source.options.columns)))

    # --- what was chosen -------------------------------------------------------------------------------------------

    def columns(self) -> dict[str, list[int]]:
        found: dict[str, list[int]] = {}
        for column in range(len(self.source.header)):
            if target := self.cleaned_data.get(self.name_of(column)):
                found.setdefault(target, []).append(column)
        return found

    def fixed(self) -> dict[str, str]:
        found = ((field.name, self.cleaned_data.get(f"fixed-{field.name}")) for field in self.targets)
        return {name: str(value) for name, value in found if value}

    def clean(self) -> dict[str, Any]:
        found = self.columns()
        missing = [gettext(field.label) for field in self._missing({*found, *self.fixed()})]
        if missing:
            raise ValidationError(
                _("No column is chosen for: {fields}. Choose one, or set a value for all rows.").format(
                    fields=", ".join(missing)
                )
            )
        most = most_metadata(self.targets, found)
        if len(found.get(METADATA, [])) > most:
            raise ValidationError(
                _("At most {most} columns can go to the metadata. Leave some out.").format(most=localize(most))
            )
        return self.cleaned_data

    def _missing(self, there: set[str]) -> list[Field]:
        """The required fields that nothing goes into. A ticket's subject may be taken from its first message."""
        transfer = self.source.transfer
        there = there | ({"title"} if "message" in there and transfer and transfer.messages else set())
        return [field for field in self.targets if field.required and field.name not in there]

    def settle(self) -> None:
        """Put it into the source's options, and keep it under a name if one was given."""
        options, of_run = self.source.options, self.run.import_options
        columns = self.columns()
        metadata = columns.pop(METADATA, [])

        def of_same_columns(settings: dict[str, Any]) -> dict[str, Any]:
            return {field: said for field, said in settings.items() if columns.get(field) == options.columns.get(field)}

        options.dates, options.tags = of_same_columns(options.dates), of_same_columns(options.tags)
        options.columns, options.metadata = ordered(columns, self.source.header), metadata
        options.fixed, options.mapped = self.fixed(), True
        of_run.checked = False
        if self.source.name:
            return
        people = {"customer_email", "customer_name"} & {*columns, *self.fixed()}
        of_run.strategy = self.cleaned_data["strategy"]
        of_run.customers = bool(self.cleaned_data.get("customers") and people)
        if name := self.cleaned_data["save_as"].strip():
            self._save_as(name)

    def _save_as(self, name: str) -> None:
        options, header = self.source.options, self.source.header
        SavedMapping.objects.update_or_create(
            team=self.run.team,
            resource=self.run.resource,
            name=name,
            defaults={
                "columns": {field: [header[at] for at in found] for field, found in options.columns.items()},
                "metadata": [header[at] for at in options.metadata],
                "fixed": options.fixed,
            },
        )


def most_metadata(fields: tuple[Field, ...], mapped: dict[str, list[int]]) -> int:
    """How many columns can go to the metadata, beside what else an import may put there."""
    others = [field for field in fields if field.name in mapped and (field.kept or field.kind in ("choice", "email"))]
    return MAX_METADATA - _OWN_METADATA - len([field for field in others if not field.of_message])


def rest_to_metadata(data: QueryDict, source: Source) -> tuple[QueryDict, str]:
    """The posted form with all columns that have no field sent to the metadata, as far as it takes them.

    Answers also what to tell the person.
    """
    data = data.copy()
    names = [ColumnsForm.name_of(column) for column in range(len(source.header))]
    mapped = {data.get(name, ""): [0] for name in names if data.get(name)}
    there = len([name for name in names if data.get(name) == METADATA])
    free = [name for name in names if not data.get(name)]
    taken = free[: max(0, most_metadata(fields_of(source.resource), mapped) - there)]
    for name in taken:
        data[name] = METADATA
    told = ngettext("{number} column goes to the metadata.", "{number} columns go to the metadata.", len(taken))
    told = told.format(number=localize(len(taken)))
    if left := len(free) - len(taken):
        more = ngettext(
            "{number} more is left out: cStar takes {most} keys.",
            "{number} more are left out: cStar takes {most} keys.",
            left,
        )
        told += " " + more.format(number=localize(left), most=MAX_METADATA)
    return data, told


def _fixed_field(field: Field, choices: dict[str, Choices], fixed: dict[str, str]) -> forms.Field:
    common: dict[str, Any] = {"required": False, "label": gettext(field.label), "initial": fixed.get(field.name, "")}
    if field.choice:
        return forms.ChoiceField(choices=[("", _("None")), *choices[field.name]], **common)
    if field.kind == "date":
        widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
        return forms.DateField(widget=widget, input_formats=["%Y-%m-%d"], **common)
    if field.joint == "\n\n":
        return forms.CharField(validators=[_Checks(field)], widget=forms.Textarea(attrs={"rows": 2}), **common)
    help_text = _("Separated by commas.") if field.kind == "tags" else ""
    return forms.CharField(validators=[_Checks(field)], help_text=help_text, **common)


class _Checks:
    """Validates a value for all rows as a cell of the field is."""

    def __init__(self, field: Field) -> None:
        self.field = field

    def __call__(self, value: str) -> None:
        try:
            if self.field.kind == "tags":
                checked_tags(split_tags(value, "commas"))
            elif self.field.kind == "email":
                checked_email(value, value)
            else:
                checked_text(self.field, value)
        except WrongValueError as error:
            raise ValidationError(str(error)) from None
