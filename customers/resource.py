"""Customers, as the desk knows them."""

from django.utils.translation import gettext_lazy as _

from customers import outbox_handlers
from customers.listing import LISTING
from customers.models import Customer, CustomerTag
from customers.navigation import section
from customers.transfer import SENTIMENTS, STATUSES, TRANSFER
from replica import upsert
from replica.refresh import all_rows
from replica.resource import Resource, Words
from replica.webhooks import Event
from teams.models import Team

# A webhook payload that lacks one of these fields is not applied: the copy would count as up to date without it.
NEEDED = {"name", "email", "status", "sentiment", "tags", "notes", "ticketCount", "createdAt", "updatedAt"}


def _write_tags(team: Team, cstar_ids: list[str]) -> None:
    changed = Customer.objects.filter(team=team, cstar_id__in=cstar_ids).only("id", "tags")
    CustomerTag.objects.filter(customer__in=[customer.pk for customer in changed]).delete()
    CustomerTag.objects.bulk_create(
        CustomerTag(customer_id=customer.pk, name=name[:100]) for customer in changed for name in set(customer.tags)
    )


def _apply_event(team: Team, event: Event) -> bool:
    row = event.object("customer", id=Customer.ID_PREFIX)
    if row is None or not row.keys() >= NEEDED:
        return False
    upsert.apply("customers", team, [row])
    return True


CUSTOMERS = Resource(
    name="customers",
    words=Words(_("customer"), _("customers")),
    model=Customer,
    order=20,
    # No more than list rows have: where export rows have less, lists are read.
    read_all=lambda client, team: all_rows(
        client, team, "customers", needs={"email"}, split_by={"status": STATUSES, "sentiment": SENTIMENTS}
    ),
    read_one=outbox_handlers.fetch_customer,
    audit_type="customer",
    apply_event=_apply_event,
    page="customers:detail",
    after_write=_write_tags,
    writes=outbox_handlers.HANDLERS,
    listing=LISTING,
    transfer=TRANSFER,
    activity={
        "created": _("created the customer"),
        "updated": _("changed the customer"),
        "deleted": _("deleted the customer"),
    },
    section=section,
    section_order=30,
)
