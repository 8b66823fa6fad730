"""How long ago something was, in two steps: what is to be said of it, and then how a language says it."""

from datetime import UTC, datetime, tzinfo
from functools import lru_cache
from typing import NamedTuple

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext_noop
from django.utils.translation import gettext as _

NOW = gettext_noop("just now")
MINUTES = gettext_noop("{n} min")
HOURS = gettext_noop("{n} h")
DAYS = gettext_noop("{n} d")


class Age(NamedTuple):
    """A moment as people are told it. Equal ones look the same."""

    moment: datetime
    words: str  # one of the above, or the name of a date's format
    n: int
    zone: tzinfo | None


def age(moment: datetime | None, now: datetime | None = None) -> Age | None:
    """just now, 5 min, 3 h, 2 d, then the date (with the year when it is not this one). `now` is a local time."""
    if moment is None:
        return None
    now = now or timezone.localtime()
    zone, seconds = now.tzinfo, (now - moment).total_seconds()
    if seconds < 45:
        return Age(moment, NOW, 0, zone)
    if seconds < 3600:
        return Age(moment, MINUTES, max(1, round(seconds / 60)), zone)
    if seconds < 86400:
        return Age(moment, HOURS, round(seconds / 3600), zone)
    if seconds < 7 * 86400:
        return Age(moment, DAYS, round(seconds / 86400), zone)
    this_year = moment.astimezone(zone).year == now.year
    return Age(moment, "MONTH_DAY_FORMAT" if this_year else "DATE_FORMAT", 0, zone)


def told(age: Age | None) -> SafeString:
    """The words, with the exact time on hover. `<relative-time>` keeps them true in the browser."""
    return _told(age, get_language()) if age else SafeString("—")


# A line of text each, so that these are two megabytes at most.
@lru_cache(maxsize=5000)
def _told(age: Age, language: str) -> SafeString:
    local = age.moment.astimezone(age.zone)
    return format_html(
        '<relative-time><time datetime="{}" title="{}">{}</time></relative-time>',
        age.moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        date_format(local, "DATETIME_FORMAT"),
        date_format(local, age.words) if age.words.endswith("_FORMAT") else _(age.words).format(n=age.n),
    )
