"""Registers the desk's own webhook with cStar, looks after it, takes it away (docs/cstar-api.md#webhooks).

One function an action; each records who did it. Errors of the client go on to the view.
"""

import ipaddress
from contextlib import suppress
from enum import StrEnum

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from activity.record import record
from budget.client import client
from budget.models import Lane
from core.addresses import parts_of
from cstar import Client, CStarError, InvalidResponse, NotFound, Webhook, WebhookTest
from replica import webhooks
from replica.models import WebhookEndpoint
from teams.access import TeamRequest

NAME = "cStar Desk"
# Names that lead nowhere from the internet.
_LOCAL = ("localhost", ".localhost", ".local", ".internal", ".lan", ".home.arpa")


class Standing(StrEnum):
    """What cStar says about our webhook; nothing when it does not answer."""

    ON = "on"
    OFF = "off"
    GONE = "gone"
    UNKNOWN = ""


def delivery_url(request: TeamRequest) -> str:
    """The URL to which cStar delivers this team's events, with the host name of the request."""
    return request.build_absolute_uri(reverse("replica:hook", args=[request.team.pk]))


def refusal(url: str) -> str:
    """Why cStar will not deliver there; "" when nothing speaks against it."""
    parts = parts_of(url)
    host = (parts.hostname or "") if parts else ""
    if settings.SANDBOX and settings.SANDBOX_WEBHOOKS_PRIVATE:
        return ""
    if parts is None or parts.scheme != "https":
        return _("cStar delivers only to https addresses. Put the desk behind HTTPS, then register.")
    try:
        is_private = not ipaddress.ip_address(host).is_global
    except ValueError:  # a name
        is_private = "." not in host or host.endswith(_LOCAL)
    if is_private:
        return _(
            "cStar delivers only to public addresses, and this one is private. "
            "Changes still arrive through the change feed."
        )
    return ""


def standing(request: TeamRequest, endpoint: WebhookEndpoint) -> Standing:
    """Ask cStar about the webhook (one call)."""
    try:
        held = _client(request, Lane.READ).webhooks.get(endpoint.cstar_id)
    except NotFound:
        return Standing.GONE
    except CStarError:
        return Standing.UNKNOWN
    return Standing.OFF if held.is_active is False else Standing.ON


def register(request: TeamRequest) -> WebhookEndpoint:
    """Make a webhook with a new secret, then delete those that delivered here before.

    For as long as there are two, what the older one brings is refused; the change feed finds it.
    """
    url, paid = delivery_url(request), _client(request, Lane.WRITE)
    before = WebhookEndpoint.objects.filter(team=request.team).first()
    others = [hook.id for hook in paid.webhooks.list().items if hook.url == url]
    made = paid.webhooks.create(name=NAME, url=url, events=webhooks.subscriptions())
    endpoint, _ = WebhookEndpoint.objects.update_or_create(
        team=request.team,
        defaults={
            "cstar_id": made.id,
            "url": url,
            "secret": _secret(made),
            "registered_at": timezone.now(),
            "proved_at": None,
        },
    )
    record(request, "webhook.registered", _target(endpoint), request_id=made.request_id)
    for cstar_id in {*others, *([before.cstar_id] if before else [])} - {made.id}:
        with suppress(NotFound):
            paid.webhooks.delete(cstar_id)
    return endpoint


def test(request: TeamRequest, endpoint: WebhookEndpoint) -> WebhookTest:
    """Have cStar deliver a synthetic event while we wait."""
    result = _client(request, Lane.WRITE).webhooks.test(endpoint.cstar_id, event="ticket.created")
    record(request, "webhook.tested", _target(endpoint), request_id=result.request_id)
    return result


def remove(request: TeamRequest, endpoint: WebhookEndpoint) -> None:
    """Delete the webhook at cStar and forget its secret; from then on deliveries are not answered."""
    request_id = None
    with suppress(NotFound):
        request_id = _client(request, Lane.WRITE).webhooks.delete(endpoint.cstar_id).request_id
    record(request, "webhook.removed", _target(endpoint), request_id=request_id)
    endpoint.delete()


def _client(request: TeamRequest, lane: Lane) -> Client:
    return client(request.team, lane, "webhook")


def _secret(made: Webhook) -> str:
    """The create answer alone has it, under the reference's name or the newer SDK's."""
    secret = made.secret or made.signing_secret
    if not secret:
        raise InvalidResponse("cStar did not tell the new webhook's secret.")
    return str(secret)


def _target(endpoint: WebhookEndpoint) -> tuple[str, str, str]:
    return "webhook", endpoint.cstar_id, endpoint.url
