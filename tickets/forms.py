"""What people can ask of tickets, and do to them."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.formats import localize
from django.utils.translation import gettext_lazy as _

from core import labels
from core.fields import ManyField, SearchField, TagField, TagsField, TextField
from core.filters import FilterForm
from core.forms import DeskForm
from core.idempotency import WithNonce
from core.limits import MAX_CONTENT, MAX_DRAFT, MAX_EMAIL, MAX_NAME, MAX_NOTES, MAX_TAG, MAX_TITLE
from tickets.models import PRIORITIES

PRIORITY_CHOICES = labels.choices(PRIORITIES)


class TicketFilterForm(FilterForm):
    """The list's address: `search status priority assigned_to tag customer sort page page_size`."""

    search = SearchField()
    status = ManyField(label=_("Status"), required=False, max_length=32)
    priority = ManyField(label=_("Priority"), required=False, max_length=32)
    assigned_to = forms.CharField(label=_("Assigned to"), required=False, max_length=64)
    tag = ManyField(label=_("Tag"), required=False, max_length=100)
    customer = forms.CharField(label=_("Customer"), required=False, max_length=64)

    SORTS = {
        "updated": ("updated_at", "id"),
        "created": ("created_at", "id"),
        "subject": ("title_key", "id"),
        "customer": ("customer_name_key", "-updated_at", "-id"),
        "assignee": ("assignee_name_key", "-updated_at", "-id"),
        "status": ("status_rank", "-updated_at", "-id"),
        "priority": ("priority_rank", "-updated_at", "-id"),
        "messages": ("message_count", "-updated_at", "-id"),
    }
    DEFAULT_SORT = "-updated"


class TicketEditForm(DeskForm):
    """Any of a ticket's properties. Only what the request mentions is changed (`changes`)."""

    title = TextField(required=False, max_length=MAX_TITLE)
    status = forms.CharField(required=False, max_length=32)
    priority = forms.ChoiceField(required=False, choices=PRIORITY_CHOICES)
    assigned_to = forms.CharField(required=False, max_length=64)

    def __init__(self, *args, statuses: set[str], assignees: set[str], **kwargs):
        super().__init__(*args, **kwargs)
        self.allowed = {"status": statuses, "assigned_to": assignees | {""}}

    def clean_title(self) -> str:
        if "title" in self.data and not self.cleaned_data["title"]:
            raise ValidationError(_("A ticket needs a subject."))
        return self.cleaned_data["title"]

    def clean_status(self) -> str:
        return self._one_of_allowed("status", _("This is not a status of your team."))

    def clean_priority(self) -> str:
        if "priority" in self.data and not self.cleaned_data["priority"]:
            raise ValidationError(_("A ticket needs a priority."))
        return self.cleaned_data["priority"]

    def clean_assigned_to(self) -> str | None:
        return self._one_of_allowed("assigned_to", _("Tickets cannot be assigned to this person.")) or None

    def changes(self) -> dict:
        return {name: self.cleaned_data[name] for name in self.fields if name in self.data}

    def _one_of_allowed(self, name: str, message: Any) -> str:
        value = self.cleaned_data[name]
        if name in self.data and value not in self.allowed[name]:
            raise ValidationError(message)
        return value


class NotesForm(DeskForm):
    """The internal notes, one text for the whole team. `seen` is what they were when the person began to write."""

    notes = TextField(required=False, max_length=MAX_NOTES, strip=False)
    seen = forms.CharField(required=False, max_length=64)


class TagForm(DeskForm):
    """One tag to add, or one to take away."""

    add = TagField(required=False, max_length=MAX_TAG)
    remove = TextField(required=False)

    def clean_add(self) -> str:
        tag = self.cleaned_data["add"]
        if "," in tag:
            raise ValidationError(_("Add one tag at a time, without a comma."))
        return tag

    def clean(self) -> dict:
        if not self.errors and not self.cleaned_data["add"] and not self.cleaned_data["remove"]:
            raise ValidationError(_("Enter a tag."))
        return self.cleaned_data


