from django.apps import AppConfig


class ActivityConfig(AppConfig):
    name = "activity"

    def ready(self) -> None:
        from activity.navigation import settings_section
        from activity.record import renamed, role_changed
        from core import navigation
        from sso import group_rules
        from teams import accounts

        navigation.announce(settings_section, order=31, rail=navigation.Rail.SETTINGS)
        group_rules.role_changed.connect(role_changed)
        accounts.renamed.connect(renamed)
