"""An import in steps, each kept on the server: leave, come back, go on where you were."""

from __future__ import annotations

from collections.abc import Callable
from itertools import islice
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import BadRequest
from django.db.models import Count, QuerySet
from django.forms.boundfield import BoundField
from django.http import HttpResponse, QueryDict, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.folding import sorted_by
from core.pagination import page_number, paginate
from core.partials import render_page
from core.stored_texts import shown
from replica import registry
from teams.access import TeamRequest, team_view
from teams.policy import May
from transfers import control, import_batches, message_posting, new_ids, receipt, threads, uploads, values
from transfers.column_profile import profile
from transfers.file_reading import use_saved
from transfers.import_forms import CommentsFileForm, ConvertedForm, SheetForm, TextForm, UploadForm
from transfers.mapping import METADATA
from transfers.mapping_form import ColumnsForm, rest_to_metadata
from transfers.models import Run, RunRow, SavedMapping
from transfers.resources import transfer_of
from transfers.sources import COMMENTS, Source, comments_source, first_source, sources
from transfers.tables.encoding import preview
from transfers.tables.errors import TableError
from transfers.tables.table import Ragged
from transfers.tables.zones import zone_names
from transfers.templatetags.transfers import counted_apart
from transfers.values_form import ValuesForm
from transfers.views import agreed, held, priced

STEPS = (
    ("read", gettext_lazy("File")),
    ("columns", gettext_lazy("Columns")),
    (COMMENTS, gettext_lazy("Messages")),
    ("values", gettext_lazy("Values")),
    ("check", gettext_lazy("Check")),
)
ROWS = 50
EXAMPLES = 3
PREVIEWED, MOST_PREVIEWED = 4, 30
# So many columns that are not imported are shown; more are folded away.
FEW_COLUMNS = 12


@team_view(May.TRANSFER, methods=("GET", "POST"))
def import_upload(request: TeamRequest) -> HttpResponse:
    """The first step: what is it, and where is the file?"""
    form = UploadForm(request.POST or None, request.FILES or None, asked=request.GET.get("resource", ""))
    status = 200
    if request.method == "POST":
        status = 400
        if form.is_valid():
            try:
                run = uploads.receive(request.viewer, form.cleaned_data["resource"], form.cleaned_data["file"])
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
    done = ["read"]
    if run.import_options.header is None:
        return done
    for source in sources(run):
        done.append(source.name or "columns")
        if not source.options.mapped:
            return done
    done.append("values")
    if run.import_options.checked:
        done.append("check")
    return done


def _about(run: Run, step: str) -> dict:
    """What every step's page shows."""
    reached = _reached(run)
    place = reverse("transfers:import", args=[run.pk])
    has_comments = run.import_options.comments is not None
    steps = [
        (words, f"{place}?step={key}" if key in reached else "", key == step)
        for key, words in STEPS
        if key != COMMENTS or has_comments
    ]
    return {
        "run": run,
        "resource": registry.get(run.resource),
        "steps": steps,
        "step": step,
        "same": uploads.same_file(run).first(),
    }


def _go(run: Run, step: str) -> HttpResponse:
    return redirect(f"{reverse('transfers:import', args=[run.pk])}?step={step}")


def _save(run: Run) -> None:
    """Whoever went on or started it meanwhile in another tab comes first."""
    run.save_options(only_in=Run.State.DRAFT)


# --- how the file is read ------------------------------------------------------------------------------------------


def _read(request: TeamRequest, run: Run) -> HttpResponse:
    posted = request.POST if request.method == "POST" else None
    if posted and "drop_comments" in posted:
        uploads.drop_comments(run)
        _save(run)
        return _go(run, "read")
    if posted and "add_comments" in posted:
        return _add_comments(request, run)
    form = _reading_form(run, posted)
    if form.is_valid():
        try:
            if not isinstance(form, ConvertedForm):
                uploads.read_as(run, **form.settings())
                run.import_options.mapped = False
        except TableError as error:
            form.add_error(None, shown(str(error)))
        else:
            run.import_options.fault = ""
            _save(run)
            return _go(run, "columns")
    return _read_page(request, run, form, CommentsFileForm())


def _add_comments(request: TeamRequest, run: Run) -> HttpResponse:
    """A second file, of messages."""
    form = CommentsFileForm(request.POST, request.FILES)
    if _takes_comments(run) and form.is_valid():
        try:
            uploads.add_comments(run, form.cleaned_data["comments"])
        except TableError as error:
            form.add_error("comments", shown(str(error)))
        else:
            run.import_options.fault = ""
            _save(run)
            return _go(run, COMMENTS)
    return _read_page(request, run, _reading_form(run, None), form)


