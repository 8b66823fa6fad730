from django.apps import AppConfig


class TransfersConfig(AppConfig):
    name = "transfers"

    def ready(self) -> None:
        from django.db.models.signals import post_delete

        from core import rail
        from sync import capabilities, clocks, tidying
        from teams import accounts
        from transfers import control, exporting, posting, tasks, uploads
        from transfers.models import Run
        from transfers.rail import section

        clocks.announce(tasks.start_watching, queue=tasks.QUEUE)
        tidying.announce(exporting.drop_old)
        tidying.announce(uploads.drop_old)
        capabilities.announce(posting.WITH_TICKETS, posting.FEATURE)
        rail.announce(section, order=60)
        accounts.rights_lost.connect(control.pause_of_lost)
        # A run goes with its team, too.
        post_delete.connect(uploads.deleted, sender=Run)
