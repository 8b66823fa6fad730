from django.apps import AppConfig


class MembersConfig(AppConfig):
    name = "members"

    def ready(self) -> None:
        from members import people
        from members.models import Member
        from sync import capabilities, copies
        from sync.refresh import pages

        capabilities.announce("members", people.MEMBERS)
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
