"""Who is who in a team."""

from core.folding import sort_key
from members.models import Member
from teams.models import Team, User


def of_team(team: Team) -> dict[str, Member]:
    """The team's members by their cStar id, in the order of their names."""
    members = sorted(Member.objects.filter(team=team).defer("payload"), key=lambda member: sort_key(member.name))
    return {member.cstar_id: member for member in members}


def assignable(team: Team) -> list[Member]:
    """Those who may be given a ticket: whoever may answer it (a peer's fault is to offer spectators too)."""
    return [member for member in of_team(team).values() if member.role not in {"spectator", "librarian"}]


def me(team: Team, user: User) -> Member | None:
    """The member that the desk's person is, found by e-mail address."""
    if not user.email:
        return None
    return Member.objects.filter(team=team, email=user.email.lower()).first()
