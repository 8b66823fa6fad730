"""What the cells of mapped columns mean: words in ours, guessed and remembered by team; dates, tags and texts."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext_lazy as _

from members import people
from replica.transfer import Choices, Field
from teams.models import Team
from transfers.column_profile import Profile
from transfers.mapping import KEPT, NOTHING, word
from transfers.models import KnownValue, Run
from transfers.resources import transfer_of
from transfers.sources import COMMENTS
from transfers.tables.addresses import find_addresses
from transfers.tables.normalisation import phrase
from transfers.tables.tools import tool_named
from transfers.tables.value_synonyms import guess_value, means_nobody

# {field: {word: value}}
Values = dict[str, dict[str, str]]

SENDER_CHOICES = [("customer", _("Customer")), ("agent", _("Agent"))]
MESSAGE_CHOICES = [("public", _("Public messages")), ("internal", _("Internal notes"))]
_OF_MESSAGES = {"message_sender": SENDER_CHOICES, "message_visibility": MESSAGE_CHOICES}
# A column under such a head says of a message what "public" would say reversed.
_REVERSED = {"private", "internal", "intern", "prive", "interne", "privado", "interno"}
_YES, _NO = {"true", "yes", "1", "ja", "oui", "si", "y", "t"}, {"false", "no", "0", "nein", "non", "n", "f"}


def allowed(team: Team, resource: str) -> dict[str, Choices]:
    """What each field of choices takes."""
    if resource == COMMENTS:
        return dict(_OF_MESSAGES)
    transfer = transfer_of(resource)
    return transfer.choices(team) | (_OF_MESSAGES if transfer.messages else {})


def guessed(choices: dict[str, Choices], run: Run, found: Profile) -> Values:
    """What the words probably mean: as this import was told already, as the team said before, else by their sense.

    A word that is not known is left out; the name of an assignee whom the team does not have is kept as text.
    """
    known: Values = {}
    remembered = KnownValue.objects.filter(team=run.team, resource=found.source.resource)
    for name, held, value in remembered.values_list("field", "word", "value"):
        known.setdefault(name, {})[held] = value
    said: Values = found.source.options.values
    members = people.assignable(run.team) if "assigned_to" in found.words else []
    emails = {word(member.email): member.cstar_id for member in members if member.email}
    guesses: Values = {}
    tool = tool_named(found.source.options.tool, found.source.resource)
    of_tool: Values = tool.words if tool else {}
    for field in found.fields:
        takes = {value: str(label) for value, label in choices.get(field.name, [])}
        for key, written, _number in found.words[field.name].listed() if field.choice else ():
            before = known.get(field.name, {}).get(key, NOTHING)
            guess = (
                said.get(field.name, {}).get(key)
                # Somebody whose name was kept as text may have come back.
                or (before if before != KEPT else NOTHING)
                or of_tool.get(field.name, {}).get(key)
                or _guess(field, written, takes, found.heads(field), emails)
                or before
            )
            if guess in takes or guess == KEPT:
                guesses.setdefault(field.name, {})[key] = guess
    return guesses


def guessed_messages(run: Run) -> str:
    """Whether messages that the file does not mark are public or internal; "" where the person has to say."""
    tool = tool_named(run.import_options.tool, run.resource)
    return run.import_options.messages or (tool.messages if tool else "")


def makes_threads(profiles: Sequence[Profile]) -> bool:
    """Whether tickets get several messages, from lines that share an id, cells that hold several, or a second file."""
    first = profiles[0]
    columns = first.source.options.columns
    repeats = first.repeats and "message" in columns
    return repeats or len(profiles) > 1 or any(field.of_message for field in first.fields)


def lacks_visibility(profiles: Sequence[Profile]) -> bool:
    """Whether there are messages beside the first ones that the file does not mark as public or internal."""
    first, *others = profiles
    columns = first.source.options.columns
    unmarked = "message_visibility" not in columns and (first.repeats and "message" in columns)
    return (
        unmarked
        or "comments" in columns
        or any("message_visibility" not in found.source.options.columns for found in others)
    )


def remember(run: Run, resource: str, values: Values) -> None:
    """Ask the team only once."""
    KnownValue.objects.bulk_create(
        [
            KnownValue(team=run.team, resource=resource, field=field, word=key, value=value)
            for field, words in values.items()
            for key, value in words.items()
        ],
        update_conflicts=True,
        unique_fields=["team", "resource", "field", "word"],
        update_fields=["value"],
    )


def _guess(field: Field, written: str, takes: dict[str, str], heads: list[str], emails: dict[str, str]) -> str:
    if field.name == "message_visibility" and (answer := phrase(written)) in _YES | _NO:
        reversed_head = any(_REVERSED & set(phrase(head).split()) for head in heads)
        return "internal" if (answer in _YES) is reversed_head else "public"
    meant = guess_value(written, takes)
    if field.name != "assigned_to":
        return meant or NOTHING
    address = find_addresses(written)
    by_address = emails.get(word(address.first)) if address.first else guess_value(address.name, takes)
    return meant or by_address or (NOTHING if means_nobody(written) else KEPT)
