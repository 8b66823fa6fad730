from django.apps import AppConfig


class DashboardConfig(AppConfig):
    name = "dashboard"

    def ready(self) -> None:
        from core import navigation
        from dashboard.navigation import section

        navigation.announce(section, order=0)
