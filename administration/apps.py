from django.apps import AppConfig


class AdministrationConfig(AppConfig):
    name = "administration"

    def ready(self) -> None:
        from administration import removal
        from sync import clocks

        clocks.announce(removal.take_up)
