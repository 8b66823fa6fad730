"""How the copy of customers is filled, and what depends on it."""

from customers import outbox_handlers
from customers.models import Customer, CustomerTag
from replica.refresh import all_rows
from replica.upsert import Copy

STATUSES = ["active", "inactive"]
SENTIMENTS = ["positive", "neutral", "negative"]


def _fetch(client, team):
    # No more than list rows have: where export rows have less, lists are read.
    split_by = {"status": STATUSES, "sentiment": SENTIMENTS}
    yield from all_rows(client, team, "customers", needs={"email"}, split_by=split_by)


def _write_tags(team, cstar_ids: list[str]) -> None:
    changed = Customer.objects.filter(team=team, cstar_id__in=cstar_ids).only("id", "tags")
    CustomerTag.objects.filter(customer__in=[customer.pk for customer in changed]).delete()
    CustomerTag.objects.bulk_create(
        CustomerTag(customer_id=customer.pk, name=name[:100]) for customer in changed for name in set(customer.tags)
    )


COPY = Copy(
    name="customers",
    model=Customer,
    fetch=_fetch,
    order=20,
    after=_write_tags,
    told_as="customer",
    fetch_one=outbox_handlers.fetch,
)
