"""The first steps of an import: which file, and how it is read."""

from __future__ import annotations

from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from core.forms import DeskForm
from transfers import file_reading
from transfers.models import Run
from transfers.resources import in_order
from transfers.tables.csv_file import DELIMITERS, QUOTES, Dialect
from transfers.tables.encoding import CHOICES, MARKED

_DELIMITER_WORDS = {",": _("Comma"), ";": _("Semicolon"), "\t": _("Tab"), "|": _("Pipe")}
_QUOTE_WORDS = {'"': _('Double quotes "'), "'": _("Single quotes '"), "": _("None")}
_ACCEPTED = ".csv,.tsv,.txt,.xlsx,.json,.jsonl,.ndjson,.vcf"


def _file_field(label: Any, help_text: Any) -> forms.FileField:
    return forms.FileField(
        label=label,
        help_text=help_text,
        error_messages={"required": _("Choose a file."), "empty": _("This file is empty. Choose another one.")},
        widget=forms.FileInput(attrs={"accept": _ACCEPTED}),
        max_length=255,
    )


class UploadForm(DeskForm):
    resource = forms.ChoiceField(label=_("What the file contains"), widget=forms.RadioSelect)
    file = _file_field(
        _("File"), _("CSV or XLSX with a header line, JSON, or contacts as VCF; 50 MB and 100,000 rows at most.")
    )

    def __init__(self, *args: Any, asked: str, **kwargs: Any) -> None:
        """`asked` is the name of the resource that the page was opened for, if any."""
        choices = [(resource.name, resource.listing.title) for resource in in_order()]
        initial = asked if asked in dict(choices) else choices[0][0]
        super().__init__(*args, initial={"resource": initial}, **kwargs)
        cast(forms.ChoiceField, self.fields["resource"]).choices = choices


class CommentsFileForm(DeskForm):
    """A second file, whose rows are messages of the first one's tickets."""

    comments = _file_field(
        _("File with messages"),
        _("A table of messages, each with its ticket's ID. They become the conversations of these tickets."),
    )


class ConvertedForm(DeskForm):
    """Asks nothing: what came was turned into a table by us."""


class HeaderLineForm(DeskForm):
    """In which line the header is. Left empty, it is found out."""

    header_line = forms.IntegerField(
        required=False,
        min_value=0,
        max_value=10_000,
        label=_("The header is in line"),
        help_text=_("Leave it empty to have it found, or enter 0 if there is none."),
    )

    def line(self) -> int | None:
        return self.cleaned_data["header_line"]


class SheetForm(HeaderLineForm):
    """Which sheet of a workbook."""

    sheet = forms.ChoiceField(label=_("Sheet"))
    field_order = ("sheet", "header_line")

    def __init__(self, *args, run: Run, **kwargs):
        options = run.import_options
        self.held = {"sheet": options.sheet, "header_line": options.header_line}
        super().__init__(*args, initial=self.held, **kwargs)
        cast(forms.ChoiceField, self.fields["sheet"]).choices = [(name, name) for name in options.sheets or []]

    def settings(self) -> dict[str, Any]:
        sheet, line = self.cleaned_data["sheet"], self.line()
        # The line that was found in one sheet says nothing of another.
        same = sheet == self.held["sheet"] or line != self.held["header_line"]
        return {"sheet": sheet, "header_line": line if same else None}


class TextForm(HeaderLineForm):
    """How a text file is read."""

    encoding = forms.ChoiceField(
        label=_("Encoding"),
        choices=[*MARKED, *CHOICES],
        help_text=_("Choose the encoding in which the lines below look right."),
    )
    delimiter = forms.ChoiceField(
        label=_("Cells are separated by"), choices=[(sign, _DELIMITER_WORDS[sign]) for sign in DELIMITERS]
    )
    quote = forms.ChoiceField(
        label=_("Cells are quoted by"), required=False, choices=[(sign, _QUOTE_WORDS[sign]) for sign in QUOTES]
    )
    field_order = ("encoding", "delimiter", "quote", "header_line")

    def __init__(self, *args, run: Run, **kwargs):
        options = run.import_options
        if options.dialect:
            read = {"encoding": options.encoding, "header_line": options.header_line}
            held = {**read, "delimiter": options.dialect.delimiter, "quote": options.dialect.quote}
        else:
            held = file_reading.preset(run.path)
        super().__init__(*args, initial=held, **kwargs)
        # A delimiter may be a tab, which is no space to strip.
        self.fields["delimiter"].strip = False  # type: ignore[attr-defined]

    def settings(self) -> dict[str, Any]:
        data = self.cleaned_data
        dialect = Dialect(data["delimiter"], data["quote"])
        return {"encoding": data["encoding"], "dialect": dialect, "header_line": self.line()}
