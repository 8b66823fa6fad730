"""The two teams that a fresh installation shows (DESIGN: "What stays put")."""

from typing import NamedTuple

from sandbox import times
from sandbox.demo import story
from sandbox.factory import create_team, insert_story


class DemoTeam(NamedTuple):
    id: str
    name: str
    slug: str
    seed: int

    def key(self, kind: str) -> str:
        """The team's `sk` or `pk` test key: its slug, filled up with zeros to 32 characters."""
        return f"{kind}_test_{self.slug:0<32}"


ACME = DemoTeam("11111111-1111-4111-8111-111111111111", "Acme Support", "acme", 42)
GLOBEX = DemoTeam("22222222-2222-4222-8222-222222222222", "Globex Care", "globex", 43)


def seed_demo(tickets: int) -> None:
    """Makes Acme with this many tickets and Globex with a quarter of them. A team that has tickets is left alone."""
    for demo, number in ((ACME, tickets), (GLOBEX, max(tickets // 4, 1))):
        team = create_team(demo.id, demo.name, demo.slug, [demo.key("sk"), demo.key("pk")])
        if not team.tickets.exists():
            insert_story(team, story.build(demo.name, number, times.now(), seed=demo.seed))
