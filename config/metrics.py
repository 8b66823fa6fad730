"""`/metrics`, for Prometheus: what this machine answered, and how the whole desk stands, read from the database.

With several machines each tells its own requests, and all tell the same of the rest: add up the one (`sum`), take any
of the other (`max`).
"""

from __future__ import annotations

import hmac
import os
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db.models import Count, Min
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily
from prometheus_client.metrics_core import Metric
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector

from budget.account import left_for
from budget.models import CallCount, KeyBudget, Lane
from core.metrics import REQUESTS, SECONDS
from live.models import Presence
from outbox.models import Outgoing
from replica.models import TeamState
from transfers.models import Run


@require_GET
@never_cache
def metrics(request: HttpRequest) -> HttpResponse:
    """Prometheus' text for whoever brings `Authorization: Bearer <METRICS_TOKEN>`; for others there is nothing here."""
    token = f"Bearer {settings.METRICS_TOKEN}".encode()
    if not (settings.METRICS_TOKEN and hmac.compare_digest(request.headers.get("Authorization", "").encode(), token)):
        raise Http404
    registry = CollectorRegistry()
    if "PROMETHEUS_MULTIPROC_DIR" in os.environ:  # set by config/gunicorn.py: each process counts in files of its own
        MultiProcessCollector(registry)
    else:
        registry.register(REQUESTS)
        registry.register(SECONDS)
    registry.register(Desk())
    return HttpResponse(generate_latest(registry), content_type=CONTENT_TYPE_LATEST)


class Desk(Collector):
    """The figures that every process would give alike."""

    def collect(self) -> Iterator[Metric]:
        now = timezone.now()
        calls = CounterMetricFamily("desk_cstar_calls", "HTTP requests to cStar answered.", labels=["lane", "status"])
        for lane, status, count in CallCount.objects.values_list("lane", "status", "calls"):
            calls.add_metric([lane, status], count)
        yield calls
        yield from _budgets()
        yield from _copies(now)
        yield from _outbox(now)
        runs = dict(Run.objects.filter(state__in=Run.AT_WORK).order_by().values_list("kind").annotate(Count("pk")))
        by_kind = [(kind, runs.get(kind, 0)) for kind in Run.Kind.values]
        yield _gauge("desk_runs_at_work", "Imports, exports and bulk edits under way.", ["kind"], by_kind)
        pages = Presence.objects.filter(until__gt=now).values_list("team").annotate(Count("pk"))
        yield _gauge("desk_open_tickets", "Tickets that somebody has open now.", ["team"], pages)


def _gauge(name: str, text: str, labels: list[str], rows: Any) -> GaugeMetricFamily:
    """Of rows that hold the labels' values and then the number."""
    gauge = GaugeMetricFamily(name, text, labels=labels)
    for *values, number in rows:
        gauge.add_metric([str(value) for value in values], number)
    return gauge


def _budgets() -> Iterator[Metric]:
    # A team that changed its key has several records; the one whose hour ends last is in use.
    present = {budget.team_id: budget for budget in KeyBudget.objects.order_by("reset_at")}
    left = [(team, lane.value, left_for(budget, lane)) for team, budget in present.items() for lane in Lane]
    yield _gauge("desk_budget_left", "Calls that the lane may still make in this hour.", ["team", "lane"], left)


def _copies(now: datetime) -> Iterator[Metric]:
    states = list(TeamState.objects.filter(filled_at__isnull=False))
    ages = [(state.team_id, _seconds(now, state.refreshed_at)) for state in states if state.refreshed_at]
    yield _gauge("desk_feed_age_seconds", "Since when changes by others are not known.", ["team"], ages)
    away = [(state.team_id, int(bool(state.problem))) for state in states]
    yield _gauge("desk_copy_in_trouble", "1 while cStar does not answer for the team.", ["team"], away)


def _outbox(now: datetime) -> Iterator[Metric]:
    waiting = Outgoing.objects.filter(state__in=Outgoing.OPEN).order_by().values_list("team", "state")
    counted = list(waiting.annotate(Count("pk"), Min("due_at")))
    by_state = [(team, state, count) for team, state, count, _ in counted]
    yield _gauge("desk_outbox", "Writes that cStar does not have yet.", ["team", "state"], by_state)
    oldest = [(team, state, _seconds(now, due)) for team, state, _, due in counted]
    yield _gauge("desk_outbox_oldest_seconds", "How long the oldest is due.", ["team", "state"], oldest)


def _seconds(now: datetime, since: datetime) -> float:
    return max(0.0, (now - since).total_seconds())
