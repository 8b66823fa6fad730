"""Whoever vouches for a person, a provider or a proxy: this is where they become one of our accounts and sign in."""

from dataclasses import dataclass
from typing import TypeGuard

from allauth.socialaccount.models import SocialAccount
from django.contrib.auth import login
from django.db import IntegrityError, transaction
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from sso import group_rules
from sso.email_addresses import people_with
from teams.models import User
from teams.sessions import BACKEND, SESSION_KEY, listed_providers

_NAME = 150  # characters, as Django's columns have
_EMAIL = 254
_SWITCHED_OFF = gettext_noop("Your account here is deactivated. Ask an admin to reactivate it.")


class RefusedError(Exception):
    """Somebody vouched for the person, and we do not let them in. The text is a sentence for them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """What a provider says about a person.

    `subject` is theirs for ever and unique at this provider; everything else may change. `email` is empty where the
    provider does not say that it checked it. It is kept only with `trust_email`; then an account that an admin made
    for this address is theirs.
    """

    provider: str
    subject: str
    username: str = ""
    email: str = ""
    first_name: str = ""
    last_name: str = ""
    groups: frozenset[str] = frozenset()
    trust_email: bool = False


def is_storable(value: object) -> TypeGuard[str]:
    """Whether it is a text that a database takes: no zero bytes, no halves of surrogate pairs."""
    return isinstance(value, str) and "\0" not in value and not any("\ud800" <= letter <= "\udfff" for letter in value)


def admit(request: HttpRequest, identity: Identity, **kept: str) -> User:
    """Sign the person in, with an account made on their first visit. RefusedError where they may not.

    `kept` goes into the session for the sign-out, beside the provider's id.
    """
    try:
        user = _admitted(identity)
    except IntegrityError:  # another request of the same person made the account at the same moment
        user = _admitted(identity)
    login(request, user, backend=BACKEND)
    vouched = {"provider": identity.provider, **kept}
    # Not of a provider that no setting names: it could not stop being named.
    request.session[SESSION_KEY] = vouched | {"listed": identity.provider in listed_providers()}
    return user


@transaction.atomic
def _admitted(identity: Identity) -> User:
    user = _account_of(identity)
    if not user.is_active:
        raise RefusedError(_(_SWITCHED_OFF))
    _refresh(user, identity)
    group_rules.apply_rules(user, identity.groups)
    return user


def _account_of(identity: Identity) -> User:
    if not (0 < len(identity.subject) <= 191 and is_storable(identity.subject)):
        raise RefusedError(_("The provider did not say who you are. Ask an admin to check its settings."))
    known = SocialAccount.objects.filter(provider=identity.provider, uid=identity.subject).select_related("user")
    link = known.first()
    if link is None:
        link = SocialAccount(provider=identity.provider, uid=identity.subject)
        link.user = _by_email(identity) or User(username=_free_username(identity))
        # Whoever made the account knows its password and may be signed in with it.
        link.user.set_unusable_password()
        link.user.sessions_since = timezone.now()
        link.user.save()
    # Nothing of what the provider told is kept but the groups, which rules of a team are about.
    link.extra_data = {"groups": sorted(identity.groups)}
    link.save()
    return link.user


def _by_email(identity: Identity) -> User | None:
    """The account that an admin made for this person before they came.

    None unless one account alone has the address and no provider vouches for it: who is known by a provider may change
    their address there. RefusedError where one with the address is switched off.
    """
    if not (identity.trust_email and identity.email):
        return None
    # Locked, so that of two sign-ins at the same moment one alone finds an account that nobody vouches for.
    found = people_with(User.objects.select_for_update(), identity.email)
    if not all(one.is_active for one in found):
        raise RefusedError(_(_SWITCHED_OFF))
    vouched_for = set(SocialAccount.objects.filter(user__in=found).values_list("user", flat=True))
    free = [one for one in found if one.pk not in vouched_for]
    return free[0] if len(free) == 1 else None


def _free_username(identity: Identity) -> str:
    """The name that the person has there, with a number if somebody has it here.

    Never an e-mail address: people are looked for by either, and nobody checked whose address it is.
    """
    told = (identity.username, identity.email, identity.subject)
    names = (User.normalize_username(name).partition("@")[0] for name in told)
    wanted = next(filter(None, names), "person")[: _NAME - 10]
    held = set(User.objects.filter(username__istartswith=wanted).values_list("username", flat=True))
    taken = {name.lower() for name in held}
    numbered = (f"{wanted}-{number}" for number in range(2, len(taken) + 3))
    return wanted if wanted.lower() not in taken else next(name for name in numbered if name.lower() not in taken)


def _refresh(user: User, identity: Identity) -> None:
    """The address is a trusted provider's; a name is the person's own as soon as they have one."""
    if not identity.trust_email:
        others = SocialAccount.objects.filter(user=user).exclude(provider=identity.provider)
        user.email = user.email if others.exists() else ""
    elif len(identity.email) <= _EMAIL:
        user.email = identity.email or user.email
    if not user.get_full_name():
        user.first_name, user.last_name = identity.first_name[:_NAME], identity.last_name[:_NAME]
    user.save(update_fields=["email", "first_name", "last_name"])
