from django.apps import AppConfig


class AdministrationConfig(AppConfig):
    name = "administration"

    def ready(self) -> None:
        from administration import navigation, removal
        from core.navigation import Rail, announce
        from replica import worker_hooks

        announce(navigation.team_section, order=20, rail=Rail.SETTINGS)
        announce(navigation.desk_section, order=40, rail=Rail.SETTINGS)
        worker_hooks.register(removal.take_up)
