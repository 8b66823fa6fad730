"""`/hooks/cstar/<team>/`: where cStar delivers what happened (docs/cstar-api.md#webhook-events).

Anybody may knock here, so everything is refused that is not known to be cStar's, as early and as cheaply as can be, and
what is kept of refusals is bounded. There is neither session nor person, hence no token against forged forms either.
"""

import logging
import time
from threading import Lock
from uuid import UUID

from django.db.models import F
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext_noop
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from core.proxies import client_address
from core.throttling import Limit, too_many
from replica import webhooks
from replica.models import WebhookEndpoint, WebhookRefusal
from replica.webhook_signatures import SignatureError, check_age, verify
from teams.models import Team

log = logging.getLogger(__name__)

MOST_BYTES = 1_000_000
# Deliveries of a burst take turns within a process: SQLite lets those who wait for it sleep longer than the work takes,
# and does not remember who came first.
_turn = Lock()
# What is signed is taken, however much comes at once and whatever else comes from its address: whoever has a webhook at
# cStar could have rubbish delivered to us from the very address that the good deliveries come from.
REFUSALS = Limit("hook", most=60, seconds=60)
# Rows a team; the same reason from the same address is one.
MOST_REFUSALS = 100
_TOO_MANY = "Too many deliveries that are not cStar's came from here. Wait a moment."


@csrf_exempt
@require_POST
def hook(request: HttpRequest, team_id: UUID) -> HttpResponse:
    """Take a delivery: 200 once it is applied, or was before; 500 asks cStar to send it again.

    401: not signed as it should be; 400: signed, and no event of this team's; 411, 413: too large to be looked at.
    404: no such team, or none that has a webhook, which is nobody's business to tell apart. 429: too many of all these
    from one address.
    """
    # The team's key is of no use here and stays encrypted.
    found = WebhookEndpoint.objects.select_related("team").defer("team__key")
    endpoint = found.filter(team_id=team_id).first()
    if endpoint is None:
        if wait := REFUSALS.count(request):
            return too_many(_TOO_MANY, wait)
        log.warning("A webhook delivery for team %s was refused: no webhook is registered.", team_id)
        return _answer(404, "There is no webhook here.")
    if problem := _wrong_size(request.META.get("CONTENT_LENGTH") or ""):
        return _refuse(request, endpoint, *problem)
    try:
        event = _verified_event(request, endpoint)
    except (SignatureError, ValueError) as error:
        return _refuse(request, endpoint, 401 if isinstance(error, SignatureError) else 400, str(error))
    try:
        with _turn:
            webhooks.receive(endpoint, event)
    except Exception:  # whatever it is, cStar has to send the event again
        log.exception("The event %s for team %s could not be applied", event.id, endpoint.team_id)
        return _answer(500, "That did not work. Send it again.")
    return _answer(200, "Thank you.")


def _verified_event(request: HttpRequest, endpoint: WebhookEndpoint) -> webhooks.Event:
    """The delivery's event. `SignatureError` if cStar did not sign it just now, else `ValueError` if it is no event."""
    signed_at = verify(endpoint.secret, request.headers.get("X-Signature", ""), request.body)
    if signed_at is not None:
        check_age(signed_at, time.time())
    event = webhooks.read_event(request.body, endpoint.team)
    if signed_at is None:
        check_age(event.created_at.timestamp(), time.time())
    return event


def _wrong_size(length: str) -> tuple[int, str] | None:
    """Status and reason to refuse the body without reading it."""
    if not (length.isascii() and length.isdigit()):
        return 411, gettext_noop("It does not say how long it is.")
    if len(length) > 9 or int(length) > MOST_BYTES:
        return 413, gettext_noop("It is larger than a megabyte.")
    return None


def _refuse(request: HttpRequest, endpoint: WebhookEndpoint, status: int, reason: str) -> HttpResponse:
    if wait := REFUSALS.count(request):  # neither a row nor a line for each
        return too_many(_TOO_MANY, wait)
    address = client_address(request)[:45]
    log.warning("A webhook delivery for team %s from %s was refused: %s", endpoint.team_id, address, reason)
    _keep(endpoint.team, reason, address)
    return _answer(status, reason)


def _keep(team: Team, reason: str, address: str) -> None:
    now = timezone.now()
    refusals = WebhookRefusal.objects.filter(team=team)
    if refusals.filter(reason=reason, address=address).update(times=F("times") + 1, last_at=now):
        return
    new = WebhookRefusal(team=team, reason=reason, address=address, last_at=now)
    WebhookRefusal.objects.bulk_create([new], ignore_conflicts=True)  # another process may be first
    kept = refusals.order_by("-last_at", "-id").values_list("pk", flat=True)[:MOST_REFUSALS]
    refusals.exclude(pk__in=list(kept)).delete()


def _answer(status: int, text: str) -> HttpResponse:
    return HttpResponse(text, status=status, content_type="text/plain; charset=utf-8")
