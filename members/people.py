"""Who is who in a team."""

from core.folding import sorted_by
from members.models import Member
from teams.emails import folded
from teams.models import Team, User


def of_team(team: Team) -> dict[str, Member]:
    """The team's members by their cStar id, in the order of their names."""
    members = Member.objects.filter(team=team).defer("payload")
    return {member.cstar_id: member for member in sorted_by("name", members)}


def assignable(team: Team) -> list[Member]:
    """Those who may be given a ticket: whoever may answer it (a peer's fault is to offer spectators too)."""
    return [member for member in of_team(team).values() if member.role not in {"spectator", "librarian"}]


def me(team: Team, user: User) -> Member | None:
    """The member that the desk's person is, found by e-mail address."""
    if not user.email:
        return None
    return Member.objects.filter(team=team, email=folded(user.email)).first()
