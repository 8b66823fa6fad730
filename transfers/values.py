"""The words of another helpdesk in ours: those that fields of choices allow, guessed, and remembered by team."""

from __future__ import annotations

from articles.forms import STATUS_CHOICES as ARTICLE_STATUSES
from articles.forms import VISIBILITY_CHOICES
from customers.forms import SENTIMENT_CHOICES, STATUS_CHOICES
from members import people
from teams.access import TeamRequest
from tickets.forms import PRIORITY_CHOICES
from tickets.lists import assignee_choices, status_choices
from transfers.fields import FIELDS, Field
from transfers.mapping import word, words_in
from transfers.models import KnownValue, Run
from transfers.tables.words import guess_value

Choices = list[tuple[str, str]]
Asked = list[tuple[Field, list[tuple[str, str, int]]]]


def allowed(request: TeamRequest, resource: str) -> dict[str, Choices]:
    """What each field of choices takes."""
    if resource == "tickets":
        return {
            "status": status_choices(request),
            "priority": PRIORITY_CHOICES,
            "assigned_to": assignee_choices(request),
        }
    if resource == "customers":
        return {"status": STATUS_CHOICES, "sentiment": SENTIMENT_CHOICES}
    return {"status": ARTICLE_STATUSES, "visibility": VISIBILITY_CHOICES}


def asked(run: Run) -> Asked:
    """The words that the file has for them. TableError."""
    mapped = [field for field in FIELDS[run.resource] if field.choice and field.name in run.options["columns"]]
    return [(field, words_in(run, field)) for field in mapped]


def guessed(request: TeamRequest, run: Run, asked: Asked) -> dict[str, dict[str, str]]:
    """What they probably mean: as this import was told already, as the team said before, else by their sense."""
    choices = allowed(request, run.resource)
    remembered = KnownValue.objects.filter(team=run.team, resource=run.resource)
    known: dict[str, dict[str, str]] = {}
    for name, held, value in remembered.values_list("field", "word", "value"):
        known.setdefault(name, {})[held] = value
    said = run.options.get("values", {})
    emails = _by_email(run)
    found: dict[str, dict[str, str]] = {}
    for field, words in asked:
        takes = {value: str(label) for value, label in choices[field.name]}
        for key, written, _ in words:
            sure = said.get(field.name, {}).get(key) or known.get(field.name, {}).get(key)
            guess = sure or guess_value(written, takes) or (emails.get(key) if field.name == "assigned_to" else None)
            if guess in takes:
                found.setdefault(field.name, {})[key] = guess
    return found


def remember(run: Run, values: dict[str, dict[str, str]]) -> None:
    """Ask the team only once."""
    KnownValue.objects.bulk_create(
        [
            KnownValue(team=run.team, resource=run.resource, field=field, word=key, value=value)
            for field, words in values.items()
            for key, value in words.items()
        ],
        update_conflicts=True,
        unique_fields=["team", "resource", "field", "word"],
        update_fields=["value"],
    )


def _by_email(run: Run) -> dict[str, str]:
    return {word(member.email): member.cstar_id for member in people.assignable(run.team) if member.email}
