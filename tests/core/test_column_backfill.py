"""Columns that a migration fills."""

import pytest

from core import column_backfill
from customers.models import Customer


def test_goes_on_where_it_was_stopped(acme, monkeypatch):
    monkeypatch.setattr(column_backfill, "BATCH", 10)
    Customer.objects.update(columns_at=None)
    number, seen = Customer.objects.count(), []

    def values(customer: Customer) -> dict:
        if len(seen) == 15:
            raise KeyboardInterrupt
        seen.append(customer.pk)
        return {"name_key": "filled", "tags": ["Ü"], "columns_at": 1}

    unfilled = Customer.objects.filter(columns_at=None)
    with pytest.raises(KeyboardInterrupt):
        column_backfill.fill(unfilled, values)
    assert Customer.objects.filter(name_key="filled").count() == 10
    seen.clear()
    column_backfill.fill(unfilled.all(), lambda _: {"name_key": "filled", "tags": ["Ü"], "columns_at": 1})
    assert Customer.objects.filter(name_key="filled", tags=["Ü"]).count() == number
