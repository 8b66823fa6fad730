"""The step of an import that asks what the cells mean: words, dates, tags, texts."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from typing import Any

from django import forms
from django.forms.boundfield import BoundField
from django.utils import formats, timezone
from django.utils.formats import localize
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from core.forms import DeskForm
from replica.transfer import Choices, Field
from transfers.column_profile import Profile
from transfers.mapping import KEPT, LEFT_OUT, NOTHING
from transfers.sources import Source
from transfers.tables.date_columns import DateColumn
from transfers.tables.dates import moment, take_apart
from transfers.tables.tags import WAYS, TagColumn
from transfers.tables.tools import tool_named
from transfers.tables.zones import find_zone, zone_of_head
from transfers.values import MESSAGE_CHOICES, Values

_FORMATS = {
    "ymd": _("Year first"),
    "dmy": _("Day first"),
    "mdy": _("Month first"),
    "name": _("With the month's name"),
    "unix": _("Seconds since 1970"),
    "unix_ms": _("Milliseconds since 1970"),
    "excel": _("Excel's number of the day"),
}
_WAYS = {
    "commas": _("Separated by commas"),
    "semicolons": _("Separated by semicolons"),
    "bars": _("Separated by pipes |"),
    "lines": _("One per line"),
    "blanks": _("Separated by spaces"),
    "google": _("Separated by :::"),
    "json": _("A list in JSON"),
    "none": _("The whole cell is one tag"),
}
_AS_TEXT = [("text", _("Convert the HTML to text")), ("as_is", _("Keep the HTML as it is"))]


@dataclasses.dataclass(slots=True)
class Group:
    """What is asked about one field: its words, and how its cells are read."""

    field: Field
    source: Source
    words: list[BoundField] = dataclasses.field(default_factory=list)
    settings: list[BoundField] = dataclasses.field(default_factory=list)


class ValuesForm(DeskForm):
    """What the cells of the mapped columns mean. A control that does not come along counts as it was guessed."""

    def __init__(
        self,
        *args: Any,
        profiles: Sequence[Profile],
        choices: dict[str, dict[str, Choices]],
        known: dict[str, Values],
        messages: str | None,
        **kwargs: Any,
    ) -> None:
        """`choices` and `known` by the name of the source; `messages` is None where all messages are marked."""
        super().__init__(*args, **kwargs)
        self.profiles = profiles
        for found in profiles:
            source = found.source
            for field in found.fields:
                if field.choice:
                    known_words = known[source.name].get(field.name, {})
                    self._add_words(found, field, choices[source.name][field.name], known_words)
                self._add_settings(found, field)
        if messages is not None:
            self._add_messages(messages)

    def _add_words(self, found: Profile, field: Field, choices: Choices, known: dict[str, str]) -> None:
        leave_out = [(NOTHING, _("Leave it out"))]
        if not field.of_message and found.source.transfer and found.source.transfer.has_metadata:
            leave_out.append((KEPT, _("Keep it as text in the metadata")))
        for at, (word, written, number) in enumerate(found.words[field.name].listed()):
            target = forms.ChoiceField(
                required=False,
                label=written,
                help_text=ngettext("{number} row", "{number} rows", number).format(number=localize(number)),
                choices=[*leave_out, *choices],
                initial=known.get(word, NOTHING),
            )
            self.add_field(f"{_name(found, field)}-{at}", target)

    def _add_settings(self, found: Profile, field: Field) -> None:
        name, options = _name(found, field), found.source.options
        if column := found.dates.get(field.name):
            self._add_dates(name, column, found.heads(field), options.dates.get(field.name, {}))
        if tags := found.tags.get(field.name):
            self._add_tags(name, tags, found, options.tags.get(field.name))
        if (bodies := found.bodies.get(field.name)) and bodies.is_html:
            guess = "text" if options.html is None or field.name in options.html else "as_is"
            self.add_field(
                f"{name}-html",
                forms.ChoiceField(required=False, label=_("Text format"), choices=_AS_TEXT, initial=guess),
            )

    def _add_tags(self, name: str, tags: TagColumn, found: Profile, said: str | None) -> None:
        tool = tool_named(found.source.options.tool, found.source.resource)
        example = gettext("For example: {sample}").format(sample=tags.sample[:80]) if tags.sample else ""
        choices: Choices = [(way, _WAYS[way]) for way in WAYS]
        guess = said or tags.guess(tool.tags if tool else "")
        label = _("Several tags in a cell")
        way = forms.ChoiceField(required=False, label=label, choices=choices, initial=guess, help_text=example)
        self.add_field(f"{name}-way", way)

    def _add_dates(self, name: str, column: DateColumn, heads: list[str], said: dict[str, str]) -> None:
        guess = said.get("format") or column.guess()
        choices: Choices = [(code, _date_label(column, code)) for code in column.codes()]
        if not guess:
            choices.insert(0, ("", _("Choose how the dates are written")))
        choices.append((LEFT_OUT, _("Leave these dates out")))
        unread = column.unread(guess) if guess and guess != LEFT_OUT else 0
        is_zoned = 0 < column.dates == column.zoned
        help_text = _unread(unread) or (gettext("Each date names its time zone.") if is_zoned else "")
        self.add_field(
            f"{name}-format",
            forms.ChoiceField(
                required=False, label=_("Dates are written"), choices=choices, initial=guess, help_text=help_text
            ),
        )
        if not is_zoned:
            head_zone = next((zone for head in heads if (zone := zone_of_head(head)[0])), "")
            own = "" if column.unclear_zone else timezone.get_current_timezone_name()
            self.add_field(f"{name}-zone", _zone_field(column, said.get("zone") or head_zone or own))

    def _add_messages(self, guess: str) -> None:
        choices = list(MESSAGE_CHOICES) if guess else [("", _("Choose public or internal")), *MESSAGE_CHOICES]
        help_text = _("Internal notes go into the ticket's internal notes, where no customer sees them.")
        label = _("Messages that the file does not mark as public or internal")
        field = forms.ChoiceField(required=False, label=label, choices=choices, initial=guess, help_text=help_text)
        self.add_field("messages", field)

    # --- what was chosen -------------------------------------------------------------------------------------------

    def clean(self) -> dict[str, Any]:
        for name, field in self.fields.items():
            if name not in self.data and name not in self.errors:
                self.cleaned_data[name] = field.initial
            chosen = self.cleaned_data.get(name)
            if name.endswith("-format") and chosen == "":
                self.add_error(name, _("3/4 may be a day in April or in March: choose which comes first."))
            elif name == "messages" and chosen == "":
                self.add_error(name, _("Choose whether customers may see them."))
            elif name.endswith("-zone"):
                self._check_zone(name, chosen or "")
        return self.cleaned_data

    def _check_zone(self, name: str, chosen: str) -> None:
        left_out = self.cleaned_data.get(f"{name.removesuffix('-zone')}-format") == LEFT_OUT
        if not left_out and find_zone(chosen) is None:
            self.add_error(name, _("Choose a time zone, like Europe/Berlin or +01:00."))

    def groups(self) -> list[Group]:
        """The form's controls by the field that they are about, in the order of the fields."""
        found = []
        for profile in self.profiles:
            for field in profile.fields:
                group = Group(field, profile.source)
                name = _name(profile, field)
                if field.choice:
                    group.words = [self[f"{name}-{at}"] for at in range(len(profile.words[field.name].written))]
                suffixes = ("format", "zone", "way", "html")
                group.settings = [self[f"{name}-{end}"] for end in suffixes if f"{name}-{end}" in self.fields]
                if field.choice or group.settings:
                    found.append(group)
        return found

    def settle(self, found: Profile) -> None:
        """Put what was chosen for a source into its options."""
        data, options = self.cleaned_data, found.source.options
        options.values, options.dates, options.tags, options.html = {}, {}, {}, []
        for field in found.fields:
            name = _name(found, field)
            if field.choice:
                words = found.words[field.name].listed()
                options.values[field.name] = {word: data[f"{name}-{at}"] for at, (word, *_rest) in enumerate(words)}
            if f"{name}-format" in data:
                dates = {"format": data[f"{name}-format"], "zone": data.get(f"{name}-zone") or ""}
                options.dates[field.name] = dates
            if f"{name}-way" in data:
                options.tags[field.name] = data[f"{name}-way"]
            if data.get(f"{name}-html") == "text":
                options.html.append(field.name)


