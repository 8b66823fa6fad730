"""What an undo says in numbers before it starts: what it deletes, what it puts back, what it leaves, and why."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from django.db.models import Count
from django.utils.formats import localize
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core.stored import shown
from transfers import changes, labels, undo_rows
from transfers.models import Run, RunRow
from transfers.templatetags.transfers import counted

Plan, Outcome = RunRow.Plan, RunRow.Outcome
REASONS = 6  # different ones that are named


@dataclass(frozen=True, slots=True)
class Summary:
    """Sentences with numbers. `deletes` names what is deleted by resource, `leaves` the reasons with their numbers."""

    checked: bool
    deletes: list[str]
    restores: list[str]
    leaves: list[str]
    rows: int

    @property
    def does_nothing(self) -> bool:
        return self.checked and not self.deletes and not self.restores


def of(undo: Run) -> Summary:
    """As cStar was looked at last; before that, as the run's receipt has it."""
    checked = bool(undo.options.get("checked"))
    deleted: Counter[str] = Counter()
    restored: Counter[str] = Counter()
    values: Counter[str] = Counter()
    if checked:
        waiting = undo.rows.filter(outcome=Outcome.WAITING)
        deleted.update(waiting.filter(plan=Plan.DELETE).values_list("resource", flat=True))
        changed = waiting.filter(plan=Plan.RESTORE)
    else:
        source = undo.undoes.rows if undo.undoes else undo.rows
        deleted.update(source.filter(outcome=Outcome.CREATED).values_list("resource", flat=True))
        changed = source.filter(outcome=Outcome.UPDATED)
    for resource, before in changed.values_list("resource", "before").iterator():
        restored[resource] += 1
        values[resource] += len(changes.flat(before))
    return Summary(
        checked=checked,
        deletes=[counted(resource, number) for resource, number in deleted.items()],
        restores=[_values_on(values[name], counted(name, number)) for name, number in restored.items()],
        leaves=_leaves(undo),
        rows=deleted.total() + restored.total(),
    )


def _values_on(number: int, what: str) -> str:
    words = ngettext("{number} value on {what}", "{number} values on {what}", number)
    return words.format(number=localize(number), what=what)


def _leaves(undo: Run) -> list[str]:
    """Why rows are left as they are: the commonest reasons, with the number of rows each."""
    found: Counter[str] = Counter()
    left = undo.rows.filter(outcome__in=[Outcome.SKIPPED, Outcome.UNCHANGED, Outcome.FAILED]).order_by()
    changed = left.filter(reason__contains=labels.CHANGED_SINCE)
    found[_("somebody changed it since")] = changed.count()
    others = left.exclude(reason__contains=labels.CHANGED_SINCE).values_list("outcome", "reason")
    for outcome, reason, number in others.annotate(Count("pk")):
        found[_word(outcome, reason)] += number
    return [
        ngettext("{number} because {reason}", "{number} because {reason}", number).format(
            number=localize(number), reason=reason
        )
        for reason, number in found.most_common(REASONS)
        if number
    ]


def _word(outcome: str, reason: str) -> str:
    """A reason as a part of a sentence."""
    match reason:
        case undo_rows.STILL_NEEDED:
            return _("tickets still need it")
        case undo_rows.ANSWERED:
            return _("it was answered since")
        case undo_rows.GONE:
            return _("it no longer exists")
        case undo_rows.NOT_PROVEN:
            return _("it is not certain that this run created it")
    if outcome == Outcome.UNCHANGED:
        return _("it is as it was before already")
    return _("what it was before is not known") if reason else shown(reason)
