from django.apps import AppConfig


class CustomersConfig(AppConfig):
    name = "customers"

    def ready(self) -> None:
        from core import rail
        from customers import events, sending, working_copy
        from customers.rail import section
        from sync import copies, outbox, webhooks

        for kind, handler in sending.HANDLERS.items():
            outbox.announce(kind, handler)
        copies.announce(working_copy.COPY)
        webhooks.announce("customer", events.apply, prefix="cus_", page="customers:detail")
        rail.announce(section, order=30)
