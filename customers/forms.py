"""What people can ask of customers, and write about them."""

from typing import cast

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from core import labels
from core.fields import ManyField, SearchField, TagsField, TextField
from core.filters import FilterForm
from core.forms import DeskForm
from core.idempotency import WithNonce
from core.limits import MAX_EMAIL, MAX_NAME, MAX_NOTES
from core.tags import split_tags, without_doubles

STATUS_CHOICES = labels.choices(("active", "inactive"))
SENTIMENT_CHOICES = labels.choices(("positive", "neutral", "negative"))

CHOICES = {"status": STATUS_CHOICES, "sentiment": SENTIMENT_CHOICES}


class CustomerFilterForm(FilterForm):
    """The list's address: `search status sentiment tag sort page page_size`."""

    search = SearchField()
    status = forms.CharField(label=_("Status"), required=False, max_length=32)
    sentiment = forms.CharField(label=_("Sentiment"), required=False, max_length=32)
    tag = ManyField(label=_("Tag"), required=False, max_length=100)

    SORTS = {
        "name": ("name_key", "id"),
        "email": ("email_key", "id"),
        "tickets": ("ticket_count", "name_key", "id"),
        "created": ("created_at", "id"),
        "updated": ("updated_at", "id"),
    }
    DEFAULT_SORT = "name"


class CustomerForm(WithNonce, DeskForm):
    """A customer's fields as people may write them."""

    name = TextField(label=_("Name"), max_length=MAX_NAME, error_messages={"required": _("A customer needs a name.")})
    email = forms.EmailField(
        max_length=MAX_EMAIL, label=_("Email"), error_messages={"required": _("A customer needs an email address.")}
    )
    tags = TagsField(label=_("Tags"), required=False, help_text=_('Separated by commas; "Smith, John" is one tag.'))
    notes = TextField(
        required=False,
        max_length=MAX_NOTES,
        label=_("Internal notes"),
        help_text=_("Only your team sees this."),
        widget=forms.Textarea(attrs={"rows": 5}),
    )


class CustomerEditForm(CustomerForm):
    """… and what cStar keeps about an existing one."""

    status = forms.ChoiceField(label=_("Status"), choices=STATUS_CHOICES)
    sentiment = forms.ChoiceField(
        label=_("Sentiment"),
        choices=SENTIMENT_CHOICES,
        help_text=_("cStar detects it from their messages; a choice here overrides it."),
    )
    FIELDS = ("name", "email", "status", "sentiment", "tags", "notes")

    def __init__(self, *args, current: dict[str, str] | None = None, **kwargs):
        super().__init__(*args, **kwargs)
        for name in self.FIELDS:
            self.fields[name].show_hidden_initial = True
        # Until cStar has said one, "Not set" is an answer.
        self.fields["sentiment"].required = bool((current or {}).get("sentiment"))
        # A value that cStar uses and we do not know stays choosable, so that saving the form does not change it.
        for name, value in (current or {}).items():
            field = cast(forms.ChoiceField, self.fields[name])
            known = CHOICES[name]
            field.choices = known if value in dict(known) else [*known, (value, labels.words(value))]

        cast(TagsField, self.fields["tags"]).known = frozenset(self._shown_tags())

    def clean(self) -> dict:
        self.forgive_unchanged()
        return self.cleaned_data

    def changes(self) -> dict:
        """What the person changed of what the page showed; what others changed meanwhile is left alone."""
        return {name: self.cleaned_data[name] for name in self.changed_data if name in self.FIELDS}

    def shown(self) -> dict:
        """What tags and notes were on the page that the person changed."""
        notes = self.data.get(self.add_initial_prefix("notes"), "")
        return {"tags": self._shown_tags(), "notes": self.fields["notes"].to_python(notes)}

    def _shown_tags(self) -> list[str]:
        return without_doubles(split_tags(self.data.get(self.add_initial_prefix("tags"), "")))

    def show_notes(self, theirs: str) -> None:
        """Say that somebody else changed the notes. Saved again, what the person made of both counts."""
        data = cast(QueryDict, self.data).copy()
        data[self.add_initial_prefix("notes")] = theirs
        self.data = data
        self.add_error("notes", _("Someone else has changed the notes. They are now: “{notes}”.").format(notes=theirs))
