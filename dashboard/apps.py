from django.apps import AppConfig


class DashboardConfig(AppConfig):
    name = "dashboard"

    def ready(self) -> None:
        from core import live
        from dashboard import frame, presence

        live.announce(frame.SOURCE)
        live.announce(presence.SOURCE)
