from django.apps import AppConfig


class CustomersConfig(AppConfig):
    name = "customers"

    def ready(self) -> None:
        from core import rail
        from customers import sending, working_copy
        from customers.rail import section
        from sync import copies, outbox

        for kind, handler in sending.HANDLERS.items():
            outbox.announce(kind, handler)
        copies.announce(working_copy.COPY)
        rail.announce(section, order=30)