def _reading_form(run: Run, data: QueryDict | None) -> SheetForm | TextForm | ConvertedForm:
    """The form that asks how the file is read."""
    if run.import_options.converted:
        return ConvertedForm(data)
    return SheetForm(data, run=run) if run.import_options.sheets else TextForm(data, run=run)


def _takes_comments(run: Run) -> bool:
    """Whether a second file can be added."""
    return bool(transfer_of(run.resource).messages) and run.import_options.header is not None


def _read_page(request: TeamRequest, run: Run, form: Any, comments_form: CommentsFileForm) -> HttpResponse:
    encoding = form["encoding"].value() if "encoding" in form.fields else "utf-8"
    readable = encoding and not form.errors.get("encoding") and run.path.exists()
    # A few more lines than there are up to the header.
    shown_lines = min(MOST_PREVIEWED, PREVIEWED + (run.import_options.header_line or 0))
    context = _about(run, "read") | {
        "form": form,
        "lines": list(enumerate(preview(run.path, encoding, shown_lines), 1)) if readable else [],
        "comments_form": comments_form if _takes_comments(run) else None,
        "comments": run.import_options.comments,
    }
    status = 400 if form.errors or comments_form.errors else 200
    return render(request, "transfers/import_read.html", context, status=status)


# --- which column is what ------------------------------------------------------------------------------------------


def _columns(request: TeamRequest, run: Run) -> HttpResponse:
    saved = SavedMapping.objects.filter(team=run.team, resource=run.resource)
    if request.method == "POST" and "use" in request.POST:
        chosen = saved.filter(name=request.POST["use"].replace("\x00", "")).first()
        if chosen:
            use_saved(run.import_options, run.resource, chosen)
            run.import_options.checked = False
            _save(run)
        return _go(run, "columns")
    return _columns_of(request, run, first_source(run), saved)


def _comments(request: TeamRequest, run: Run) -> HttpResponse:
    """The columns of the second file."""
    source = comments_source(run)
    return _columns_of(request, run, source, None) if source else _go(run, "columns")


def _columns_of(request: TeamRequest, run: Run, source: Source, saved: QuerySet[SavedMapping] | None) -> HttpResponse:
    choices = values.allowed(request.team, source.resource)
    data: QueryDict | None = request.POST if request.method == "POST" else None
    told = ""
    if data is not None and "rest" in data:
        data, told = rest_to_metadata(data, source)
    form = ColumnsForm(data, run=run, source=source, choices=choices)
    if data is not None and not told and form.is_valid():
        form.settle()
        run.import_options.fault = ""
        _save(run)
        return _go(run, _reached(run)[-1])
    complete = (cells for _, cells in source.table().lines() if not isinstance(cells, Ragged))
    examples = list(islice(complete, EXAMPLES))
    has_people = {"customer_email", "customer_name"} & {*source.options.columns, *source.options.fixed}
    rows = [(field, [line[at] for line in examples]) for at, field in enumerate(form.column_fields())]
    context = _about(run, source.name or "columns") | {
        "form": form,
        "source": source,
        **_by_target(rows),
        "saved": saved and sorted_by("name", saved),
        "told": told,
        "few": FEW_COLUMNS,
        "has_metadata": bool(source.transfer and source.transfer.has_metadata),
        "lacks_addresses": bool(source.transfer and source.transfer.brings) and not has_people,
    }
    status = 400 if form.errors and not told else 200
    return render(request, "transfers/import_columns.html", context, status=status)


def _by_target(rows: list[tuple[BoundField, list[str]]]) -> dict[str, list[tuple[BoundField, list[str]]]]:
    """The columns in three groups, so that a wide file stays easy to look at."""
    groups: dict[str, list[tuple[BoundField, list[str]]]] = {"mapped": [], "kept": [], "others": []}
    for field, examples in rows:
        target = field.value()
        name = "mapped" if field.errors or (target and target != METADATA) else "kept" if target else "others"
        groups[name].append((field, examples))
    return groups


# --- what their cells mean -----------------------------------------------------------------------------------------


