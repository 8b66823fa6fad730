from django.apps import AppConfig


class TicketsConfig(AppConfig):
    name = "tickets"

    def ready(self) -> None:
        from replica import registry, retention
        from tickets import drafts
        from tickets.resource import QUICK_REPLIES, STATUSES, TICKETS

        registry.register(STATUSES, QUICK_REPLIES, TICKETS)
        retention.register(drafts.drop_old_drafts)
