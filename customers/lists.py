"""What the customer list shows around its rows: columns, and filters that are set."""

from core.columns import Column, Pill, columns, pills
from customers.forms import CustomerFilterForm

COLUMNS = (
    ("name", "Name"),
    ("email", "E-mail"),
    ("status", "Status"),
    ("tickets", "Tickets"),
    ("updated", "Updated"),
)


def customer_columns(form: CustomerFilterForm) -> list[Column]:
    return columns(form, COLUMNS, downward={"tickets", "updated"})


def customer_pills(form: CustomerFilterForm) -> list[Pill]:
    return pills(form, lambda name, value: value.capitalize() if name in {"status", "sentiment"} else value)
