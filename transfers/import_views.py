"""An import in steps, each kept on the server: leave, come back, go on where you were."""

from __future__ import annotations

from collections.abc import Callable
from itertools import islice
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import BadRequest
from django.db.models import Count
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.pagination import paginate
from core.partials import render_page
from core.stored import shown
from teams.access import TeamRequest, team_view
from teams.policy import May
from transfers import control, importing, receipt, uploads, values
from transfers.import_forms import RESOURCE_CHOICES, ColumnsForm, SheetForm, TextForm, UploadForm, ValuesForm
from transfers.mapping import table
from transfers.models import Run, RunRow, SavedMapping
from transfers.resources import RESOURCES
from transfers.tables.encoding import preview
from transfers.tables.errors import TableError
from transfers.tables.table import Ragged
from transfers.views import agreed, held, priced

STEPS = (
    ("read", gettext_lazy("File")),
    ("columns", gettext_lazy("Columns")),
    ("values", gettext_lazy("Words")),
    ("check", gettext_lazy("Check")),
)
ROWS = 50
EXAMPLES = 3


@team_view(May.TRANSFER, methods=("GET", "POST"))
def import_upload(request: TeamRequest) -> HttpResponse:
    """The first step: what is it, and where is the file?"""
    asked = request.GET.get("resource")
    initial = {"resource": asked if asked in dict(RESOURCE_CHOICES) else "tickets"}
    form = UploadForm(request.POST or None, request.FILES or None, initial=initial)
    status = 200
    if request.method == "POST":
        status = 400
        if form.is_valid():
            try:
                run = uploads.receive(request, form.cleaned_data["resource"], form.cleaned_data["file"])
            except TableError as error:
                form.add_error("file", shown(str(error)))
            else:
                return redirect("transfers:import", run.pk)
    return render(request, "transfers/upload.html", {"form": form}, status=status)


@team_view(May.TRANSFER, methods=("GET", "POST"))
def import_prepare(request: TeamRequest, run_id: UUID) -> HttpResponse:
    """The step that is next, or an earlier one that somebody goes back to (`?step=`)."""
    run = held(request, run_id)
    if run.state == Run.State.CHECKING:
        return render_page(request, "transfers/checking.html", _about(run, "check"), partials=_PARTIALS)
    if request.headers.get("HX-Target") in _PARTIALS:  # it has been checked
        return HttpResponse(headers={"HX-Redirect": reverse("transfers:import", args=[run.pk])})
    if run.kind != Run.Kind.IMPORT or run.state != Run.State.DRAFT:
        return redirect("transfers:run", run.pk)
    reached = _reached(run)
    step = request.GET.get("step", "")
    step = step if step in reached else reached[-1]
    return _PAGES[step](request, run)


def _reached(run: Run) -> list[str]:
    """The steps up to the one that is next."""
    options = run.options
    done = ["read"]
    if "header" in options:
        done.append("columns")
        if options.get("mapped"):
            done.append("values")
            if options.get("checked"):
                done.append("check")
    return done


def _about(run: Run, step: str) -> dict:
    """What every step's page shows."""
    reached = _reached(run)
    place = reverse("transfers:import", args=[run.pk])
    steps = [(words, f"{place}?step={key}" if key in reached else "", key == step) for key, words in STEPS]
    return {
        "run": run,
        "resource": RESOURCES[run.resource],
        "steps": steps,
        "step": step,
        "same": uploads.same_file(run).first(),
    }


def _go(run: Run, step: str) -> HttpResponse:
    return redirect(f"{reverse('transfers:import', args=[run.pk])}?step={step}")


def _save(run: Run) -> None:
    """Whoever went on or started it meanwhile in another tab comes first."""
    Run.objects.filter(pk=run.pk, state=Run.State.DRAFT).update(options=run.options)


# --- how the file is read ------------------------------------------------------------------------------------------


def _read(request: TeamRequest, run: Run) -> HttpResponse:
    form_class = SheetForm if "sheets" in run.options else TextForm
    form = form_class(request.POST if request.method == "POST" else None, run=run)
    status = 200
    if request.method == "POST":
        status = 400
        if form.is_valid():
            try:
                uploads.read_as(run, **form.settings())
            except TableError as error:
                form.add_error(None, shown(str(error)))
            else:
                run.options |= {"mapped": False, "fault": ""}
                _save(run)
                return _go(run, "columns")
    encoding = form["encoding"].value() if "encoding" in form.fields else ""
    known = encoding and not form.errors.get("encoding")
    lines = preview(run.path, encoding) if known and run.path.exists() else []
    context = _about(run, "read") | {"form": form, "lines": lines}
    return render(request, "transfers/import_read.html", context, status=status)


