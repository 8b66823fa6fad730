"""Remembers what we hold already, so that the feed fetches only what others changed."""

import re
from datetime import datetime, timedelta

from cstar import Attempt
from sync.models import Known
from teams.models import Team

# An answer and the audit entry of its change are made within the same request.
TOGETHER = timedelta(seconds=2)
_OBJECT = re.compile(r"/(?:tickets|customers|articles|members)(?:/([^/]+)(?:/messages)?)?")


def note(team: Team, attempt: Attempt) -> None:
    """Hear of an answer: what it was about, and how much of it we now hold."""
    path = _OBJECT.fullmatch(attempt.path)
    if path is None or attempt.answered_at is None or not 200 <= (attempt.status or 0) <= 299:
        return
    if attempt.method == "GET" and path[1] and not attempt.path.endswith("/messages"):
        remember(team, path[1], attempt.answered_at, whole=True)
    elif attempt.method in {"POST", "PATCH"} and (cstar_id := path[1] or attempt.object_id):
        remember(team, cstar_id, attempt.answered_at, whole=False)


def remember(team: Team, cstar_id: str, at: datetime, *, whole: bool) -> None:
    Known.objects.create(team=team, cstar_id=cstar_id[:64], at=at, whole=whole)


def remember_all(team: Team, cstar_ids: list[str], at: datetime) -> None:
    """One call of ours changed all of these."""
    Known.objects.bulk_create(Known(team=team, cstar_id=cstar_id[:64], at=at, whole=False) for cstar_id in cstar_ids)


def is_news(team: Team, cstar_id: str, moments: list[datetime]) -> bool:
    """Whether changes of an object at these moments tell of anything that we do not hold."""
    held = list(Known.objects.filter(team=team, cstar_id=cstar_id))
    read_at = max((known.at for known in held if known.whole), default=None)
    ours = sorted(known.at for known in held if not known.whole)
    for moment in sorted(moments):
        if read_at and moment <= read_at:
            continue
        answer = next((at for at in ours if abs(at - moment) <= TOGETHER), None)
        if answer is None:
            return True
        ours.remove(answer)
    return False


def forget_before(team: Team, moment: datetime) -> None:
    """Drop what the feed has passed."""
    Known.objects.filter(team=team, at__lt=moment).delete()
