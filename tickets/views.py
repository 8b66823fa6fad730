"""The inbox, the ticket page, and what is done there."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import BadRequest, PermissionDenied
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from activity.views import history_page
from core import labels, stored_texts
from core.bidi import isolate
from core.errors import problem, sentence, status_for
from core.forms import all_errors
from core.partials import render_page
from cstar import CStarError, NotFound
from outbox import authorization, queue
from outbox.conflicts import NotesConflictError
from outbox.models import Outgoing
from replica.listing import list_changes, list_page
from replica.lookup import find_or_404
from replica.versioned_cache import forget_state, team_state
from teams.access import TeamRequest, team_view
from teams.policy import May
from tickets import (
    actions,
    choices,
    drafts,
    listing,
    message_html,
    navigation,
    outbox_handlers,
    page_context,
    pending,
    thread,
)
from tickets.composer import Composer, Notes
from tickets.forms import (
    DraftForm,
    NotesForm,
    ReplyForm,
    TagForm,
    TicketEditForm,
)
from tickets.models import Ticket
from tickets.resource import TICKETS


@team_view(May.VIEW)
def ticket_list(request: TeamRequest) -> HttpResponse:
    """The inbox: filtered, sorted and paged by its address, from the working copy alone (no API call)."""
    waiting = sum(entry.kind == outbox_handlers.CREATE for entry in queue.open_entries(request))
    heading = navigation.heading(listing.filter_form(request))
    return list_page(request, TICKETS, heading=heading, new_waiting=waiting, searches_here=True)


@team_view(May.VIEW)
def ticket_list_changes(request: TeamRequest) -> HttpResponse:
    """What changed in the list since it was drawn. Pages that are open ask."""
    return list_changes(request, TICKETS)


@team_view(May.VIEW)
def ticket_search(request: TeamRequest) -> HttpResponse:
    """Ask cStar itself (one call): it searches what was written too, and tickets too old to be held here."""
    form = listing.filter_form(request)
    text = form.value("search") or ""
    tickets = actions.search(request, text) if text else []
    context = {"form": form, "text": text, "tickets": tickets, "resource": TICKETS}
    return render(request, "tickets/search.html", context)


@team_view(May.VIEW)
def ticket_detail(request: TeamRequest, cstar_id: str) -> HttpResponse:
    """A ticket: what we hold at once; the thread is fetched (one call) if nobody opened it yet or it may have moved."""
    team_state(request.team)  # before the ticket: the page says that it is as of this change number, or a later one
    ticket = _ticket_or_404(request, cstar_id)
    trouble = None
    if not ticket.thread_fetched_at:
        try:
            ticket = thread.update(ticket)
        except NotFound:
            raise Http404 from None
        except CStarError as error:
            trouble = sentence(error)
    context = page_context.context(request, ticket) | {
        "trouble": trouble,
        "stale": ticket.thread_fetched_at and not thread.is_current(ticket, team_state(request.team).refreshed_at),
    }
    return render_page(request, "tickets/detail.html", context)


@team_view(May.VIEW)
def ticket_thread(request: TeamRequest, cstar_id: str) -> HttpResponse:
    """The thread as it is at cStar now; asked for by a page that showed an older one."""
    ticket = thread.update(_ticket_or_404(request, cstar_id))
    return _ticket_fragments(request, ticket, "tickets/_thread_update.html")


@team_view(May.VIEW)
def ticket_details(request: TeamRequest, cstar_id: str) -> HttpResponse:
    """Who has the ticket, its tags and notes: asked for by a page that knows it from a list, whose rows lack these."""
    held = _ticket_or_404(request, cstar_id)
    ticket = held if held.details_known else thread.fetch_ticket(request.team, held.cstar_id)
    return _ticket_fragments(request, ticket, "tickets/_details_update.html")


@team_view(May.VIEW)
def ticket_history(request: TeamRequest, cstar_id: str) -> HttpResponse:
    """What was done to a ticket through this desk."""
    held = _ticket_or_404(request, cstar_id)
    return history_page(request, held.cstar_id, _back_to(request, held))


@team_view(May.EDIT_TICKETS, methods=("POST",))
def ticket_update(request: TeamRequest, cstar_id: str) -> HttpResponse:
    """Change subject, status, priority or assignee; only what the form mentions."""
    ticket = _ticket_or_404(request, cstar_id)
    form = TicketEditForm(
        request.POST,
        statuses={key for key, _ in choices.status_choices(request.team)} | {ticket.status},
        assignees={key for key, _ in choices.assignee_choices(request.team)} | {ticket.assigned_to or ""},
    )
    if not form.is_valid():
        return _refused(request, ticket, all_errors(form), 400)
    try:
        entry = actions.update(request, ticket, form.changes())
    except CStarError as error:
        return _refused(request, ticket, _("Not saved. {reason}").format(reason=sentence(error)), status_for(error))
    return _changed(request, ticket, entry, _("Saved."))


@team_view(May.EDIT_TICKETS, methods=("POST",))
def ticket_tags(request: TeamRequest, cstar_id: str) -> HttpResponse:
    """Add or take away one tag, keeping those that others changed meanwhile."""
    ticket = _ticket_or_404(request, cstar_id)
    form = TagForm(request.POST)
    if not form.is_valid():
        return _refused(request, ticket, all_errors(form), 400)
    try:
        entry = actions.change_tag(request, ticket, add=form.cleaned_data["add"], remove=form.cleaned_data["remove"])
    except CStarError as error:
        return _refused(request, ticket, _("Not saved. {reason}").format(reason=sentence(error)), status_for(error))
    return _changed(request, ticket, entry, _("Tags saved."))


@team_view(May.EDIT_TICKETS, methods=("POST",))
def ticket_notes(request: TeamRequest, cstar_id: str) -> HttpResponse:
    """Save the internal notes; if somebody else changed them meanwhile both texts are shown and nothing is lost."""
    ticket = _ticket_or_404(request, cstar_id)
    form = NotesForm(request.POST)
    status = 400
    if form.is_valid():
        try:
            entry = actions.save_notes(request, ticket, form.cleaned_data["notes"], seen=form.cleaned_data["seen"])
            return _changed(request, ticket, entry, _("Notes saved."), template="tickets/_notes.html")
        except NotesConflictError as conflict:
            status = 409
            form = NotesForm(
                {"notes": form.cleaned_data["notes"], "seen": outbox_handlers.fingerprint(conflict.theirs)}
            )
            form.add_error(
                "notes",
                _(
                    "Someone else has changed the notes. They are now: “{notes}”. Combine both here and save again."
                ).format(notes=conflict.theirs),
            )
        except CStarError as error:
            form.add_error("notes", _("Not saved. {reason}").format(reason=sentence(error)))
            status = status_for(error)
    return _ticket_fragments(request, ticket, "tickets/_notes.html", {"notes": Notes.refused(form)}, status=status)


@team_view(May.EDIT_TICKETS, methods=("POST",))
def ticket_reply(request: TeamRequest, cstar_id: str) -> HttpResponse:
    """Send a reply or leave a note, and set the status in one go. What was typed stays until it is safely kept."""
    ticket = _ticket_or_404(request, cstar_id)
    form = ReplyForm(request.POST)
    status = 400
    if form.is_valid():
        if form.seen is not None and (newer := thread.newer(ticket, form.seen, request.user.display_name)):
            message_html.prepare(newer)
            context = {"composer": Composer.moved(form, newer, drafts.drafts_of(request, ticket))}
            return _ticket_fragments(request, ticket, "tickets/_moved.html", context, status=409)
        try:
            send = actions.append_note if form.goes_to_notes else actions.reply
            entry = send(request, ticket, form)
        except CStarError as error:
            form.add_error(form.cleaned_data["kind"], _("Not sent. {reason}").format(reason=sentence(error)))
            status = status_for(error)
        else:
            return _sent(request, ticket, form, entry)
    refused = Composer.refused(form, drafts.drafts_of(request, ticket))
    return _ticket_fragments(request, ticket, "tickets/_composer.html", {"composer": refused}, status=status)


@team_view(May.EDIT_TICKETS, methods=("POST",))
def ticket_draft(request: TeamRequest, cstar_id: str) -> HttpResponse:
    """Keep what is being written: 204 with its version; 409 with the newer text if another tab or device wrote one."""
    ticket = _ticket_or_404(request, cstar_id)
    form = DraftForm(request.POST)
    if not form.is_valid():
        return problem(request, 400, _("Draft not saved"), all_errors(form))
    data = form.cleaned_data
    try:
        version = drafts.save(request, ticket, nonce=data.pop("composer"), **data)
    except drafts.NewerDraftError as newer:
        return JsonResponse({"text": newer.draft.text, "version": newer.draft.version}, status=409)
    return HttpResponse(status=204, headers={"Draft-Version": version})


@team_view(May.VIEW)
def ticket_outgoing(request: TeamRequest, cstar_id: str) -> HttpResponse:
    """What the page shows of the outbox, if it is no longer what it `was`; asked for by a page that shows some.

    A ticket that went away meanwhile leaves its messages where they are, for whoever wrote them to see to.
    """
    asked = request.headers.get("HX-Request") and "was" in request.GET
    if asked and pending.mark(pending.of_ticket(request, cstar_id)) == request.GET["was"]:
        return HttpResponse(status=204)
    if asked and not Ticket.objects.filter(team=request.team, cstar_id=cstar_id).exists():
        leaving = pending.messages(request, cstar_id)
        return render(request, "tickets/_outgoing_gone.html", {"leaving": leaving})
    ticket = _ticket_or_404(request, cstar_id)
    context = {"edits": "edits" in request.GET or pending.as_wanted(request, ticket).waiting}
    return _ticket_fragments(request, ticket, "tickets/_outgoing_update.html", context)


@team_view(May.EDIT_TICKETS, methods=("POST",))
def ticket_decide(request: TeamRequest, cstar_id: str) -> HttpResponse:
    """Take a message back into the composer (`undo`), send it (`again`, `anyway`) or give it up (`discard`).

    What is being written in the composer comes along, and stays.
    """
    ticket = _ticket_or_404(request, cstar_id)
    form = ReplyForm(request.POST)
    done, entry = _chosen(request, ticket)
    kind, text = "", ""
    if done == "undo" and queue.take_back(entry):
        kind, text = entry.payload["kind"], entry.payload["content"]
        drafts.put_back(request, ticket, kind, text)
    elif done in ("again", "anyway"):
        if queue.again(entry, request.user, payload={**entry.payload, "seen": None}):
            authorization.record_release(request, entry)
        queue.send_now(entry)
    elif done == "discard" and queue.discard(entry):
        messages.success(request, _("Discarded."))
    elif done == "undo":
        messages.warning(request, _("It was already sent."))
    ticket.refresh_from_db()
    composer = Composer.with_back(form, drafts.drafts_of(request, ticket), kind, text)
    return _ticket_fragments(request, ticket, "tickets/_sent.html", {"composer": composer})


@team_view(May.DELETE_TICKETS, methods=("GET", "POST"))
def ticket_delete(request: TeamRequest, cstar_id: str) -> HttpResponse:
    """Ask, then delete for good."""
    ticket = _ticket_or_404(request, cstar_id)
    if request.method == "POST":
        actions.delete(request, ticket)
        messages.success(request, _("“{title}” is deleted.").format(title=isolate(ticket.title)))
        return redirect("tickets:list")
    return render(request, "tickets/delete.html", {"ticket": ticket, "carried": page_context.carried(request)})


# --- helpers ---------------------------------------------------------------------------------------------------


def _ticket_or_404(request: TeamRequest, cstar_id: str) -> Ticket:
    return find_or_404(request, Ticket, cstar_id, lambda: thread.fetch_ticket(request.team, cstar_id))


def _sent(request: TeamRequest, ticket: Ticket, form: ReplyForm, entry: Outgoing) -> HttpResponse:
    """The message is in the outbox: from here on nothing may look as if it were lost, whatever becomes of it."""
    _say_what_became(request, entry, _("Note added.") if form.is_note else _("Reply sent."))
    ticket.refresh_from_db()
    if not request.headers.get("HX-Request"):
        return redirect(_back_to(request, ticket))
    # The other text, still being written, stays in its place.
    kind, other = (ReplyForm.NOTE, ReplyForm.REPLY) if form.is_note else (ReplyForm.REPLY, ReplyForm.NOTE)
    empty = Composer.empty(kind, **{other: form.cleaned_data[other]}, drafts=drafts.drafts_of(request, ticket))
    return _ticket_fragments(request, ticket, "tickets/_sent.html", {"composer": empty})


def _say_what_became(request: TeamRequest, entry: Outgoing, words: str) -> None:
    """A message about an entry of the outbox; one whose time to undo runs says so itself."""
    if entry.state == Outgoing.State.SENT and entry.problem:
        messages.error(request, stored_texts.shown(entry.problem))
    elif entry.state == Outgoing.State.SENT:
        messages.success(request, words)
    elif "message" in entry.answers:
        not_set = _("The status is not set to {status} yet.").format(status=labels.recorded(entry.payload["then"]))
        messages.warning(request, f"{words} {not_set} {stored_texts.shown(entry.problem)}")
    elif entry.problem:
        messages.info(request, _("cStar is not responding right now. Your work is saved and is sent automatically."))


def _changed(
    request: TeamRequest,
    ticket: Ticket,
    entry: Outgoing | None,
    message: str,
    *,
    template: str = "tickets/_changed.html",
) -> HttpResponse:
    """After a change: the panels that show it, or for a plain form the page again."""
    if entry:
        _say_what_became(request, entry, message)
    else:
        messages.success(request, message)
    ticket = _ticket_or_404(request, ticket.cstar_id)
    if not request.headers.get("HX-Request"):
        return redirect(_back_to(request, ticket))
    return _ticket_fragments(request, ticket, template)


def _refused(request: TeamRequest, ticket: Ticket, message: str, status: int) -> HttpResponse:
    """The panels as they are with what was typed in them, and why the change was not made."""
    messages.error(request, message)
    return _ticket_fragments(request, ticket, "tickets/_changed.html", {"typed": request.POST}, status=status)


def _ticket_fragments(
    request: TeamRequest, ticket: Ticket, template: str, context: dict | None = None, *, status: int = 200
) -> HttpResponse:
    """A fragment of the ticket page; without JavaScript the whole page with the same context."""
    forget_state(request.team)
    queue.forget_read(request)
    if not request.headers.get("HX-Request"):
        template = "tickets/detail.html"
    return render(request, template, page_context.context(request, ticket) | (context or {}), status=status)


def _back_to(request: TeamRequest, ticket: Ticket) -> str:
    return page_context.url(ticket.cstar_id, page_context.carried(request))


def _chosen(request: TeamRequest, ticket: Ticket) -> tuple[str, Outgoing]:
    """What is to be done, and to which message of the ticket."""
    name = next((name for name in ("undo", "again", "anyway", "discard") if name in request.POST), "")
    pk = request.POST.get(name, "")
    if not (pk.isascii() and pk.isdigit() and len(pk) < 16):
        raise BadRequest
    found = Outgoing.objects.filter(team=request.team, target_id=ticket.cstar_id, kind=outbox_handlers.REPLY)
    entry = get_object_or_404(found, pk=int(pk))
    if not queue.may_decide(request, entry):
        raise PermissionDenied
    return name, entry