def _name(found: Profile, field: Field) -> str:
    """What the names of a field's controls begin with."""
    return f"{found.source.name}-{field.name}" if found.source.name else field.name


def _date_label(column: DateColumn, code: str) -> str:
    """ "Day first: 3/4/2025 is 3 April 2025"."""
    sample = column.sample(code)
    spelled = take_apart(sample) if sample else None
    found = moment(spelled, code) if spelled else None
    if found is None:
        return str(_FORMATS[code])
    kind = "DATETIME_FORMAT" if any((found.hour, found.minute, found.second)) else "DATE_FORMAT"
    meant = formats.date_format(found, kind)
    return gettext("{format}: {sample} is {date}").format(format=_FORMATS[code], sample=sample[:40], date=meant)


def _unread(number: int) -> str:
    if not number:
        return ""
    sentence = ngettext("{number} cell cannot be read this way.", "{number} cells cannot be read this way.", number)
    return sentence.format(number=localize(number))


def _zone_field(column: DateColumn, initial: str) -> forms.CharField:
    help_text = ""
    if column.unclear_zone:
        sentence = _("“{zone}” may mean several time zones: choose the one that is meant.")
        help_text = sentence.format(zone=column.unclear_zone)
    elif column.zoned:
        help_text = gettext("For times that do not name a zone.")
    return forms.CharField(
        required=False,
        label=_("Time zone"),
        initial=initial,
        max_length=64,
        help_text=help_text,
        widget=forms.TextInput(attrs={"list": "zones", "autocomplete": "off"}),
    )
