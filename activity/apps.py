from django.apps import AppConfig


class ActivityConfig(AppConfig):
    name = "activity"

    def ready(self) -> None:
        from activity.rail import section
        from core import rail

        rail.announce(section, order=50)
