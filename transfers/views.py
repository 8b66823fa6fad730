"""Runs: the list of them, a run's page with its progress and receipt, and what people do with it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import BadRequest
from django.db.models import QuerySet
from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _

from budget.account import budget_of, left_for
from budget.models import Lane
from core.errors import sentence
from core.pagination import page_number, paginate
from core.partials import render_page
from core.stored_texts import in_english
from cstar import CStarError
from replica import registry
from teams.access import TeamRequest, team_view
from teams.policy import May
from transfers import bulk, control, export_receipt, receipt, undo_summary, undoing
from transfers.forms import StartForm
from transfers.models import Run, RunRow
from transfers.progress import WAITING, of_runs, progress

ROWS = 50
RUNS = 25
# Outcomes by what an address calls them.
OUTCOMES = {value or WAITING: value for value in RunRow.Outcome.values}


@team_view(May.TRANSFER)
def run_list(request: TeamRequest) -> HttpResponse:
    """The team's runs, newest first; those at work tell how far they are."""
    runs = Run.objects.filter(team=request.team).select_related("undoes")
    page = paginate(runs, number=page_number(request.GET), size=RUNS, total=runs.count(), query=request.GET.copy())
    far = of_runs(page.items)
    context = {
        "page": page,
        "runs": [(run, far[run.pk]) for run in page.items],
        "busy": any(run.is_at_work for run in page.items),
    }
    return render_page(request, "transfers/list.html", context, partials={"runs": "transfers/_runs.html"})


@team_view(May.TRANSFER)
def run_detail(request: TeamRequest, run_id: UUID) -> HttpResponse:
    """How a run stands; its receipt, a line a row."""
    run = held(request, run_id)
    if run.state == Run.State.DRAFT:
        return redirect(PREPARING[run.kind], run.pk)
    outcome = request.GET.get("outcome", "")
    rows = run.rows.select_related("batch")
    if outcome:
        rows = rows.filter(outcome=OUTCOMES[outcome]) if outcome in OUTCOMES else rows.none()
    page = paginate(rows, number=page_number(request.GET), size=ROWS, total=rows.count(), query=request.GET.copy())
    context = {
        "run": run,
        "progress": progress(run),
        "resource": registry.get(run.resource),
        "page": page,
        "rows": receipt.lines(page.items),
        "outcome": outcome,
        "may_undo": undoing.may_be_undone(run),
        "exported": export_receipt.of(request, run) if run.kind == Run.Kind.EXPORT else None,
        "may_retry": run.has_ended and run.kind == Run.Kind.BULK,
    }
    return render_page(request, "transfers/run.html", context, partials={"run": "transfers/_run.html"})


@team_view(May.TRANSFER, methods=("POST",))
def run_control(request: TeamRequest, run_id: UUID) -> HttpResponse:
    """`do`: pause, resume, hurry or cancel."""
    run = held(request, run_id)
    do = _CONTROLS.get(request.POST.get("do", ""))
    if do is None:
        raise BadRequest
    if not do(run):
        messages.info(request, _("It has gone on meanwhile: this is how it stands now."))
    return redirect("transfers:run", run.pk)


_CONTROLS = {
    "pause": control.pause,
    "resume": control.resume,
    "hurry": control.hurry,
    "cancel": control.cancel,
}


@team_view(May.TRANSFER)
def run_receipt(request: TeamRequest, run_id: UUID) -> StreamingHttpResponse:
    """The receipt as a file, streamed."""
    return receipt.as_file(held(request, run_id))


@team_view(May.TRANSFER, methods=("POST",))
def run_undo(request: TeamRequest, run_id: UUID) -> HttpResponse:
    """Make the run that undoes this one, and look at cStar what it would do."""
    run = held(request, run_id)
    if going := run.undone_by.filter(state__in=[*Run.AT_WORK, Run.State.PAUSED]).first():
        return redirect("transfers:run", going.pk)
    if not undoing.may_be_undone(run):
        messages.warning(request, _("There is nothing left of it to undo."))
        return redirect("transfers:run", run.pk)
    undo = undoing.make(request.viewer, run)
    if undoing.may_be_checked_at_once(undo):
        try:
            undoing.check(undo, lambda: None)
        except CStarError as error:
            with in_english():
                undo.undo_options.fault = sentence(error)
            undo.save_options()
    else:
        control.check(undo)
    return redirect("transfers:undo", undo.pk)


@team_view(May.TRANSFER, methods=("GET", "POST"))
def undo_start(request: TeamRequest, run_id: UUID) -> HttpResponse:
    """What undoing would do, and its price; then go."""
    run = held(request, run_id)
    if run.kind != Run.Kind.UNDO or run.state not in (Run.State.DRAFT, Run.State.CHECKING):
        return redirect("transfers:run", run.pk)
    if request.method == "POST":
        control.start(run)
        return redirect("transfers:run", run.pk)
    context = {"run": run, "foreseen": undo_summary.of(run), **priced(request, undoing.price(run))}
    return render_page(request, "transfers/undo.html", context, partials={"undo": "transfers/_undo.html"})


@team_view(May.TRANSFER, methods=("POST",))
def run_again(request: TeamRequest, run_id: UUID) -> HttpResponse:
    """Select what failed once more: a new run over these rows, with what was asked for filled in."""
    run = held(request, run_id)
    failed = run.rows.filter(outcome__in=[RunRow.Outcome.FAILED, RunRow.Outcome.UNSURE])
    if run.kind != Run.Kind.BULK or not failed.exists():
        messages.info(request, _("None of its rows failed."))
        return redirect("transfers:run", run.pk)
    found = failed.values_list("cstar_id", "label").iterator()
    options = run.bulk_options
    again = bulk.freeze(request.viewer, registry.get(run.resource), found, options.address, options.form)
    return redirect("transfers:bulk", again.pk)


# --- helpers -------------------------------------------------------------------------------------------------------

# Where a run of a kind is prepared; an export starts as it is made.
PREPARING: dict[str, str] = {
    Run.Kind.BULK: "transfers:bulk",
    Run.Kind.UNDO: "transfers:undo",
    Run.Kind.IMPORT: "transfers:import",
}


def held(request: TeamRequest, run_id: UUID) -> Run:
    """The team's run; another team's does not exist."""
    runs: QuerySet[Run] = Run.objects.select_related("team", "undoes")
    return get_object_or_404(runs, pk=run_id, team=request.team)


def priced(request: TeamRequest, calls: int) -> dict[str, Any]:
    """What a number of calls means for the key's hour."""
    budget = budget_of(request.team)
    return {
        "calls": calls,
        "share": round(100 * calls / budget.limit, 1) if budget.limit else 0,
        "calls_free": left_for(budget, Lane.BULK),
    }


def agreed(request: TeamRequest, number: int) -> bool:
    """Whether the number that the person agreed to is still the right one."""
    form = StartForm(request.POST)
    return form.is_valid() and form.cleaned_data["number"] == number
