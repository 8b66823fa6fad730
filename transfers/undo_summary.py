"""What an undo says in numbers before it starts: what it deletes, what it puts back, what it leaves, and why."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from django.db.models import Count, QuerySet
from django.utils.formats import localize
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from transfers import field_changes, labels, undo_rows, undoing
from transfers.models import Run, RunRow
from transfers.templatetags.transfers import counted

Plan, Outcome = RunRow.Plan, RunRow.Outcome
REASONS = 6  # different ones that are named


@dataclass(frozen=True, slots=True)
class Summary:
    """Parts of sentences, with numbers: what it is about, deletes, puts back, and leaves for which reason."""

    what: str
    checked: bool
    deletes: list[str]
    restores: list[str]
    leaves: list[str]

    @property
    def does_nothing(self) -> bool:
        return self.checked and not self.deletes and not self.restores


def of(undo: Run) -> Summary:
    """Summarise the undo from its last look at cStar; before the first look, from the run's receipt."""
    checked = undo.undo_options.checked
    rows = undo.rows.order_by() if checked or undo.undoes is None else undoing.unsettled(undo.undoes).order_by()
    if checked:
        waiting = rows.filter(outcome=Outcome.WAITING)
        deleted, changed = waiting.filter(plan=Plan.DELETE), waiting.filter(plan=Plan.RESTORE)
    else:
        deleted, changed = rows.filter(outcome=Outcome.CREATED), rows.filter(outcome=Outcome.UPDATED)
    restored: Counter[str] = Counter()
    values: Counter[str] = Counter()
    for resource, before in changed.values_list("resource", "before").iterator():
        restored[resource] += 1
        values[resource] += len(field_changes.flat(before))
    return Summary(
        what=", ".join(_counted(undo, rows)),
        checked=checked,
        deletes=_counted(undo, deleted),
        restores=[
            ngettext("{number} value on {what}", "{number} values on {what}", values[name]).format(
                number=localize(values[name]), what=counted(name, number)
            )
            for name, number in restored.items()
        ],
        leaves=_leaves(undo),
    )


def _counted(undo: Run, rows: QuerySet[RunRow]) -> list[str]:
    """How many there are of each resource, the run's own first."""
    numbers = dict(rows.values_list("resource").annotate(Count("pk")))
    return [counted(name, numbers[name]) for name in sorted(numbers, key=lambda name: name != undo.resource)]


def _leaves(undo: Run) -> list[str]:
    """Return the most frequent reasons why rows are left as they are, each with its number of rows."""
    found: Counter[str] = Counter()
    left = undo.rows.filter(outcome__in=[Outcome.SKIPPED, Outcome.UNCHANGED, Outcome.FAILED]).order_by()
    changed = left.filter(reason__contains=labels.CHANGED_SINCE)
    found[_("somebody changed it since")] = changed.count()
    others = left.exclude(reason__contains=labels.CHANGED_SINCE).values_list("outcome", "reason")
    for outcome, reason, number in others.annotate(Count("pk")):
        if outcome == Outcome.UNCHANGED:
            words = _("it is as it was before already")
        else:
            words = str(_WORDS.get(reason) or _("what it was before is not known"))
        found[words] += number
    return [
        ngettext("{number} because {reason}", "{number} because {reason}", number).format(
            number=localize(number), reason=reason
        )
        for reason, number in found.most_common(REASONS)
        if number
    ]


# Reasons of rows as parts of a sentence.
_WORDS = {
    undo_rows.STILL_NEEDED: gettext_lazy("tickets still need it"),
    undo_rows.ANSWERED: gettext_lazy("it was answered since"),
    undo_rows.GONE: gettext_lazy("it no longer exists"),
    undo_rows.NOT_PROVEN: gettext_lazy("it is not certain that this run created it"),
    undoing.NOT_FOUND: gettext_lazy("it was not found"),
}
