"""What the customer list shows around its rows: columns, and filters that are set."""

from django.utils.translation import gettext_lazy as _

from core import labels
from core.list_headers import Column, Pill, columns, pills
from customers.forms import CustomerFilterForm

COLUMNS = (
    ("name", _("Name")),
    ("email", _("Email")),
    ("status", _("Status")),
    ("tickets", _("Tickets")),
    ("updated", _("Updated")),
)


def customer_columns(form: CustomerFilterForm) -> list[Column]:
    return columns(form, COLUMNS, downward={"tickets", "updated"})


def customer_pills(form: CustomerFilterForm) -> list[Pill]:
    return pills(form, lambda name, value: labels.words(value) if name in {"status", "sentiment"} else value)
