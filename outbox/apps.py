from django.apps import AppConfig


class OutboxConfig(AppConfig):
    name = "outbox"

    def ready(self) -> None:
        from core import navigation
        from outbox import authorization, queue
        from outbox.navigation import settings_section, stuck_section
        from replica import retention
        from teams import accounts

        accounts.rights_lost.connect(authorization.hold)
        navigation.announce(stuck_section, order=90)
        navigation.announce(settings_section, order=32, rail=navigation.Rail.SETTINGS)
        retention.register(queue.prune)
