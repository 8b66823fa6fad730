"""`/settings/webhook/`: what admins see and do about the desk's own webhook."""

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from core.errors import sentence
from cstar import CStarError, NotFound
from replica import webhook_registration, webhooks
from replica.models import WebhookEndpoint, WebhookEvent, WebhookRefusal
from teams.access import TeamRequest, team_view
from teams.policy import May

SHOWN = 50


@team_view(May.MANAGE_TEAM)
def webhook(request: TeamRequest) -> HttpResponse:
    """Show the webhook's URL and state, the last deliveries and refusals. One call if there is a webhook."""
    endpoint = _endpoint(request)
    address = webhook_registration.delivery_url(request)
    events = list(WebhookEvent.objects.filter(team=request.team).order_by("-received_at", "-id")[:SHOWN])
    context = {
        "endpoint": endpoint,
        "address": address,
        "problem": webhook_registration.refusal(endpoint.url if endpoint else address),
        "standing": webhook_registration.standing(request, endpoint) if endpoint else "",
        "deliveries": [(event, webhooks.page_of(event)) for event in events],
        "refusals": WebhookRefusal.objects.filter(team=request.team).order_by("-last_at", "-id")[:SHOWN],
    }
    return render(request, "administration/webhook.html", context)


@team_view(May.MANAGE_TEAM, methods=("POST",))
def register(request: TeamRequest) -> HttpResponse:
    """Register, or register again with a new secret, and see at once whether deliveries arrive."""

    def work() -> None:
        endpoint = webhook_registration.register(request)
        _test(request, endpoint, _("The webhook is registered"))

    return _done(request, work)


@team_view(May.MANAGE_TEAM, methods=("POST",))
def test(request: TeamRequest) -> HttpResponse:
    return _with_endpoint(request, lambda endpoint: _test(request, endpoint, _("The webhook works")))


@team_view(May.MANAGE_TEAM, methods=("POST",))
def remove(request: TeamRequest) -> HttpResponse:
    def work(endpoint: WebhookEndpoint) -> None:
        webhook_registration.remove(request, endpoint)
        messages.success(
            request, _("The webhook is removed. Changes by others now arrive only through the change feed.")
        )

    return _with_endpoint(request, work)


def _test(request: TeamRequest, endpoint: WebhookEndpoint, success: str) -> None:
    result = webhook_registration.test(request, endpoint)
    if result.success is True:
        messages.success(request, _("{success}: a test delivery arrived.").format(success=success))
    else:
        why = result.error or _("cStar does not say why")
        messages.error(request, _("The test delivery did not arrive: {why}.").format(why=why))


def _with_endpoint(request: TeamRequest, work: Callable[[WebhookEndpoint], None]) -> HttpResponse:
    endpoint = _endpoint(request)
    if endpoint is None:
        messages.error(request, _("No webhook is registered. Register one first."))
        return redirect("administration:webhook")
    return _done(request, lambda: work(endpoint))


def _done(request: TeamRequest, work: Callable[[], None]) -> HttpResponse:
    """Back to the page, which says what came of it."""
    try:
        work()
    except NotFound:
        messages.error(request, _("cStar no longer has this webhook. Register again."))
    except CStarError as error:
        messages.error(request, sentence(error))
    return redirect("administration:webhook")


def _endpoint(request: TeamRequest) -> WebhookEndpoint | None:
    return WebhookEndpoint.objects.filter(team=request.team).first()
