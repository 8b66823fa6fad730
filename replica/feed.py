"""Follows the audit log: what anybody changed since we last asked, for one call.

The log says what changed, not into what: the object is then read, unless we hold the change already because it was our
own or because a webhook brought it. Its order is not documented and late entries may carry early times, so every poll
reads a stretch again and remembers which of its entries it has seen. Where the log does not suffice, a poll also looks
through lists (replica/list_polling.py).
"""

from __future__ import annotations

import logging
from collections import defaultdict
from datetime import datetime, timedelta

from django.utils import timezone

from budget.account import CHANGES, POLL, WINDOW, left_for, projected
from budget.client import client
from budget.models import KeyBudget, Lane
from cstar import Attempt, BadRequest, Client, CStarError, InvalidResponse
from replica import audit_log, capabilities, cstar_time, echo, list_polling, log_trust, registry, upsert, webhooks
from replica.audit_log import Change
from replica.models import TeamState
from replica.refresh import concerns_one, read_one, refresh_if_offered, sweep
from replica.resource import Resource
from replica.sync_status import mark_failed, mark_ok
from teams.models import Team

log = logging.getLogger(__name__)

OFTEN = timedelta(seconds=10)
# The feed's share of what is left, however much others spend.
AT_LEAST = 0.2
# Where webhooks arrive, the feed finds only what they missed.
BESIDE_WEBHOOKS = timedelta(seconds=60)
SELDOM = timedelta(minutes=2)
# Read again at each poll: a change that took long to commit appears behind younger ones.
OVERLAP = timedelta(seconds=60)
# The first poll reads this far back, so that nothing is missed between fill and poll.
MARGIN = timedelta(minutes=5)
# More changed objects than this are cheaper to sweep than to read one by one.
ONE_BY_ONE = 12
# Between two sweeps that a log forces which is too long to be read; doubled with each one in a row.
FORCED, FORCED_AT_MOST = timedelta(minutes=2), timedelta(hours=1)
# How much the latest poll counts in the average price of one.
_WEIGHT = 0.25


def poll(team: Team) -> bool:
    """Bring what changed into the working copy; False if cStar did not answer every call.

    The cursor moves only when everything was brought: what broke off is told again by the next poll.
    """
    state, _ = TeamState.objects.get_or_create(team=team)
    if not any(state.holds(resource.name) for resource in registry.resources()):
        return True  # the fill brings everything
    calls: list[Attempt] = []
    try:
        soon = _follow_log(team, state, calls)
        looked = list_polling.look_if_due(team, state, calls.append, soon=soon)
    except CStarError as error:
        mark_failed(team, error)
        return False
    finally:
        _note_price(state, len(calls))
    if looked or log_trust.may_be_complete(team):
        mark_ok(team)
    return True


def interval(budget: KeyBudget, *, webhooks_arrive: bool = False, price: float = 1) -> timedelta:
    """How long until the next poll: 10 s when calls are plenty, slower as they run out, none below the reserve.

    A minute at least while `webhooks_arrive`, so that the calls go to people. `price` is what a poll costs.
    """
    left = left_for(budget, Lane.FEED)
    until_reset = budget.reset_at - timezone.now()
    if not timedelta(0) < until_reset <= WINDOW:
        return OFTEN  # an hour that has not begun
    if not left:
        return until_reset + timedelta(seconds=1)
    # What is spent on other things will go on as it went so far this hour; polls share the rest evenly.
    spare = max(left - projected(budget), left * AT_LEAST)
    least = BESIDE_WEBHOOKS if webhooks_arrive else OFTEN
    return min(max(least, until_reset * max(price, 1) / spare), SELDOM)