def _values(request: TeamRequest, run: Run) -> HttpResponse:
    try:
        profiles = [profile(source) for source in sources(run)]
    except TableError as error:
        run.import_options.fault = str(error)
        _save(run)
        return _go(run, "read")
    choices = {found.source.name: values.allowed(request.team, found.source.resource) for found in profiles}
    form = ValuesForm(
        request.POST if request.method == "POST" else None,
        profiles=profiles,
        choices=choices,
        known={name: values.guessed(choices[name], run, found) for name, found in zip(choices, profiles, strict=True)},
        messages=values.guessed_messages(run) if values.lacks_visibility(profiles) else None,
    )
    if request.method == "POST" and form.is_valid():
        for found in profiles:
            form.settle(found)
            values.remember(run, found.source.resource, found.source.options.values)
        options = run.import_options
        options.messages, options.threads = form.cleaned_data.get("messages", ""), values.makes_threads(profiles)
        options.checked, options.fault = False, ""
        _save(run)
        control.check(run)
        return redirect("transfers:import", run.pk)
    context = _about(run, "values") | {"form": form, "zones": zone_names()}
    return render(request, "transfers/import_values.html", context, status=400 if form.errors else 200)


# --- what would happen ---------------------------------------------------------------------------------------------


def _check(request: TeamRequest, run: Run) -> HttpResponse:
    counts = dict(run.rows.order_by().values_list("plan").annotate(Count("pk")))
    number = counts.get(RunRow.Plan.CREATE, 0) + counts.get(RunRow.Plan.UPDATE, 0)
    if request.method == "POST":
        if not agreed(request, number):
            raise BadRequest
        if number and not control.start(run):
            messages.info(request, _("This import was already started."))
        return redirect("transfers:run", run.pk)
    plan = request.GET.get("plan", "")
    rows = run.rows.all()
    if plan:
        rows = rows.filter(plan=plan) if plan in RunRow.Plan.values else rows.none()
    page = paginate(
        rows,
        number=page_number(request.GET),
        size=ROWS,
        total=counts.get(plan, 0) if plan else run.total,
        query=request.GET.copy(),
    )
    context = _about(run, "check") | {
        "counts": [(value, label, counts[value]) for value, label in RunRow.Plan.choices if counts.get(value)],
        "number": number,
        "bad": counts.get(RunRow.Plan.WRONG, 0) + counts.get(RunRow.Plan.CONFLICT, 0),
        "page": page,
        "rows": receipt.lines(page.items),
        "plan": plan,
        **_summary(run),
        "unknown": unknown if (unknown := run.import_options.unknown) > import_batches.MOST_UNKNOWN else 0,
        **priced(request, import_batches.price(run)),
    }
    return render_page(request, "transfers/import_check.html", context)


def _summary(run: Run) -> dict[str, Any]:
    """How many tickets and customers are sent, and what becomes of the messages."""
    sent = run.rows.filter(plan__in=[RunRow.Plan.CREATE, RunRow.Plan.UPDATE]).order_by()
    numbers = dict(sent.values_list("resource").annotate(Count("pk")))
    own_first = sorted(numbers.items(), key=lambda entry: entry[0] != run.resource)
    return {
        "what": counted_apart(dict(own_first)),
        "told": [*threads.sentences(run.import_options.told), *message_posting.sentences(run)],
    }


@team_view(May.TRANSFER)
def import_failed(request: TeamRequest, run_id: UUID) -> HttpResponseBase:
    """The lines that could not be imported, as they came, with the reason: to be put right and uploaded as it is."""
    run = held(request, run_id)
    if not run.file or not run.path.exists():
        messages.info(request, _("The file is no longer kept. The receipt shows the result of each row."))
        return redirect("transfers:run", run.pk)
    return receipt.failed_lines(run)


@team_view(May.TRANSFER)
def import_ids(request: TeamRequest, run_id: UUID) -> HttpResponseBase:
    """The ids in the other tool with those that cStar gave, as CSV."""
    run = held(request, run_id)
    if run.kind != Run.Kind.IMPORT or not run.has_ended:
        return redirect("transfers:run", run.pk)
    headers = {"Content-Disposition": f'attachment; filename="ids-{run.resource}-{run.created_at:%Y-%m-%d}.csv"'}
    return StreamingHttpResponse(new_ids.as_csv(run), content_type="text/csv; charset=utf-8", headers=headers)


_PAGES: dict[str, Callable[[TeamRequest, Run], HttpResponse]] = {
    "read": _read,
    "columns": _columns,
    COMMENTS: _comments,
    "values": _values,
    "check": _check,
}
_PARTIALS = {"checking": "transfers/_checking.html"}
