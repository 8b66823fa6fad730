from django.apps import AppConfig


class CustomersConfig(AppConfig):
    name = "customers"

    def ready(self) -> None:
        from core import navigation
        from customers import outbox_handlers, replica, webhook_events
        from customers.navigation import section
        from outbox import queue
        from replica import upsert, webhooks

        for kind, handler in outbox_handlers.HANDLERS.items():
            queue.announce(kind, handler)
        upsert.announce(replica.COPY)
        webhooks.announce("customer", webhook_events.apply, prefix="cus_", page="customers:detail")
        navigation.announce(section, order=30)
