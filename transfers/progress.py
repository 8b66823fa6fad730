"""How far a run is: what its page and the list of runs show."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

from django.db.models import Count, Q, Sum
from django.utils import timezone

from transfers import exporter
from transfers.models import Run, RunBatch, RunRow
from transfers.templatetags.transfers import counted_apart

Outcome = RunRow.Outcome
# What an address calls the rows that have no outcome yet.
WAITING = "waiting"


@dataclass(frozen=True, slots=True)
class Progress:
    """Rows by what became of them, and calls. `left` is None where there is no telling.

    `resources` are the rows by resource, the run's own first.
    """

    total: int
    resources: dict[str, int]
    outcomes: dict[str, int]
    calls: int
    calls_left: int
    left: timedelta | None

    @property
    def what(self) -> str:
        """What it is about: "45 tickets and 44 customers"."""
        return counted_apart(self.resources)

    @property
    def done(self) -> int:
        return sum(number for outcome, number in self.outcomes.items() if outcome)

    @property
    def failed(self) -> int:
        return self.outcomes.get(Outcome.FAILED, 0)

    @property
    def waiting(self) -> int:
        return max(0, self.total - self.done)

    @property
    def percent(self) -> int:
        return 100 * self.done // self.total if self.total else 0

    @property
    def counts(self) -> list[tuple[str, str, int]]:
        """(outcome as the address has it, its words, number) of those that there are."""
        found = self.outcomes
        return [(value or WAITING, str(label), found[value]) for value, label in Outcome.choices if found.get(value)]


def progress(run: Run) -> Progress:
    return of_runs([run])[run.pk]


def of_runs(runs: Iterable[Run]) -> dict[object, Progress]:
    """Of several runs, in two queries."""
    found = {run.pk: run for run in runs}
    outcomes: dict[object, dict[str, int]] = {pk: {} for pk in found}
    resources: dict[object, dict[str, int]] = {pk: {run.resource: 0} for pk, run in found.items()}
    rows = RunRow.objects.filter(run__in=found).order_by()
    for pk, resource, outcome, number in rows.values_list("run", "resource", "outcome").annotate(Count("pk")):
        outcomes[pk][outcome] = outcomes[pk].get(outcome, 0) + number
        resources[pk][resource] = resources[pk].get(resource, 0) + number
    for run in found.values():
        if run.kind == Run.Kind.EXPORT:
            outcomes[run.pk] = {Outcome.CREATED: exporter.rows_of(run)}  # in its file
    open_ = ~Q(state=RunBatch.State.DONE)
    batches = RunBatch.objects.filter(run__in=found).order_by().values("run")
    counted_calls = batches.annotate(made=Sum("calls"), left=Count("pk", filter=open_))
    calls = {row["run"]: (row["made"] or 0, row["left"]) for row in counted_calls}
    return {pk: _of(run, outcomes[pk], resources[pk], *calls.get(pk, (0, 0))) for pk, run in found.items()}


def _of(run: Run, outcomes: dict[str, int], resources: dict[str, int], calls: int, calls_left: int) -> Progress:
    done = sum(number for outcome, number in outcomes.items() if outcome)
    left = None
    if run.state == Run.State.RUNNING and run.started_at and done:
        passed = timezone.now() - run.started_at
        left = passed / done * max(0, run.total - done)
        if run.wait_until:
            left += max(timedelta(0), run.wait_until - timezone.now())
    if not any(resources.values()):
        resources = {run.resource: run.total}
    return Progress(run.total, resources, outcomes, run.calls + calls, calls_left, left)
