from django.apps import AppConfig


class TicketsConfig(AppConfig):
    name = "tickets"

    def ready(self) -> None:
        from core import navigation
        from outbox import queue
        from replica import capabilities, refresh, retention, upsert, webhooks
        from tickets import drafts, features, outbox_handlers, replica, ticket_counts, webhook_events
        from tickets.navigation import section

        for name, feature in features.FEATURES.items():
            capabilities.announce(name, feature)
        for copy in replica.COPIES:
            upsert.announce(copy)
        for kind, handler in outbox_handlers.HANDLERS.items():
            queue.announce(kind, handler)
        upsert.on_change("customers", replica.follow_customers)
        upsert.on_change("members", replica.follow_members)
        upsert.on_change("statuses", replica.follow_statuses)
        upsert.on_change("customers", ticket_counts.follow_customers)
        upsert.on_change("tickets", ticket_counts.follow_tickets)
        upsert.before_forgetting("tickets", ticket_counts.leave)
        refresh.after_sweep(ticket_counts.settle)
        retention.announce(drafts.drop_old)
        webhooks.announce("ticket", webhook_events.apply, prefix="tkt_", page="tickets:detail")
        navigation.announce(section, order=10)
