from django.apps import AppConfig


class TeamsConfig(AppConfig):
    name = "teams"

    def ready(self) -> None:
        from core import navigation
        from teams import checks, sessions  # noqa: F401 - register themselves
        from teams.navigation import settings_section

        navigation.announce(settings_section, order=10, rail=navigation.Rail.SETTINGS)
