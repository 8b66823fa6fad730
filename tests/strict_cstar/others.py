"""What other people do while a test runs: customers who write, colleagues at cStar itself, another program's import."""

from __future__ import annotations

from threading import RLock
from typing import Any

from tests.strict_cstar.store import Actor, Object, Store
from tests.strict_cstar.values import checked

WIDGET = Actor("widget", "Chat widget")


class Others:
    """Everybody but the holder of the team's key. Ids are cStar's; fields have the API's names."""

    def __init__(self, store: Store, lock: RLock) -> None:
        self._store, self._lock = store, lock

    @property
    def colleague(self) -> Actor:
        """A member of the team who works in cStar's own dashboard."""
        member = next(one for one in self._store.objects["members"].values() if one["role"] == "manager")
        return Actor(member["userId"], member["name"])

    def customer_writes(self, ticket_id: str, content: str) -> Object:
        ticket = self._store.objects["tickets"][ticket_id]
        customer = self._store.objects["customers"].get(ticket["customerId"])
        name = customer["name"] if customer else ticket["customerName"]
        return self._message(ticket_id, WIDGET, content=content, sender="customer", senderName=name)

    def colleague_replies(self, ticket_id: str, content: str) -> Object:
        return self._message(ticket_id, self.colleague, content=content, sender="agent", senderName=self.colleague.name)

    def colleague_notes(self, ticket_id: str, content: str) -> Object:
        fields = {"content": content, "sender": "agent", "senderName": self.colleague.name, "isInternal": True}
        return self._message(ticket_id, self.colleague, **fields)

    def create(self, resource: str, **fields: Any) -> Object:
        with self._lock:
            return self._store.add(resource, checked(self._store, resource, fields), self.colleague)

    def change(self, resource: str, id_: str, **fields: Any) -> Object:
        with self._lock:
            held = self._store.objects[resource][id_]
            return self._store.change(resource, held, checked(self._store, resource, fields), self.colleague)

    def delete(self, resource: str, id_: str) -> None:
        with self._lock:
            self._store.delete(resource, self._store.objects[resource][id_], self.colleague)

    def import_customers(self, number: int, *, label: str = "import") -> list[Object]:
        """As another program's import would: an audit entry for each customer."""
        return [
            self.create("customers", name=f"{label.capitalize()} {at}", email=f"{label}{at}@import.example")
            for at in range(1, number + 1)
        ]

    def _message(self, ticket_id: str, actor: Actor, **fields: Any) -> Object:
        with self._lock:
            return self._store.add_message(self._store.objects["tickets"][ticket_id], fields, actor)
