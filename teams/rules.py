"""From a person's groups at the provider to their teams and roles here, at each sign-in."""

from django.dispatch import Signal
from django.utils import timezone

from teams.models import GroupRule, Membership, User
from teams.policy import BY_RIGHTS, Role

# Sent with `user`, `team`, and the role `before` and `after`, "" for none: `activity`, a floor above, keeps the record.
role_changed = Signal()


def apply(user: User, groups: frozenset[str]) -> None:
    """Give and take the roles that rules are about; what an admin gave by hand stays as it is.

    Who loses a team by it is signed out everywhere else.
    """
    due = _due(groups)
    lost = False
    for held in user.memberships.select_related("team"):
        role = due.pop(held.team_id, None)
        if not held.from_rules or role == held.role:
            continue
        if role is None:
            held.delete()
            lost = True
        else:
            Membership.objects.filter(pk=held.pk).update(role=role)
        _tell(user, held.team, held.role, role or "")
    for rule in GroupRule.objects.filter(team__in=due, group__in=groups).select_related("team"):
        if (role := due.pop(rule.team_id, None)) is not None:
            Membership.objects.create(user=user, team=rule.team, role=role, from_rules=True)
            _tell(user, rule.team, "", role)
    if lost:
        user.sessions_since = timezone.now()
        user.save(update_fields=["sessions_since"])


def _due(groups: frozenset[str]) -> dict:
    """The role that rules give in each team (by its id): where several match, the one with the most rights."""
    due: dict = {}
    for team_id, role in GroupRule.objects.filter(group__in=groups).values_list("team_id", "role"):
        due[team_id] = min(due.get(team_id, role), role, key=lambda name: BY_RIGHTS.index(Role(name)))
    return due


def _tell(user: User, team, before: str, after: str) -> None:
    role_changed.send(sender=GroupRule, user=user, team=team, before=before, after=after)
