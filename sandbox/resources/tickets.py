"""`/tickets`: support conversations (docs/cstar-api.md#tickets)."""

from copy import copy
from typing import Any

import msgspec
from django.db.models import Exists, OuterRef, Q, QuerySet

from sandbox import bodies, changes, errors, fields, times
from sandbox.api import Call, Reply
from sandbox.events import Data
from sandbox.fields import UNSET, Name, Notes, Priority, Reference, Status, Tags, Title, UnsetType
from sandbox.ids import canonical, new_id
from sandbox.lists import page_of
from sandbox.models import Customer, Member, Message, Team, Ticket
from sandbox.params import Params

PRIORITIES = ("low", "normal", "high", "urgent")
MAX_EXTERNAL_ID = 255


class TicketCreate(msgspec.Struct, rename="camel"):
    title: Title = ""
    priority: Priority = "normal"
    customer_id: Reference | None = None
    customer_name: Name | None = None
    assigned_to: Reference | None = None
    tags: Tags = []
    notes: Notes | None = None
    metadata: fields.Metadata = {}


class TicketPatch(msgspec.Struct, rename="camel"):
    title: Title | UnsetType = UNSET
    status: Status | UnsetType = UNSET
    priority: Priority | UnsetType = UNSET
    assigned_to: Reference | UnsetType | None = UNSET
    tags: Tags | UnsetType = UNSET
    notes: Notes | UnsetType | None = UNSET
    metadata: fields.Metadata | UnsetType = UNSET


def ticket_list(call: Call) -> Reply:
    """Newest updated first. Rows: id, title, status, priority, customerId, tags, messageCount, createdAt."""
    return page_of(call, filtered(call.team, call.params), _row)


def ticket_detail(call: Call, ticket_id: str) -> Reply:
    """One ticket with its whole thread."""
    ticket = find(call.team, ticket_id)
    # Fields that the documents' example leaves out: there only when they have something to say.
    extra = {
        "resolvedAt": times.wire(ticket.resolved_at),
        "customerName": None if ticket.customer_id else ticket.customer_name,
        "metadata": ticket.metadata,
    }
    return Reply(
        {
            **_row(ticket),
            "assignedTo": ticket.assigned_to_id,
            "notes": ticket.notes,
            "messages": _thread(ticket),
            "updatedAt": times.wire(ticket.updated_at),
            **{key: value for key, value in extra.items() if value},
        }
    )


def ticket_create(call: Call) -> Reply:
    """201 with id, title, status, priority, tags, createdAt."""
    ticket = new(call, bodies.shaped(call.body, TicketCreate))
    ticket.save(force_insert=True)
    row = _row(ticket)
    return Reply({key: row[key] for key in ("id", "title", "status", "priority", "tags", "createdAt")}, 201)


def ticket_update(call: Call, ticket_id: str) -> Reply:
    """Changes only the fields given. Answers id, title, status, priority, updatedAt."""
    ticket = find(call.team, ticket_id)
    edit(call, ticket, bodies.shaped(call.body, TicketPatch))
    row = _row(ticket)
    data = {key: row[key] for key in ("id", "title", "status", "priority")}
    return Reply({**data, "updatedAt": times.wire(ticket.updated_at)})


def ticket_delete(call: Call, ticket_id: str) -> Reply:
    """Deletes the ticket and all its messages."""
    remove(call, find(call.team, ticket_id))
    return Reply({"deleted": True})


def find(team: Team, ticket_id: str) -> Ticket:
    """The team's ticket by prefixed id or bare UUID; 404 otherwise, also for another team's."""
    ticket = Ticket.objects.filter(team=team, id=canonical("tkt_", ticket_id)).first()
    if ticket is None:
        raise errors.not_found("Ticket")
    return ticket


def filtered(team: Team, params: Params) -> QuerySet[Ticket]:
    """Tickets by status, priority, customerId, assignedTo and search, newest updated first."""
    exact = {
        "status": params.text("status"),
        "priority": params.one_of("priority", PRIORITIES),
        "customer_id": params.reference("customerId", "cus_"),
        "assigned_to_id": params.text("assignedTo"),
    }
    rows = Ticket.objects.filter(team=team, **{name: value for name, value in exact.items() if value})
    if text := params.text("search"):
        said = Message.objects.filter(ticket=OuterRef("pk"), content__icontains=text)
        rows = rows.filter(Q(title__icontains=text) | Exists(said))
    return rows.order_by("-updated_at", "-id")


