from django.apps import AppConfig


class TicketsConfig(AppConfig):
    name = "tickets"

    def ready(self) -> None:
        from core import rail
        from sync import capabilities, copies, outbox, refresh, tidying, webhooks
        from tickets import drafts, events, features, sending, ticket_counts, working_copy
        from tickets.rail import section

        for name, feature in features.FEATURES.items():
            capabilities.announce(name, feature)
        for copy in working_copy.COPIES:
            copies.announce(copy)
        for kind, handler in sending.HANDLERS.items():
            outbox.announce(kind, handler)
        copies.on_change("customers", working_copy.follow_customers)
        copies.on_change("members", working_copy.follow_members)
        copies.on_change("statuses", working_copy.follow_statuses)
        copies.on_change("customers", ticket_counts.follow_customers)
        copies.on_change("tickets", ticket_counts.follow_tickets)
        copies.before_forgetting("tickets", ticket_counts.leave)
        refresh.after_sweep(ticket_counts.settle)
        tidying.announce(drafts.drop_old)
        webhooks.announce("ticket", events.apply, prefix="tkt_", page="tickets:detail")
        rail.announce(section, order=10)
