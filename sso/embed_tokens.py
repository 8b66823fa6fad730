"""Tokens with which a portal's server signs its people in to the desk in its frame.

A token is signed, names the person and the portal, is good for a minute and once: whoever uses it leaves a row that
all processes on all machines see. It never stands in a query, so neither a log nor a Referer holds it.
"""

import hmac
from dataclasses import asdict, dataclass
from datetime import timedelta
from uuid import UUID, uuid4

from django.conf import settings
from django.contrib.auth import login
from django.core import signing
from django.db import IntegrityError, transaction
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _

from sso.email_addresses import people_with
from sso.identity import RefusedError
from teams.access import enter_team
from teams.models import Membership, SpentToken, User
from teams.sessions import BACKEND, SESSION_KEY

LIVES = timedelta(seconds=60)
_SALT = "teams.portals"


@dataclass(frozen=True, slots=True, kw_only=True)
class Pass:
    """What a token says. `team` is its id at cStar or empty, `next` an address of the desk or empty."""

    user: int
    portal: str
    team: str = ""
    next: str = ""


def portal_of(secret: str) -> str | None:
    """The origin of the portal whose secret this is. Every secret is compared, each in the same time."""
    found = None
    for origin, known in settings.EMBED_PORTALS.items():
        if hmac.compare_digest(known.encode(), secret.encode()):
            found = origin
    return found


def person(*, email: str = "", username: str = "", team: UUID | None = None) -> User | None:
    """Somebody who works here, in the team of this cStar id if one is named; None where an address is several's."""
    people = User.objects.filter(is_active=True, memberships__isnull=False)
    if team:
        people = people.filter(memberships__team__cstar_team_id=team)
    people = people.distinct()
    found = people_with(people, email) if email else list(people.filter(username=username))
    return found[0] if len(found) == 1 else None


def token(told: Pass) -> str:
    return signing.dumps(asdict(told) | {"id": uuid4().hex}, salt=_SALT)


def sign_in(request: HttpRequest, token: str, portal: str, team: str) -> Pass:
    """Begin a session of the token's person, in the page's `team` (our own id) if they are in it, else in the token's.

    RefusedError where the token is no good, with a sentence for the person.
    """
    told = _spent(token, portal)
    # Looked at again: a minute is long enough to be switched off.
    found = Membership.objects.filter(user=told.user, user__is_active=True).select_related("user", "team")
    mine = list(found.order_by("team__name"))
    if not mine:
        raise RefusedError(_("Your account here is deactivated or not in any team. Ask an admin."))
    login(request, mine[0].user, backend=BACKEND)
    # Who has an origin for a name is no provider's or proxy's.
    request.session[SESSION_KEY] = {"provider": portal, "listed": True}
    chosen = [one for one in mine if str(one.team_id) == team]
    chosen += [one for one in mine if str(one.team.cstar_team_id) == told.team]
    if chosen:
        enter_team(request, chosen[0])
    return told


def _spent(token: str, portal: str) -> Pass:
    """What the token says, which from now on no longer counts."""
    try:
        said = signing.loads(token, salt=_SALT, max_age=LIVES)
    except signing.SignatureExpired:
        raise RefusedError(_("The portal's sign-in has expired. Reload the portal's page.")) from None
    except signing.BadSignature:
        raise RefusedError(_("The portal's sign-in is not valid. Reload the portal's page.")) from None
    key = UUID(said.pop("id"))
    if said["portal"] != portal:
        raise RefusedError(_("This sign-in is for another portal. Open the desk there."))
    now = timezone.now()
    SpentToken.objects.filter(spent_at__lt=now - 2 * LIVES).delete()
    try:
        with transaction.atomic():
            SpentToken.objects.create(id=key, spent_at=now)
    except IntegrityError:
        raise RefusedError(_("This sign-in was already used. Reload the portal's page.")) from None
    return Pass(**said)
