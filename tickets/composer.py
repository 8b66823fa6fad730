"""What the composer and the notes show, as plain values: a page that is only read makes no form objects."""

from typing import Any, NamedTuple, Self
from uuid import UUID, uuid4

from tickets.forms import NotesForm, ReplyForm
from tickets.models import Draft, Message


class Composer(NamedTuple):
    """Both texts, which of them is in front, and what was wrong with them by field."""

    nonce: UUID | str
    kind: str = ReplyForm.REPLY
    reply: str = ""
    note: str = ""
    errors: dict[str, Any] = {}
    # What the server holds of them by kind (tickets/drafts.py).
    drafts: dict[str, Draft] = {}
    # What was written by others since, and with which status it was to be sent.
    newer: list[Message] = []
    then: str = ""

    @classmethod
    def empty(
        cls, kind: str = ReplyForm.REPLY, reply: str = "", note: str = "", drafts: dict[str, Draft] | None = None
    ) -> Self:
        return cls(uuid4(), kind, reply, note, drafts=drafts or {})

    @classmethod
    def refused(cls, form: ReplyForm, drafts: dict[str, Draft]) -> Self:
        """What was typed, with the reasons why it was not sent."""
        kind, reply, note = (form[name].value() or "" for name in ("kind", "reply", "note"))
        return cls(form["nonce"].value(), kind, reply, note, form.errors, drafts)

    @classmethod
    def moved(cls, form: ReplyForm, newer: list[Message], drafts: dict[str, Draft]) -> Self:
        """What was typed, with what others wrote since the person began."""
        return cls.refused(form, drafts)._replace(newer=newer, then=form.cleaned_data["then"])

    @classmethod
    def with_back(cls, form: ReplyForm, drafts: dict[str, Draft], kind: str = "", text: str = "") -> Self:
        """What is being typed, after a text that was taken back."""
        typed = {name: form[name].value() or "" for name in (ReplyForm.REPLY, ReplyForm.NOTE)}
        if kind:
            typed[kind] = f"{text}\n\n{typed[kind]}" if typed[kind].strip() else text
        return cls.empty(kind or form["kind"].value() or ReplyForm.REPLY, **typed, drafts=drafts)

    @property
    def other_errors(self) -> list[str]:
        """Those that belong to neither text."""
        return [text for name, texts in self.errors.items() if name not in ("reply", "note") for text in texts]


class Notes(NamedTuple):
    """The notes' text, the fingerprint of what the person saw, and why they were not saved."""

    text: str
    seen: str
    errors: list[str] = []

    @classmethod
    def refused(cls, form: NotesForm) -> Self:
        errors = [str(text) for text in form.errors.get("notes", ())]
        return cls(form["notes"].value() or "", form["seen"].value() or "", errors)
