"""Who is who in a team."""

from collections.abc import Iterable
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.folding import sorted_by
from cstar import Client
from members.models import Member
from replica import capabilities, upsert
from replica.capabilities import Feature
from sso.email_addresses import folded
from teams.models import Team, User

#: The team's people can be listed.
MEMBERS = Feature(
    lacking=_("cStar does not list the team's members."),
    instead=_("Tickets cannot be assigned in the desk, and IDs are shown instead of names."),
)
#: Tickets name people by their account and not by their membership.
NAMES_ACCOUNTS = "tickets.names_accounts"


def of_team(team: Team) -> dict[str, Member]:
    """The team's members by their cStar id, in the order of their names."""
    members = Member.objects.filter(team=team).defer("payload")
    return {member.cstar_id: member for member in sorted_by("name", members)}


def fetch(team: Team, cstar_id: str, paid: Client) -> None:
    """Read one member (one call), with the account that is theirs."""
    upsert.apply("members", team, [paid.members.get(cstar_id).raw])


def wire_id(team: Team, member: Member) -> str:
    """What a ticket's `assignedTo` is to hold for the member at this cStar."""
    accounts = capabilities.is_offered(team, NAMES_ACCOUNTS)
    return member.user_id if accounts and member.user_id else member.cstar_id


def by_any_id(team: Team, ids: Iterable[Any]) -> dict[str, Member]:
    """The members that these ids name, by the id: a member's own, or that of their account."""
    wanted = {one for one in ids if isinstance(one, str) and one}
    if not wanted:
        return {}
    found = Member.objects.filter(Q(cstar_id__in=wanted) | Q(user_id__in=wanted), team=team).defer("payload")
    members = list(found)
    by_account = {member.user_id: member for member in members if member.user_id}
    return by_account | {member.cstar_id: member for member in members}


def own_id(team: Team, said: Any) -> Any:
    """The id of the member whom cStar names by this id or by that of their account; any other id as it is."""
    member = by_any_id(team, [said]).get(said) if isinstance(said, str) else None
    return member.cstar_id if member else said


def assignable(team: Team) -> list[Member]:
    """Those who may be given a ticket: whoever may answer it (a peer's fault is to offer spectators too)."""
    return [member for member in of_team(team).values() if member.role not in {"spectator", "librarian"}]


def me(team: Team, user: User) -> Member | None:
    """The member that the desk's person is, found by e-mail address."""
    if not user.email:
        return None
    return Member.objects.filter(team=team, email=folded(user.email)).first()
