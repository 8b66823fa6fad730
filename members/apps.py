from django.apps import AppConfig


class MembersConfig(AppConfig):
    name = "members"

    def ready(self) -> None:
        from members.resource import MEMBERS
        from replica import registry

        registry.register(MEMBERS)
