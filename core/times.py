"""How long ago something was: relative on the first day, by the clock from the second day on.

In two steps: what is to be said of a moment, which may be part of what is drawn once, and how a language says it.
"""

from datetime import UTC, datetime, tzinfo
from functools import lru_cache
from typing import Literal, NamedTuple

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext_noop
from django.utils.translation import gettext as _

NOW = gettext_noop("just now")
MINUTES = gettext_noop("{n} min")
HOURS = gettext_noop("{n} h")
DAY = 86400  # seconds

# What a moment of another day is written as: short, in a list (Sat 17:21, later Nov 21); with date and time, in a
# record of many that happened in one hour; or as the time alone, where the day stands above it.
Style = Literal["list", "record", "time"]


class Age(NamedTuple):
    """A moment as people are told it; equal ones look the same.

    `words` is one of the above, or nothing; `formats` are what is written then, and shown by a page that stays open.
    """

    moment: datetime
    words: str
    n: int
    zone: tzinfo | None
    formats: tuple[str, ...]


def age(moment: datetime | None, now: datetime | None = None, style: Style = "list") -> Age | None:
    """What to say of a moment. `now` is a local time."""
    if moment is None:
        return None
    now = now or timezone.localtime()
    seconds = (now - moment).total_seconds()
    words, n = _relative(seconds)
    formats = _formats(moment.astimezone(now.tzinfo).year == now.year, seconds < 7 * DAY, style)
    return Age(moment, words, n, now.tzinfo, formats)


def told(age: Age | None) -> SafeString:
    """The words, with the exact time on hover. `<relative-time>` keeps them true in the browser."""
    return _told(age, get_language()) if age else SafeString("—")


def _relative(seconds: float) -> tuple[str, int]:
    if seconds < 45:
        return NOW, 0
    if seconds < 3600:
        return MINUTES, max(1, round(seconds / 60))
    return (HOURS, round(seconds / 3600)) if seconds < DAY else ("", 0)


def _formats(this_year: bool, this_week: bool, style: Style) -> tuple[str, ...]:
    """The names of the formats in which the moment is written, one after the other."""
    match style:
        case "time":
            return ("TIME_FORMAT",)
        case "record":
            return ("SHORT_DATETIME_FORMAT" if this_year else "DATETIME_FORMAT",)
    if this_week:
        return ("D", "TIME_FORMAT")
    return ("MONTH_DAY_FORMAT" if this_year else "DATE_FORMAT",)


# A line of text each, so that these are two megabytes at most.
@lru_cache(maxsize=5000)
def _told(age: Age, language: str) -> SafeString:
    local = age.moment.astimezone(age.zone)
    clock = " ".join(date_format(local, name) for name in age.formats)
    return format_html(
        '<relative-time{}><time datetime="{}" title="{}">{}</time></relative-time>',
        format_html(' data-clock="{}"', clock) if age.words else "",
        age.moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        date_format(local, "DATETIME_FORMAT"),
        _(age.words).format(n=age.n) if age.words else clock,
    )