# --- which column is what ------------------------------------------------------------------------------------------


def _columns(request: TeamRequest, run: Run) -> HttpResponse:
    saved = SavedMapping.objects.filter(team=run.team, resource=run.resource)
    if request.method == "POST" and "use" in request.POST:
        chosen = saved.filter(name=request.POST["use"].replace("\x00", "")).first()
        if chosen:
            uploads.use(run, chosen)
            _save(run)
        return _go(run, "columns")
    form = ColumnsForm(request.POST if request.method == "POST" else None, run=run)
    if request.method == "POST" and form.is_valid():
        form.settle()
        run.options |= {"mapped": True, "fault": ""}
        _save(run)
        return _go(run, "values")
    examples = _examples(run)
    rows = [(form[form.name_of(at)], [line[at] for line in examples]) for at in range(len(run.options["header"]))]
    context = _about(run, "columns") | {"form": form, "rows": rows, "saved": saved}
    return render(request, "transfers/import_columns.html", context, status=400 if form.errors else 200)


def _examples(run: Run) -> list[list[str]]:
    """The first lines that fit the header."""
    good = (cells for _, cells in table(run).lines() if not isinstance(cells, Ragged))
    return list(islice(good, EXAMPLES))


# --- what their words mean -----------------------------------------------------------------------------------------


def _values(request: TeamRequest, run: Run) -> HttpResponse:
    try:
        asked = values.asked(run)
    except TableError as error:
        run.options["fault"] = str(error)
        _save(run)
        return _go(run, "read")
    form = ValuesForm(
        request.POST if request.method == "POST" else None,
        asked=asked,
        choices=values.allowed(request, run.resource),
        known=values.guessed(request, run, asked),
    )
    if request.method == "POST" and form.is_valid():
        run.options |= {"values": form.values(), "checked": False, "fault": ""}
        values.remember(run, run.options["values"])
        _save(run)
        control.check(run)
        return redirect("transfers:import", run.pk)
    context = _about(run, "values") | {"form": form}
    return render(request, "transfers/import_values.html", context, status=400 if form.errors else 200)


# --- what would happen ---------------------------------------------------------------------------------------------


def _check(request: TeamRequest, run: Run) -> HttpResponse:
    counts = dict(run.rows.order_by().values_list("plan").annotate(Count("pk")))
    number = counts.get(RunRow.Plan.CREATE, 0) + counts.get(RunRow.Plan.UPDATE, 0)
    if request.method == "POST":
        if not agreed(request, number):
            raise BadRequest
        if number and not control.start(run):
            messages.info(request, _("It was started already."))
        return redirect("transfers:run", run.pk)
    plan = request.GET.get("plan", "")
    rows = run.rows.filter(plan=plan) if plan in RunRow.Plan.values else run.rows.all()
    asked = request.GET.get("page", "")
    page = paginate(
        rows,
        number=int(asked) if asked.isdecimal() and len(asked) < 8 else 1,
        size=ROWS,
        total=counts.get(plan, 0) if plan in RunRow.Plan.values else run.total,
        query=request.GET.copy(),
    )
    context = _about(run, "check") | {
        "counts": [(value, label, counts[value]) for value, label in RunRow.Plan.choices if counts.get(value)],
        "number": number,
        "bad": counts.get(RunRow.Plan.WRONG, 0) + counts.get(RunRow.Plan.CONFLICT, 0),
        "page": page,
        "rows": receipt.lines(page.items),
        "plan": plan,
        "unknown": unknown if (unknown := run.options.get("unknown", 0)) > importing.MOST_UNKNOWN else 0,
        **priced(request, importing.price(run)),
    }
    return render_page(request, "transfers/import_check.html", context)


@team_view(May.TRANSFER)
def import_failed(request: TeamRequest, run_id: UUID) -> HttpResponseBase:
    """The lines that could not be imported, as they came, with the reason: to be put right and uploaded as it is."""
    run = held(request, run_id)
    if not run.file or not run.path.exists():
        messages.info(request, _("The file is no longer kept: the receipt says what became of its rows."))
        return redirect("transfers:run", run.pk)
    return receipt.failed_lines(run)


_PAGES: dict[str, Callable[[TeamRequest, Run], HttpResponse]] = {
    "read": _read,
    "columns": _columns,
    "values": _values,
    "check": _check,
}
_PARTIALS = {"checking": "transfers/_checking.html"}