def new(call: Call, body: TicketCreate) -> Ticket:
    """A ticket from a create body, not saved yet; its audit entry and tags are noted."""
    title = body.title.strip()
    if not title:
        raise errors.missing("title is required", "title")
    moment = times.now()
    ticket = Ticket(
        id=new_id("tkt_"),
        team=call.team,
        title=title,
        priority=body.priority,
        customer_id=_customer_id(call, body.customer_id),
        customer_name=None if body.customer_id else body.customer_name,
        assigned_to_id=_member_id(call, body.assigned_to),
        tags=fields.clean_tags(body.tags),
        notes=body.notes,
        created_at=moment,
        updated_at=moment,
    )
    set_metadata(ticket, fields.merged_metadata({}, body.metadata))
    changes.retag(call, (), ticket.tags)
    fires: dict[str, Data] = {"ticket.created": lambda: event_data(call, ticket)}
    if ticket.assigned_to_id:
        fires["ticket.assigned"] = _told_with(call, ticket, {"assignedTo": {"from": None, "to": ticket.assigned_to_id}})
    changes.record(call, "ticket.created", ticket.id, fires)
    return ticket


def edit(call: Call, ticket: Ticket, patch: TicketPatch) -> None:
    """Applies a patch. Nothing is written, and `updatedAt` stays, when it says what is so already."""
    values = fields.given(patch)
    if "title" in values:
        values["title"] = fields.required_text(values["title"], "title")
    if "tags" in values:
        values["tags"] = fields.clean_tags(values["tags"])
    if "assigned_to" in values:
        values["assigned_to_id"] = _member_id(call, values.pop("assigned_to"))
    if "metadata" in values:
        values["metadata"] = fields.merged_metadata(ticket.metadata, values["metadata"])
    if "status" in values:
        check_status(call.team, values["status"])
    _apply(call, ticket, values)


def set_status(call: Call, ticket: Ticket, status: str) -> None:
    _apply(call, ticket, {"status": status})


def start_in(team: Team, ticket: Ticket, status: str) -> None:
    """Gives a new ticket another first status, as an import may."""
    ticket.status = status
    _keep_resolution_time(team, ticket)


def unlink_customer(call: Call, ticket: Ticket) -> None:
    _apply(call, ticket, {"customer_id": None})


def remove(call: Call, ticket: Ticket) -> None:
    changes.retag(call, ticket.tags, ())
    was = copy(ticket)  # deleting takes the id away
    changes.record(
        call, "ticket.deleted", ticket.id, {"ticket.deleted": lambda: event_data(call, was)}, title=ticket.title
    )
    ticket.delete()


def check_status(team: Team, status: str) -> None:
    if team.status_kind(status) is None:
        known = ", ".join(row["id"] for row in team.statuses)
        raise errors.invalid(f"status must be one of {known}", "status")


def set_metadata(ticket: Ticket, metadata: dict[str, Any]) -> None:
    """Metadata with the column that imports look tickets up by."""
    external = metadata.get("externalId")
    text = str(external) if isinstance(external, str | int) and external != "" else None
    ticket.metadata, ticket.external_id = metadata, text if text and len(text) <= MAX_EXTERNAL_ID else None


def exported(ticket: Ticket) -> dict[str, Any]:
    """Every field of the object but the thread."""
    return {
        **_row(ticket),
        "customerName": ticket.customer_name,
        "assignedTo": ticket.assigned_to_id,
        "notes": ticket.notes,
        "metadata": ticket.metadata,
        "updatedAt": times.wire(ticket.updated_at),
        "resolvedAt": times.wire(ticket.resolved_at),
    }


