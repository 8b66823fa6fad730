"""Bulk edits: from the chosen rows of a list to a run, by way of what to change and what it costs."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.formats import localize
from django.utils.translation import gettext as _

from core.partials import render_page
from replica import registry
from replica.listing import filters_of
from teams.access import TeamRequest, team_view
from teams.policy import May
from transfers import bulk, control, receipt
from transfers.forms import SelectionForm
from transfers.models import Run, RunBatch
from transfers.resources import listed, transfer_of, transferable
from transfers.templatetags.transfers import counted
from transfers.views import agreed, held, priced

Action = RunBatch.Action


@team_view(May.TRANSFER, methods=("POST",))
def bulk_select(request: TeamRequest, resource: str) -> HttpResponse:
    """Freeze what was chosen: the rows of the page, or all that the list's filters let through."""
    if resource not in transferable():
        raise Http404
    what, form = registry.get(resource), SelectionForm(request.POST)
    if not form.is_valid():
        raise Http404
    address = form.cleaned_data["address"]
    if problems := filters_of(what, address).problems:
        messages.error(request, problems[0])
        return redirect(f"{what.list_url}{address}")
    found = listed(request.viewer, what, address)
    if not form.cleaned_data["all"]:
        found = found.filter(cstar_id__in=form.ids())
    elif found.count() > bulk.MOST:
        text = _("That is more than {what}: narrow the list first.")
        messages.error(request, text.format(what=counted(what.name, bulk.MOST)))
        return redirect(f"{what.list_url}{address}")
    run = bulk.freeze(request.viewer, what, found.values_list("cstar_id", what.listing.name).iterator(), address)
    if not run.total:
        run.delete()
        messages.warning(request, _("Nothing selected. Select some rows first."))
        return redirect(f"{what.list_url}{address}")
    number = form.cleaned_data["number"]
    if form.cleaned_data["all"] and number not in (None, run.total):
        text = _("The list has changed: {total} match now, not {number}.")
        messages.info(request, text.format(total=localize(run.total), number=localize(number)))
    return redirect("transfers:bulk", run.pk)


@team_view(May.TRANSFER, methods=("GET", "POST"))
def bulk_prepare(request: TeamRequest, run_id: UUID) -> HttpResponse:
    """What is to be changed; then what that does and costs; then go. Shown until the number is agreed to."""
    run = held(request, run_id)
    if run.kind != Run.Kind.BULK or run.state != Run.State.DRAFT:
        return redirect("transfers:run", run.pk)
    form_class, options = transfer_of(run.resource).bulk_form, run.bulk_options
    reviewing = "review" in request.POST
    form = form_class(request.POST if reviewing else None, team=run.team, initial=options.form)
    if reviewing and form.is_valid():
        options.action, options.change, options.form = Action.UPDATE, form.change(), form.cleaned_data
        run.save_options()
    elif "delete" in request.POST:
        options.action, options.change, options.form = Action.DELETE, {}, {}
        run.save_options()
    elif "start" in request.POST and options.action:
        return _start(request, run)
    price = bulk.price(run) if options.action and not form.errors else None
    context = {
        "run": run,
        "form": form,
        "resource": registry.get(run.resource),
        "price": price,
        "first": run.rows.first(),
        "examples": receipt.lines(bulk.examples(run)) if price else [],
        "deleting": options.action == Action.DELETE,
        **(priced(request, price.calls) if price else {}),
    }
    status = 400 if form.errors else 200
    return render_page(request, "transfers/bulk.html", context, status=status)


def _start(request: TeamRequest, run: Run) -> HttpResponse:
    price = bulk.price(run)
    if agreed(request, price.total):
        control.start(run)
        return redirect("transfers:run", run.pk)
    what = registry.get(run.resource)
    if run.bulk_options.action == Action.DELETE:
        text = _("Nothing was deleted: type {number} to delete these {what}.")
        messages.warning(request, text.format(number=localize(price.total), what=what.words.many))
    else:
        text = _("It is {what} by now. Check again, then apply.")
        messages.warning(request, text.format(what=counted(what.name, price.total)))
    return redirect("transfers:bulk", run.pk)
