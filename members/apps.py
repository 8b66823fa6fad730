from django.apps import AppConfig


class MembersConfig(AppConfig):
    name = "members"

    def ready(self) -> None:
        from members.models import Member
        from sync import copies
        from sync.refresh import pages

        copies.announce(
            copies.Copy(
                name="members",
                model=Member,
                fetch=lambda client, team: pages(client.members),
                order=10,
                told_as="member",
                optional=True,
            )
        )
