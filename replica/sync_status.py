"""Whether a team's working copy is up to date; pages say when it may not be."""

import logging

from django.utils import timezone
from django.utils.translation import gettext_noop

from core.errors import sentence
from core.stored_texts import in_english, pattern
from cstar import CStarError, RateLimited, Redirected, Unauthorized
from replica.models import TeamState
from teams.models import Team

log = logging.getLogger(__name__)

# Kept by earlier versions.
pattern(gettext_noop("This hour's cStar calls run short, so changes by others show up later than usual."))


def mark_ok(team: Team) -> None:
    """Say that the working copy is up to date."""
    TeamState.objects.filter(team=team).update(refreshed_at=timezone.now(), problem="", problem_since=None)


def mark_failed(team: Team, error: CStarError) -> None:
    """Say that the working copy could not be brought up to date; it stays in use as it is."""
    log.warning("The working copy of %s could not be refreshed: %s", team, error)
    state = TeamState.objects.filter(team=team)
    state.filter(problem_since=None).update(problem_since=timezone.now())
    match error:
        case RateLimited():
            problem = gettext_noop(
                "This hour's cStar requests are running low, so changes by others show up later than usual."
            )
        case Unauthorized():
            problem = gettext_noop("cStar refuses the team's key, so nothing new arrives. An admin has to check it.")
        case Redirected():
            with in_english():
                problem = sentence(error)
        case _:
            problem = gettext_noop("cStar does not answer as it should.")
    state.update(problem=problem[:300])
