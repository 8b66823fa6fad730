"""The way from the desk to a team's cStar: each call says what it is for, and is paid from the key's hour."""

from collections.abc import Callable

from budget.account import Account, budget_of
from budget.models import Lane
from core import logs
from cstar import Attempt, Client
from teams.access import acting_user
from teams.clients import client_for
from teams.models import Team

_observers: list[Callable[[Team, Attempt], None]] = []


def observe(handler: Callable[[Team, Attempt], None]) -> None:
    """Call `handler(team, attempt)` after each HTTP request to cStar, from every client of every team."""
    _observers.append(handler)


def client(
    team: Team,
    lane: Lane,
    purpose: str,
    person: str = "",
    *,
    user_id: int | None = None,
    observer: Callable[[Attempt], None] | None = None,
) -> Client:
    """A client for one purpose ("reply", "open ticket"), in the name of a person and of their account.

    Without a name it is in that of the person whose request is being answered; where there is none, the desk's own.
    Each of its calls is counted, or refused with `BudgetSpent` or `ShareSpent` where the lane or the person has to
    wait. `observer` hears of each HTTP request too. A POST whose answer was lost is left to the caller, who looks
    whether it arrived.
    """
    if not person and (asking := acting_user()):
        person, user_id = asking.display_name, asking.pk
    account = Account(budget_of(team).pk, lane, purpose, person, user_id)

    def learn(attempt: Attempt) -> None:
        account.learn(attempt)
        for handler in _observers:
            handler(team, attempt)
        logs.asked_cstar(attempt.request_id)
        if observer:
            observer(attempt)

    return client_for(team, gate=account.take, observer=learn, repeat_posts=False)