def _follow_log(team: Team, state: TeamState, calls: list[Attempt]) -> bool:
    """Apply the changes in the log; return whether lists have to be read for changes that it does not name."""
    if not capabilities.offers(team, capabilities.AUDIT_LOG):
        return False
    asked_at = cstar_time.now(state)
    since = (state.feed_cursor or asked_at - MARGIN) - OVERLAP
    since = audit_log.whole_second(max(since, state.swept_to) if state.swept_to else since)
    in_a_burst = _is_in_burst(state)
    # Reading more of the log than a sweep costs would be in vain.
    most = 1 if in_a_burst else min(audit_log.MOST_PAGES, max(2, state.sweep_calls or audit_log.MOST_PAGES))
    try:
        told = audit_log.read_entries(
            client(team, Lane.FEED, POLL, observer=calls.append),
            since,
            most_pages=most,
            seen=set(state.feed_seen) if in_a_burst else None,
        )
    except CStarError as error:
        if not (capabilities.is_absent(error) or isinstance(error, BadRequest | InvalidResponse)):
            raise
        capabilities.learn(team, capabilities.AUDIT_LOG, False)
        return False
    news = [change for change in told.changes if change.id not in state.feed_seen]
    if not told.complete and not in_a_burst:
        _sweep(team, state, told.changes, asked_at, calls)
        return False
    soon = _follow(team, news, calls)
    log_trust.learn(team, state, told, news)
    if told.complete:
        _move_on(state, told.changes, since)
    else:  # the newest of them; the others are brought by the next sweep
        state.feed_seen = [*state.feed_seen, *(change.id for change in news)]
        state.save(update_fields=["feed_seen"])
    return soon


def _follow(team: Team, news: list[Change], calls: list[Attempt]) -> bool:
    """Apply these changes; return whether some do not name their object."""
    if not news:
        return False
    paid = client(team, Lane.FEED, CHANGES, observer=calls.append)
    soon = False
    for resource in registry.resources():
        told, nameless = log_trust.changes_of(team, resource, news)
        soon = soon or nameless
        if told:
            _follow_resource(resource, team, paid, told)
    return soon


def _follow_resource(resource: Resource, team: Team, paid: Client, told: list[Change]) -> None:
    gone = {change.cstar_id for change in told if change.deleted}
    still_held = set(resource.held(team).filter(cstar_id__in=gone).values_list("cstar_id", flat=True))
    upsert.forget(resource.name, team, still_held)
    by_object = defaultdict(list)
    for change in told:
        by_object[change.cstar_id].append(change)
    changed = [
        cstar_id
        for cstar_id, changes in by_object.items()
        if cstar_id not in gone and echo.is_news(team, cstar_id, changes)
    ]
    if news := [min(change.at for change in by_object[cstar_id]) for cstar_id in {*changed, *still_held}]:
        webhooks.missed(team, resource.audit_type, min(news))
    if len(changed) > ONE_BY_ONE or (changed and resource.read_one is None):
        refresh_if_offered(resource, team, paid)
    else:
        for cstar_id in changed:
            read_one(resource, team, cstar_id, paid)


def _sweep(team: Team, state: TeamState, changes: list[Change], asked_at: datetime, calls: list[Attempt]) -> None:
    """Sweep instead of reading a log that is too long; later polls read the log from here on."""
    unread, error = sweep(team, registry.resources(), observer=calls.append)
    if error and not concerns_one(error):
        raise error
    if unread:
        log.warning("After many changes %s of %s could not be read", ", ".join(unread), team)
    state.feed_cursor = state.swept_to = asked_at
    state.feed_seen = [change.id for change in changes]
    state.forced_at, state.forced_sweeps = timezone.now(), state.forced_sweeps + 1
    state.save(update_fields=["feed_cursor", "swept_to", "feed_seen", "forced_at", "forced_sweeps"])


def _is_in_burst(state: TeamState) -> bool:
    """Whether the latest forced sweep was so short a time ago that the log may not force another one."""
    if state.forced_at is None:
        return False
    pause = min(FORCED * 2 ** min(max(state.forced_sweeps - 1, 0), 10), FORCED_AT_MOST)
    return timezone.now() - state.forced_at < pause


def _move_on(state: TeamState, changes: list[Change], since: datetime) -> None:
    cursor = max([state.feed_cursor or since + OVERLAP, *(change.at for change in changes)])
    state.feed_cursor, state.forced_sweeps = cursor, 0
    state.feed_seen = [change.id for change in changes if change.at >= cursor - OVERLAP]
    state.save(update_fields=["feed_cursor", "feed_seen", "forced_sweeps"])
    echo.forget_before(state.team, cursor - OVERLAP)


def _note_price(state: TeamState, calls: int) -> None:
    before = calls if state.poll_calls is None else state.poll_calls
    state.poll_calls = before + (calls - before) * _WEIGHT
    state.save(update_fields=["poll_calls"])
