from django.apps import AppConfig


class CustomersConfig(AppConfig):
    name = "customers"

    def ready(self) -> None:
        from core import rail
        from customers import events, working_copy
        from customers.rail import section
        from sync import copies, webhooks

        copies.announce(working_copy.COPY)
        webhooks.announce("customer", events.apply, prefix="cus_", page="customers:detail")
        rail.announce(section, order=30)
