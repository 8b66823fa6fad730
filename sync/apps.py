from django.apps import AppConfig


class SyncConfig(AppConfig):
    name = "sync"

    def ready(self) -> None:
        from core import rail
        from sync.rail import section

        rail.announce(section, order=90)
