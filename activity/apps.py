from django.apps import AppConfig


class ActivityConfig(AppConfig):
    name = "activity"

    def ready(self) -> None:
        from activity.navigation import section
        from activity.record import renamed, role_changed
        from core import navigation
        from sso import group_rules
        from teams import accounts

        navigation.announce(section, order=50)
        group_rules.role_changed.connect(role_changed)
        accounts.renamed.connect(renamed)
