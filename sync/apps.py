from django.apps import AppConfig


class SyncConfig(AppConfig):
    name = "sync"

    def ready(self) -> None:
        from core import rail
        from sync import capabilities, clocks, features, tasks
        from sync.rail import section
        from teams import access

        for name, feature in features.FEATURES.items():
            capabilities.announce(name, feature)
        clocks.announce(tasks.start_clocks)
        rail.announce(section, order=90)
        access.read_along("team__state")
