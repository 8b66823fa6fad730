"""What people do to customers: one function an action, each through the outbox (see tickets/actions.py)."""

from __future__ import annotations

from typing import Any

from activity.record import record
from budget.client import client
from budget.models import Lane
from customers import outbox_handlers
from customers.models import Customer
from outbox import queue
from outbox.models import Outgoing
from replica import upsert
from teams.access import TeamRequest


def create(request: TeamRequest, fields: dict[str, Any], *, key: str) -> Outgoing:
    """Make a customer. `Conflict` when the e-mail address is taken."""
    return queue.do(request, outbox_handlers.CREATE, fields, line=f"customer:new:{key}", key=key)


def update(
    request: TeamRequest, customer: Customer, changes: dict[str, Any], *, shown: dict[str, Any]
) -> Outgoing | None:
    """Change fields; what already has the value is not sent. `Conflict` when the e-mail address is taken.

    `shown` is what tags and notes were on the page: others' tags stay, and notes that somebody else changed since are
    not overwritten (`NotesConflictError`).
    """
    read_again = {"tags", "notes"} & changes.keys()
    if not read_again and all(value == getattr(customer, name) for name, value in changes.items()):
        return None
    payload = {"changes": changes, "shown": shown}
    where = {"line": outbox_handlers.line(customer.cstar_id), "target_id": customer.cstar_id}
    return queue.do(request, outbox_handlers.EDIT, payload, **where)


def delete(request: TeamRequest, customer: Customer) -> None:
    """Delete the customer; their tickets stay, without a customer."""
    answer = client(request.team, Lane.WRITE, "delete").customers.delete(customer.cstar_id)
    target = ("customer", customer.cstar_id, customer.name)
    record(request, "customer.deleted", target, request_id=answer.request_id)
    upsert.forget("customers", request.team, [customer.cstar_id])
