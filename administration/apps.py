from django.apps import AppConfig


class AdministrationConfig(AppConfig):
    name = "administration"

    def ready(self) -> None:
        from administration import removal
        from replica import worker_hooks

        worker_hooks.announce(removal.take_up)
