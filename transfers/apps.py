from django.apps import AppConfig


class TransfersConfig(AppConfig):
    name = "transfers"

    def ready(self) -> None:
        from core import rail
        from sync import clocks
        from transfers import tasks
        from transfers.rail import section

        clocks.announce(tasks.start_watching, queue=tasks.QUEUE)
        rail.announce(section, order=60)