def event_data(call: Call, ticket: Ticket) -> dict[str, Any]:
    """What every event of a ticket tells: all of it but the thread, and its customer in brief."""
    customer, source = ticket.customer, ticket.metadata.get("source")
    row = {
        **exported(ticket),
        "customerName": customer.name if customer else ticket.customer_name,
        "channel": source if isinstance(source, str) else "api",
        "dashboardUrl": f"https://www.cstar.help/team/{call.team.slug}/tickets?selected={ticket.id}",
    }
    brief = {"id": customer.id, "name": customer.name, "email": customer.email} if customer else None
    return {"ticket": row, "customer": brief}


def _apply(call: Call, ticket: Ticket, values: dict[str, Any]) -> None:
    tags_before, kind_before = ticket.tags, call.team.status_kind(ticket.status)
    changed = changes.assign(ticket, values)
    if not changed:
        return
    set_metadata(ticket, ticket.metadata)
    if "status" in changed:
        _keep_resolution_time(call.team, ticket)
    ticket.updated_at = times.after(ticket.updated_at)
    # A ticket that an import has yet to insert is written with all the others.
    if not ticket._state.adding:
        ticket.save(force_update=True)
    changes.retag(call, tags_before, ticket.tags)
    changes.record(call, "ticket.updated", ticket.id, _fired(call, ticket, changed, kind_before), changes=changed)


def _fired(call: Call, ticket: Ticket, changed: dict[str, Any], kind_before: str | None) -> dict[str, Data]:
    """ticket.updated, and with it ticket.assigned and ticket.closed where that is what happened."""
    fires = {"ticket.updated": _told_with(call, ticket, changed)}
    if "assignedTo" in changed:
        fires["ticket.assigned"] = _told_with(call, ticket, {"assignedTo": changed["assignedTo"]})
    if kind_before != "closed" and call.team.status_kind(ticket.status) == "closed":
        fires["ticket.closed"] = lambda: {**event_data(call, ticket), "resolution": _resolution(call, ticket)}
    return fires


def _told_with(call: Call, ticket: Ticket, changed: dict[str, Any]) -> Data:
    return lambda: {**event_data(call, ticket), "changes": changed}


def _resolution(call: Call, ticket: Ticket) -> dict[str, Any]:
    """When, by whom, and after how many milliseconds."""
    closed_at = ticket.resolved_at or ticket.updated_at
    taken = (closed_at - ticket.created_at) // times.MILLISECOND
    return {"closedAt": times.wire(closed_at), "closedBy": call.actor.name, "resolutionTime": taken}


def _keep_resolution_time(team: Team, ticket: Ticket) -> None:
    """Set when the ticket is first resolved or closed, cleared when it is opened again."""
    closed = team.status_kind(ticket.status) == "closed"
    ticket.resolved_at = (ticket.resolved_at or times.now()) if closed else None


def _customer_id(call: Call, reference: str | None) -> str | None:
    if reference is None:
        return None
    found = Customer.objects.filter(team=call.team, id=canonical("cus_", reference)).first()
    if found is None:
        raise errors.invalid("customerId names no customer of this team", "customerId")
    return found.id


def _member_id(call: Call, reference: str | None) -> str | None:
    if reference is None:
        return None
    if not Member.objects.filter(team=call.team, id=reference).exists():
        raise errors.invalid("assignedTo names no member of this team", "assignedTo")
    return reference


def _row(ticket: Ticket) -> dict[str, Any]:
    return {
        "id": ticket.id,
        "title": ticket.title,
        "status": ticket.status,
        "priority": ticket.priority,
        "customerId": ticket.customer_id,
        "tags": ticket.tags,
        "messageCount": ticket.message_count,
        "createdAt": times.wire(ticket.created_at),
    }


def _thread(ticket: Ticket) -> list[dict[str, Any]]:
    """The messages as they stand within their ticket: the documents print no `isInternal`, so only notes have it."""
    rows = []
    for message in ticket.messages.order_by("created_at", "id"):
        row = {
            "id": message.public_id,
            "content": message.content,
            "sender": message.sender,
            "senderName": message.sender_name,
            "createdAt": times.wire(message.created_at),
        }
        rows.append({**row, "isInternal": True} if message.is_internal else row)
    return rows
