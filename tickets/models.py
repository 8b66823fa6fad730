"""The working copy of tickets (docs/cstar-api.md#tickets), their threads, and the team's words for working on them."""

from typing import Any

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext as _

from core import folding
from core.folding import SortKeyField
from customers.models import Customer
from members import people
from members.models import Member
from replica import payload_fields
from replica.models import WorkingCopy
from teams.models import Team, User

# Order for sorting; words that we do not know stand last but are kept and shown.
STATUSES = ("new", "open", "pending", "resolved", "closed")
PRIORITIES = ("urgent", "high", "normal", "low")
DONE = ("resolved", "closed")
# What the kind of a team's own status may be called where a ticket with it is done.
CLOSING_KINDS = {"closed", "resolved", "solved", "done", "completed", "finished"}
_UNKNOWN = 99


class Ticket(WorkingCopy):
    title = models.CharField(max_length=500)
    status = models.CharField(max_length=32)
    status_rank = models.PositiveSmallIntegerField(default=_UNKNOWN)
    priority = models.CharField(max_length=32)
    priority_rank = models.PositiveSmallIntegerField(default=_UNKNOWN)
    customer = models.CharField("customer's cStar id", max_length=64, blank=True)
    # Names are held here too, so that a page of the list is one query and can be sorted by them.
    customer_name = models.CharField(max_length=300, blank=True)
    # "": nobody; null: cStar has not said, since rows of lists may leave it out.
    assigned_to = models.CharField("member's cStar id", max_length=64, blank=True, null=True)
    assignee_name = models.CharField(max_length=200, blank=True)
    tags = models.JSONField(default=list)
    message_count = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField(null=True)
    updated_at = models.DateTimeField()
    resolved_at = models.DateTimeField(null=True)
    done = models.BooleanField(default=False)
    # Searched by the version before alone; the next one drops it.
    search_text = models.TextField(blank=True)
    folded = models.TextField(null=True, editable=False)
    title_key = SortKeyField()
    customer_name_key = SortKeyField()
    assignee_name_key = SortKeyField()
    # What the thread looked like when it was fetched; differs from the ticket when it must be fetched again.
    thread_seen = models.CharField(max_length=64, blank=True)
    thread_fetched_at = models.DateTimeField(null=True)

    # What differs from cStar because it still waits in the outbox (tickets/pending.py).
    waiting: frozenset[str] = frozenset()
    # What a row of a list shows of the person who looks: the list's address, whether they left something unsent there;
    # and whether the row stands on its customer's page.
    carried: str = ""
    has_draft: bool = False
    of_customer: bool = False
    # Looked up by those who need it (tickets/transfer.py).
    customer_email = ""

    ID_PREFIX = "tkt_"
    DETAILS = {"assignedTo": None, "notes": None}
    COLUMNS = (
        "title",
        "status",
        "status_rank",
        "priority",
        "priority_rank",
        "customer",
        "customer_name",
        "assigned_to",
        "assignee_name",
        "tags",
        "message_count",
        "created_at",
        "updated_at",
        "resolved_at",
        "done",
        "search_text",
        "folded",
        "title_key",
        "customer_name_key",
        "assignee_name_key",
    )

    class Meta(WorkingCopy.Meta):
        indexes = [
            *WorkingCopy.Meta.indexes,
            models.Index(fields=["team", "-updated_at", "-id"], name="tickets_by_updated"),
            models.Index(fields=["team", "status", "-updated_at", "-id"], name="tickets_by_status"),
            models.Index(fields=["team", "done", "-updated_at", "-id"], name="tickets_by_done"),
            models.Index(fields=["team", "assigned_to", "done", "-updated_at", "-id"], name="tickets_by_assignee"),
            models.Index(fields=["team", "customer", "-updated_at", "-id"], name="tickets_by_customer"),
            models.Index(fields=["team", "title", "id"], name="tickets_by_title"),
            models.Index(fields=["team", "assignee_name", "-updated_at", "-id"], name="tickets_by_assignee_name"),
            models.Index(fields=["team", "title_key", "id"], name="tickets_by_title_key"),
            models.Index(fields=["team", "customer_name_key", "-updated_at", "-id"], name="tickets_by_customer_key"),
            models.Index(fields=["team", "assignee_name_key", "-updated_at", "-id"], name="tickets_by_assignee_key"),
            # With the assignee, so that the rail is counted without reading a row.
            models.Index(
                fields=["team", "done", "priority_rank", "-updated_at", "-id", "assigned_to"],
                name="tickets_by_priority",
            ),
            models.Index(fields=["team", "done", "resolved_at"], name="tickets_by_resolved"),
            models.Index(fields=["team", "changed"], name="tickets_by_change"),
            # By age; and for every order that has no index of its own all that lists are filtered and sorted by, so
            # that they are sorted without reading the rows, which are large.
            models.Index(
                fields=[
                    *("team", "done", "created_at", "id", "status", "status_rank", "priority", "priority_rank"),
                    *("assigned_to", "assignee_name_key", "message_count", "updated_at"),
                ],
                name="tickets_by_created",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @classmethod
    def columns(cls, team, payloads):
        ids = {payload["customerId"] for payload in payloads if isinstance(payload.get("customerId"), str)}
        customers = dict(Customer.objects.filter(team=team, cstar_id__in=ids).values_list("cstar_id", "name"))
        members = people.by_any_id(team, [payload.get("assignedTo") for payload in payloads])
        done = _closing(team, payloads)
        return [_columns(payload, customers, members, done) for payload in payloads]

    @property
    def notes(self) -> str:
        return payload_fields.whole_text(self.payload, "notes")

    @property
    def metadata(self) -> dict[str, Any]:
        value = self.payload.get("metadata")
        return value if isinstance(value, dict) else {}

    @property
    def facts(self) -> list[tuple[str, Any]]:
        """The metadata for templates, where a key called `items` would stand before the dict's method."""
        return list(self.metadata.items())

    @property
    def status_class(self) -> str:
        return self.status if self.status in STATUSES else "other"

    @property
    def priority_class(self) -> str:
        return self.priority if self.priority in PRIORITIES else "other"

    @property
    def thread_mark(self) -> str:
        """Changes whenever the thread may have: what `thread_seen` is compared with."""
        return f"{self.payload.get('updatedAt', '')}/{self.message_count}"[:64]


class TicketTag(models.Model):
    """A ticket's tags as rows: the list is filtered by one, and all of a team's are a choice."""

    # Null in rows that the version before wrote while this one was being installed.
    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="+", null=True, db_index=False)
    ticket = models.ForeignKey(Ticket, on_delete=models.CASCADE, related_name="tag_rows")
    name = models.CharField(max_length=100)

    class Meta:
        indexes = [
            models.Index(fields=["name", "ticket"]),
            models.Index(fields=["team", "name"], name="ticket_tags_of_team"),
        ]

    def __str__(self) -> str:
        return self.name


class Message(models.Model):
    """One message of a thread that somebody opened, with its HTML made when it was first shown."""

    ticket = models.ForeignKey(Ticket, on_delete=models.CASCADE, related_name="messages")
    cstar_id = models.CharField(max_length=64)
    content = models.TextField(blank=True)
    html = models.TextField(blank=True)
    html_version = models.PositiveSmallIntegerField(default=0)
    # Whether the HTML is that of the beginning alone (tickets/message_html.py).
    folded = models.BooleanField(default=False, db_default=False)
    sender = models.CharField(max_length=32)
    sender_name = models.CharField(max_length=300, blank=True)
    is_internal = models.BooleanField(default=False, null=True, help_text="a note; null: cStar has not said")
    created_at = models.DateTimeField()
    position = models.PositiveIntegerField()

    class Meta:
        ordering = ["position", "id"]
        constraints = [models.UniqueConstraint(fields=["ticket", "cstar_id"], name="message_once_per_ticket")]

    def __str__(self) -> str:
        return self.content[:60]

    @property
    def kind(self) -> str:
        """note, customer, agent, system, unsure (reply or note) or other: how the message is drawn."""
        if self.is_internal is not False:
            return "note" if self.is_internal else "unsure"
        return self.sender if self.sender in {"customer", "agent", "system"} else "other"

    @property
    def author(self) -> str:
        return self.sender_name or {"customer": _("Customer"), "agent": _("Support")}.get(self.sender, "cStar")


class Status(WorkingCopy):
    """A status that the team uses (`GET /settings/statuses`)."""

    key = models.CharField(max_length=32)
    name = models.CharField(max_length=64)
    position = models.PositiveIntegerField(default=0)
    closes = models.BooleanField(default=False, db_default=False, help_text="a ticket with it is done")

    COLUMNS = ("key", "name", "position", "closes")

    class Meta(WorkingCopy.Meta):
        ordering = ["position", "id"]

    @classmethod
    def columns(cls, team, payloads):
        rows = []
        for payload in payloads:
            row = {
                "key": payload_fields.text(payload, "key", 32) or payload["id"],
                "name": payload_fields.text(payload, "name", 64) or payload["id"],
                "position": payload_fields.number(payload, "position"),
                "closes": payload["id"] in DONE or status_kind(payload) in CLOSING_KINDS,
            }
            rows.append(row)
        return rows


class QuickReply(WorkingCopy):
    """A ready answer (`GET /settings/quick-replies`). Placeholders such as {{customer.first_name}} are filled here."""

    title = models.CharField(max_length=200)
    content = models.TextField()

    COLUMNS = ("title", "content")

    @classmethod
    def columns(cls, team, payloads):
        return [
            {
                "title": payload_fields.text(payload, "title", 200) or payload["id"],
                "content": payload_fields.text(payload, "content", 20_000),
            }
            for payload in payloads
        ]


class Draft(models.Model):
    """What a person writes on a ticket and has not sent, reply and note apart (tickets/drafts.py)."""

    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="+")
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    ticket = models.CharField("ticket's cStar id", max_length=64)
    kind = models.CharField(max_length=8)
    text = models.TextField(blank=True)
    # The composer that wrote last, and its own count of what it wrote; nobody's once the text was sent.
    nonce = models.UUIDField(null=True)
    count = models.PositiveIntegerField(default=0)
    version = models.PositiveIntegerField(default=0)
    updated_at = models.DateTimeField(default=timezone.now, db_index=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["team", "user", "ticket", "kind"], name="draft_once_per_person_and_kind")
        ]

    def __str__(self) -> str:
        return f"{self.kind} on {self.ticket}"


