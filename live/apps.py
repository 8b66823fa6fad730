from django.apps import AppConfig


class LiveConfig(AppConfig):
    name = "live"

    def ready(self) -> None:
        from core import live
        from live import frame, presence

        live.register(frame.SOURCE)
        live.register(presence.SOURCE)
