from django.apps import AppConfig


class MembersConfig(AppConfig):
    name = "members"

    def ready(self) -> None:
        from members import people
        from members.models import Member
        from replica import capabilities, upsert
        from replica.refresh import pages

        capabilities.announce("members", people.MEMBERS)
        upsert.announce(
            upsert.Copy(
                name="members",
                model=Member,
                fetch=lambda client, team: pages(client.members),
                order=10,
                told_as="member",
                optional=True,
            )
        )
