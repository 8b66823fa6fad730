"""Exports: from a list, as it is filtered, to a file."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import redirect

from core.partials import render_page
from replica.listing import matching, pills_of
from replica.transfer import left_out
from replica.versioned_cache import team_state
from teams.access import TeamRequest, team_view
from teams.policy import May
from transfers import control, export_details, export_receipt, exporter
from transfers.forms import ExportForm
from transfers.resources import transfer_of, transferable
from transfers.views import held, priced

_TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "json": "application/json",
}


@team_view(May.TRANSFER, methods=("GET", "POST"))
def export_prepare(request: TeamRequest, resource: str) -> HttpResponse:
    """In which form the list with the same address is to be taken away; then go."""
    what = transferable().get(resource)
    if what is None:
        raise Http404
    filters = what.listing.form(request.GET)
    number = matching(request.viewer, what, filters).count()
    transfer = transfer_of(resource)
    older = transfer.older if transfer.older and transfer.older.may_match(filters) else None
    given = request.POST if request.method == "POST" else None
    form = ExportForm(given, resource=resource, number=number, older=bool(older))
    unknown = export_details.lacking(matching(request.viewer, what, filters), left_out(transfer.columns)).count()
    filled = bool(team_state(request.team).filled_at)
    if filled and not filters.errors and form.is_valid():
        with transaction.atomic():
            run = exporter.make(request.viewer, what, filters, form.options())
            control.start(run)
        return redirect("transfers:run", run.pk)
    context = {
        "resource": what,
        "filters": filters,
        "pills": pills_of(request.team, what, filters),
        "number": number,
        "form": form,
        "filled": filled,
        "unknown": unknown,
        "reads": priced(request, min(unknown, export_details.MOST)),
        "incomplete": [column.head for column in transfer.columns if column.field],
        **priced(request, older.most_calls if older else 0),
    }
    refused = form.errors or (request.method == "POST" and filters.errors)
    return render_page(request, "transfers/export.html", context, status=400 if refused else 200)


@team_view(May.TRANSFER)
def export_file(request: TeamRequest, run_id: UUID) -> FileResponse:
    """The file, streamed."""
    run = held(request, run_id)
    if not (export_receipt.may_read(request, run) and export_receipt.is_there(run)):
        raise Http404
    response = FileResponse(
        run.path.open("rb"),
        as_attachment=True,
        filename=run.file_name,
        content_type=_TYPES[run.export_options.format],
    )
    response["Cache-Control"] = "no-store"
    return response
