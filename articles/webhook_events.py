"""Brings what webhooks tell of articles into the working copy (core.md B6)."""

from replica import upsert
from replica.webhooks import Event
from teams.models import Team

# Without all of these something that changed could be missing, and the copy would still count as up to date.
NEEDED = {"title", "content", "category", "status", "isPublic", "tags", "createdAt", "updatedAt"}


def apply(team: Team, event: Event) -> bool:
    """Apply the article; False when the payload does not hold enough."""
    row = event.object("article", id="art_")
    if row is None or not row.keys() >= NEEDED:
        return False
    upsert.apply("articles", team, [row])
    return True
