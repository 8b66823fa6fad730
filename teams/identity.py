"""Whoever vouches for a person, a provider or a proxy: this is where they become one of our accounts and sign in."""

from dataclasses import dataclass

from allauth.socialaccount.models import SocialAccount
from django.contrib.auth import login
from django.db import IntegrityError, transaction
from django.http import HttpRequest
from django.utils.translation import gettext as _

from teams import rules
from teams.models import User

# Signing in through Django's own backend, which then finds the session's account.
BACKEND = "django.contrib.auth.backends.ModelBackend"
SESSION_KEY = "identity"
_NAME = 150  # characters, as Django's columns have


class RefusedError(Exception):
    """Somebody vouched for the person, and we do not let them in. The text is a sentence for them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """What a provider says about a person.

    `subject` is theirs for ever and unique at this provider; everything else may change. `email` is empty where the
    provider says that it did not check it. With `trust_email` an account that has it already is theirs.
    """

    provider: str
    subject: str
    username: str = ""
    email: str = ""
    first_name: str = ""
    last_name: str = ""
    groups: frozenset[str] = frozenset()
    trust_email: bool = False


def admit(request: HttpRequest, identity: Identity, **kept: str) -> User:
    """Sign the person in, with an account made on their first visit. RefusedError where they may not.

    `kept` goes into the session for the sign-out, beside the provider's id.
    """
    try:
        user = _admitted(identity)
    except IntegrityError:  # another request of the same person made the account at the same moment
        user = _admitted(identity)
    login(request, user, backend=BACKEND)
    request.session[SESSION_KEY] = {"provider": identity.provider, **kept}
    return user


@transaction.atomic
def _admitted(identity: Identity) -> User:
    user = _account_of(identity)
    if not user.is_active:
        raise RefusedError(_("Your account is switched off here. Ask an admin to switch it on."))
    _refresh(user, identity)
    rules.apply(user, identity.groups)
    return user


def _account_of(identity: Identity) -> User:
    if not 0 < len(identity.subject) <= 191:
        raise RefusedError(_("The provider does not say who you are. Ask an admin to look at its settings."))
    known = SocialAccount.objects.filter(provider=identity.provider, uid=identity.subject).select_related("user")
    link = known.first()
    if link is None:
        link = SocialAccount(provider=identity.provider, uid=identity.subject)
        link.user = _by_email(identity) or User(username=_free_username(identity))
        if link.user.pk is None:
            link.user.set_unusable_password()
            link.user.save()
    # Nothing of what the provider told is kept but the groups, which rules of a team are about.
    link.extra_data = {"groups": sorted(identity.groups)}
    link.save()
    return link.user


def _by_email(identity: Identity) -> User | None:
    """The account that an admin made for this person before they came: one alone has the address, and no link yet."""
    if not (identity.trust_email and identity.email):
        return None
    found = User.objects.filter(email__iexact=identity.email).exclude(socialaccount__provider=identity.provider)[:2]
    return found[0] if len(found) == 1 else None


def _free_username(identity: Identity) -> str:
    """The name that the person has there, with a number if somebody has it here."""
    wanted = (identity.username or identity.email.partition("@")[0] or identity.subject)[: _NAME - 10]
    held = set(User.objects.filter(username__istartswith=wanted).values_list("username", flat=True))
    taken = {name.lower() for name in held}
    numbered = (f"{wanted}-{number}" for number in range(2, len(taken) + 3))
    return wanted if wanted.lower() not in taken else next(name for name in numbered if name.lower() not in taken)


def _refresh(user: User, identity: Identity) -> None:
    """The address is the provider's; a name is the person's own as soon as they have one."""
    user.email = identity.email[:254] or user.email
    if not user.get_full_name():
        user.first_name, user.last_name = identity.first_name[:_NAME], identity.last_name[:_NAME]
    user.save(update_fields=["email", "first_name", "last_name"])
