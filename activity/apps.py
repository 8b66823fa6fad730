from django.apps import AppConfig


class ActivityConfig(AppConfig):
    name = "activity"

    def ready(self) -> None:
        from activity.rail import section
        from activity.record import renamed, role_changed
        from core import rail
        from teams import accounts, rules

        rail.announce(section, order=50)
        rules.role_changed.connect(role_changed)
        accounts.renamed.connect(renamed)
