"""What a ticket's page shows beside the thread, and where it leads: the same wherever a part of it is drawn anew."""

from __future__ import annotations

from django.utils.translation import gettext

from core import labels
from core.urls import page_url
from customers.models import Customer
from replica import capabilities
from replica.versioned_cache import remembered
from teams.access import TeamRequest
from tickets import choices, drafts, edits, features, listing, outbox_handlers, pending, quick_replies, replies, thread
from tickets.composer import Notes
from tickets.forms import PRIORITY_CHOICES
from tickets.models import Ticket
from tickets.queries import neighbours

PAST_TICKETS = 6


def context(request: TeamRequest, ticket: Ticket) -> dict:
    address = carried(request)
    previous, following = neighbours(request.viewer, listing.filter_form(request), ticket) if address else (None, None)
    customer, past = remembered(request.team, f"customer-of:{ticket.cstar_id}", lambda: _customer_and_past(ticket))
    shown, entries = thread.shown_messages(ticket), pending.of_ticket(request, ticket.cstar_id)
    wanted = pending.as_wanted(request, ticket)
    return _properties(request, wanted) | {
        "customer": customer,
        "past": past,
        "thread": shown,
        "earlier_url": thread.earlier_url(shown),
        "seen_message": thread.newest(shown),
        "leaving": pending.messages(request, ticket.cstar_id),
        "refused_changes": pending.refused_changes(request, ticket),
        "outbox_mark": pending.mark(entries),
        "poll_seconds": pending.poll_seconds(entries),
        "composer": drafts.composer(request, ticket),
        "takes_notes": replies.takes_notes(capabilities.offered_here(request)),
        "notes": Notes(wanted.notes, outbox_handlers.fingerprint(wanted.notes)),
        "quick_replies": quick_replies.filled(request, ticket, customer),
        "previous_url": previous and url(previous, address),
        "next_url": following and url(following, address),
        "list_url": f"{page_url('tickets:list')}{address}",
    }


def _properties(request: TeamRequest, ticket: Ticket) -> dict:
    statuses, people = choices.status_choices(request.team), choices.assignee_choices(request.team)
    offers_assigning = capabilities.offered_here(request).get(features.ASSIGNING, True)
    return {
        "ticket": ticket,
        "carried": carried(request),
        # What the ticket has stands among the choices even where the team no longer knows it.
        "statuses": _with(statuses, ticket.status, labels.words(ticket.status)),
        "priorities": _with(PRIORITY_CHOICES, ticket.priority, labels.words(ticket.priority)),
        "assignees": _with(people, ticket.assigned_to or "", ticket.assignee_name or ticket.assigned_to or ""),
        "assigning_locked": "" if offers_assigning else gettext(edits.NO_ASSIGNING),
        "assignee_unknown": str(listing.NOT_KNOWN_YET[1]) if ticket.assigned_to is None else "",
        "tags": choices.tag_choices(request.team),
    }


def _with(choices: list, value: str, words: str) -> list:
    return choices if not value or value in dict(choices) else [*choices, (value, words)]


def _customer_and_past(ticket: Ticket) -> tuple[Customer | None, list[Ticket]]:
    """Who the ticket is from, and what else they wrote last."""
    held = Customer.objects.filter(team=ticket.team_id, cstar_id=ticket.customer)
    customer = held.first() if ticket.customer else None
    if customer is None:
        return None, []
    others = Ticket.objects.filter(team=ticket.team_id, customer=ticket.customer).exclude(pk=ticket.pk)
    return customer, list(
        others.only("cstar_id", "title", "status", "updated_at").order_by("-updated_at")[:PAST_TICKETS]
    )


def carried(request: TeamRequest) -> str:
    """The list's address that a ticket was opened from, carried along so that Back, next and previous keep to it."""
    return listing.carried(request, listing.filter_form(request)) if request.GET else ""


def url(cstar_id: str, carried: str) -> str:
    return page_url("tickets:detail", cstar_id) + carried
