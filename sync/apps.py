from django.apps import AppConfig


class SyncConfig(AppConfig):
    name = "sync"

    def ready(self) -> None:
        from core import rail
        from sync import authors, capabilities, clocks, features, tasks
        from sync.rail import section
        from teams import access, accounts

        accounts.rights_lost.connect(authors.hold)
        for name, feature in features.FEATURES.items():
            capabilities.announce(name, feature)
        clocks.announce(tasks.start_clocks)
        rail.announce(section, order=90)
        access.read_along("team__state")
