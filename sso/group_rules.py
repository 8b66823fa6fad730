"""From a person's groups at the provider to their teams and roles here, at each sign-in."""

from django.dispatch import Signal
from django.utils import timezone

from teams import accounts
from teams.models import GroupRule, Membership, Team, User
from teams.policy import BY_RIGHTS, Role

# Sent with `user`, `team`, and the role `before` and `after`, "" for none: `activity`, a floor above, keeps the record.
# Without a team it is about the desk itself.
role_changed = Signal()
DESK_ADMIN = "desk admin"


def apply_rules(user: User, groups: frozenset[str]) -> None:
    """Give and take the roles that group rules define; roles that an admin gave by hand stay.

    Who loses a team by it is signed out everywhere else: it is their own sign-in that says so.
    """
    due = roles_of(groups)
    over = []
    for held in user.memberships.select_related("team"):
        role = due.pop(held.team_id, None)
        if not held.from_rules or role == held.role:
            continue
        if role is None:
            over.append(held)
            continue
        Membership.objects.filter(pk=held.pk).update(role=role)
        accounts.rights_lost.send(sender=User, user=user)
        _tell(user, held.team, held.role, role)
    for rule in GroupRule.objects.filter(team__in=due, group__in=groups).select_related("team"):
        if (role := due.pop(rule.team_id, None)) is not None:
            Membership.objects.create(user=user, team=rule.team, role=role, from_rules=True)
            _tell(user, rule.team, "", role)
    # Last, so that somebody who changes teams is never without one.
    for held in over:
        if accounts.leave(held):
            _tell(user, None, DESK_ADMIN, "")
        _tell(user, held.team, held.role, "")
    if over:
        user.sessions_since = timezone.now()
        user.save(update_fields=["sessions_since"])


def roles_of(groups: frozenset[str]) -> dict:
    """The role that rules give in each team (by its id): where several match, the one with the most rights."""
    due: dict = {}
    for team_id, role in GroupRule.objects.filter(group__in=groups).values_list("team_id", "role"):
        due[team_id] = min(due.get(team_id, role), role, key=lambda name: BY_RIGHTS.index(Role(name)))
    return due


def _tell(user: User, team: Team | None, before: str, after: str) -> None:
    role_changed.send(sender=GroupRule, user=user, team=team, before=before, after=after)
