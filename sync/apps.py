from django.apps import AppConfig


class SyncConfig(AppConfig):
    name = "sync"

    def ready(self) -> None:
        from core import rail
        from sync import authors, clocks, tasks
        from sync.rail import section
        from teams import access, accounts

        accounts.rights_lost.connect(authors.hold)
        clocks.announce(tasks.start_clocks)
        rail.announce(section, order=90)
        access.read_along("team__state")
