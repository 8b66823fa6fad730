"""What becomes of an account: switched off and on, made an admin of the desk, out of a team.

Apps above connect to the signals: what somebody left behind is stopped by whoever keeps it.
"""

from django.conf import settings
from django.db import transaction
from django.dispatch import Signal
from django.utils import timezone

from teams.models import Membership, Team, User
from teams.policy import May, allows

# Sent with `user` when they may do less than before, in whichever team.
rights_lost = Signal()
# Sent with `user`, and their name `before` and `after`.
renamed = Signal()


def may(user: User | None, team: Team, what: May) -> bool:
    """Whether the account is switched on and its role in the team allows it."""
    if user is None or not user.is_active:
        return False
    role = Membership.objects.filter(user=user, team=team).values_list("role", flat=True).first()
    return role is not None and allows(role, what)


def has_password(user: User) -> bool:
    """Whether the person can sign in with a password of this desk."""
    return settings.LOCAL_PASSWORDS and user.has_usable_password()


@transaction.atomic
def deactivate(user: User) -> None:
    """Nobody signs in to the account any more, its sessions are over, and what it had on its way is held."""
    _update(user, is_active=False, sessions_since=timezone.now())
    rights_lost.send(sender=User, user=user)


def activate(user: User) -> None:
    """The person may sign in again; sessions from before stay over."""
    _update(user, is_active=True)


def make_desk_admin(user: User) -> None:
    _update(user, is_superuser=True)


def revoke_desk_admin(user: User) -> None:
    _update(user, is_superuser=False)


@transaction.atomic
def leave(membership: Membership) -> bool:
    """Take the person out of the team, and out of the desk if it was their last one.

    Sessions go on in their other teams. Answers whether they are no longer an admin of the desk.
    """
    user = membership.user
    membership.delete()
    was_admin = user.is_superuser
    if not user.memberships.exists():
        _update(user, is_superuser=False, sessions_since=timezone.now())
    rights_lost.send(sender=User, user=user)
    return was_admin and not user.is_superuser


def _update(user: User, **fields: object) -> None:
    for name, value in fields.items():
        setattr(user, name, value)
    user.save(update_fields=list(fields))