class ReplyForm(WithNonce):
    """The composer: a reply to the customer or a note to the team, two texts that never mix."""

    REPLY, NOTE = "reply", "note"

    kind = forms.ChoiceField(choices=[(REPLY, _("Reply")), (NOTE, _("Internal note"))])
    reply = TextField(required=False, max_length=MAX_DRAFT, strip=False)
    note = TextField(required=False, max_length=MAX_DRAFT, strip=False)
    then = forms.ChoiceField(
        required=False,
        choices=[("", _("Send")), ("pending", _("Send as pending")), ("resolved", _("Send as resolved"))],
    )
    # Where a note goes: a message of the thread, or the ticket's notes, which every cStar keeps from customers.
    place = forms.ChoiceField(required=False, choices=[("", _("Thread")), ("notes", _("Internal notes"))])
    # The newest message when the person began to write.
    seen_message = forms.RegexField(r"\A[A-Za-z0-9_-]{0,64}\Z", required=False)

    def clean(self) -> dict:
        kind = self.cleaned_data.get("kind")
        text = self.cleaned_data.get(kind, "").strip() if kind else ""
        if kind and not text and kind not in self.errors:
            self.add_error(kind, _("Write something first."))
        if len(text) > MAX_CONTENT:
            words = _("It has {number} characters; cStar takes {most}. Send it in parts.")
            self.add_error(kind, words.format(number=localize(len(text)), most=localize(MAX_CONTENT)))
        return self.cleaned_data

    def message_key(self) -> str:
        """The Idempotency-Key of what is sent: the same text twice is one message, another text is another."""
        return self.key_of(self.cleaned_data["kind"], self.content)

    @property
    def seen(self) -> str | None:
        """The newest message that the person knew of; None where the form does not say."""
        return self.cleaned_data["seen_message"] if "seen_message" in self.data else None

    @property
    def is_note(self) -> bool:
        return self.cleaned_data["kind"] == self.NOTE

    @property
    def goes_to_notes(self) -> bool:
        return self.is_note and self.cleaned_data["place"] == "notes"

    @property
    def content(self) -> str:
        return self.cleaned_data[self.cleaned_data["kind"]].strip()


class DraftForm(DeskForm):
    """What `<draft-saver>` sends: a text, whose it is, and its place among all that was written (tickets/drafts.py)."""

    kind = forms.ChoiceField(choices=[(ReplyForm.REPLY, _("Reply")), (ReplyForm.NOTE, _("Internal note"))])
    text = TextField(required=False, max_length=MAX_DRAFT, strip=False)
    composer = forms.UUIDField(label="Composer's nonce")
    count = forms.IntegerField(min_value=1, max_value=2**31 - 1)
    seen = forms.IntegerField(min_value=0, max_value=2**31 - 1)


class NewTicketForm(WithNonce):
    """A ticket for a customer whom cStar knows, or for a new one."""

    customer = forms.RegexField(
        r"\A[A-Za-z0-9_-]{1,64}\Z", required=False, error_messages={"invalid": _("Choose the customer again.")}
    )
    name = TextField(required=False, max_length=MAX_NAME, label=_("Name"))
    email = forms.EmailField(required=False, max_length=MAX_EMAIL, label=_("Email"))
    title = TextField(
        max_length=MAX_TITLE, label=_("Subject"), error_messages={"required": _("A ticket needs a subject.")}
    )
    priority = forms.ChoiceField(label=_("Priority"), choices=PRIORITY_CHOICES, initial="normal")
    tags = TagsField(label=_("Tags"), required=False, help_text=_('Separated by commas; "Smith, John" is one tag.'))
    content = TextField(
        required=False,
        max_length=MAX_CONTENT,
        label=_("First message"),
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text=_("The customer's words or yours. Markdown is supported in yours."),
    )
    sender = forms.ChoiceField(
        choices=[("customer", _("Customer")), ("agent", _("Us"))],
        initial="customer",
        widget=forms.RadioSelect,
        label=_("First message from"),
    )

    def clean(self) -> dict:
        data = self.cleaned_data
        if not data.get("customer") and "customer" not in self.errors:
            for name, message in (
                ("name", _("A new customer needs a name.")),
                ("email", _("… and an email address.")),
            ):
                if not data.get(name) and name not in self.errors:
                    self.add_error(name, message)
        return data

    @property
    def new_customer(self) -> bool:
        return not self.cleaned_data["customer"]
