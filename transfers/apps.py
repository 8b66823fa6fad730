from django.apps import AppConfig


class TransfersConfig(AppConfig):
    name = "transfers"

    def ready(self) -> None:
        from django.db.models.signals import post_delete

        from core import navigation
        from replica import retention, worker_hooks
        from teams import accounts
        from transfers import control, exporter, tasks, uploads
        from transfers.models import Run
        from transfers.navigation import settings_section

        worker_hooks.register(tasks.start_watching, queue=tasks.QUEUE)
        retention.register(exporter.drop_old)
        retention.register(uploads.drop_old)
        navigation.announce(settings_section, order=30, rail=navigation.Rail.SETTINGS)
        accounts.rights_lost.connect(control.pause_of_lost)
        # A run goes with its team, too.
        post_delete.connect(uploads.deleted, sender=Run)