def status_kind(payload: payload_fields.Payload) -> str:
    """What a status means at cStar, such as open, pending or closed; "" where cStar does not say."""
    return (payload_fields.text(payload, "kind", 32) or payload_fields.text(payload, "category", 32)).lower()


def _closing(team: Team, payloads: list[payload_fields.Payload]) -> set[str]:
    """The statuses of these tickets that mean that they are done; a team's own are known by their kind."""
    own = {payload_fields.text(payload, "status", 32) for payload in payloads} - {*STATUSES}
    closing = Status.objects.filter(team=team, closes=True, key__in=own) if own else Status.objects.none()
    return {*DONE, *closing.values_list("key", flat=True)}


def _assignee(payload: payload_fields.Payload, members: dict[str, Member]) -> tuple[str | None, str]:
    """Id and name of the member; an account's id is that of its member, and None means that cStar has not said."""
    said = payload.get("assignedTo", 0)
    if said is not None and not isinstance(said, str):
        return None, ""
    member = members.get(said or "")
    return (member.cstar_id, member.name) if member else ((said or "")[:64], "")


def _columns(
    payload: payload_fields.Payload, customers: dict[str, str], members: dict[str, Member], closing: set[str]
) -> dict:
    title = payload_fields.text(payload, "title", 500) or "(no subject)"
    status = payload_fields.text(payload, "status", 32)
    priority = payload_fields.text(payload, "priority", 32)
    customer = payload_fields.text(payload, "customerId", 64)
    assigned_to, assignee_name = _assignee(payload, members)
    customer_name = customers.get(customer) or payload_fields.text(payload, "customerName", 300)
    created = payload_fields.moment(payload, "createdAt")
    updated = payload_fields.moment(payload, "updatedAt") or created or payload_fields.instant(None)
    return {
        **text_columns(title, customer_name, payload["id"]),
        "status": status,
        "status_rank": _rank(STATUSES, status),
        "priority": priority,
        "priority_rank": _rank(PRIORITIES, priority),
        "customer": customer,
        "assigned_to": assigned_to,
        **assignee_columns(assignee_name),
        "tags": folding.each_once(payload_fields.strings(payload, "tags")),
        "message_count": payload_fields.number(payload, "messageCount"),
        "created_at": created,
        "updated_at": updated,
        "resolved_at": payload_fields.moment(payload, "resolvedAt") or (updated if status in closing else None),
        "done": status in closing,
    }


def text_columns(title: str, customer_name: str, cstar_id: str) -> dict[str, str]:
    """A ticket's title and customer, and the columns that they are searched and sorted by."""
    return {
        "title": title,
        "title_key": folding.sort_key(title),
        "customer_name": customer_name,
        "customer_name_key": folding.sort_key(customer_name),
        "search_text": f"{title} {customer_name} {cstar_id}".casefold(),
        "folded": folding.fold(f"{title} {customer_name}"),
    }


def assignee_columns(name: str) -> dict[str, str]:
    """The assignee's name, and the column that it is sorted by."""
    return {"assignee_name": name, "assignee_name_key": folding.sort_key(name)}


def _rank(order: tuple[str, ...], value: str) -> int:
    return order.index(value) if value in order else _UNKNOWN
