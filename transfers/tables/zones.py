"""Time zones as heads of columns and cells name them."""

import re
from datetime import UTC, timedelta, timezone, tzinfo
from functools import lru_cache
from zoneinfo import ZoneInfo, available_timezones

from core.folding import fold
from transfers.tables.vocabulary import load

_OFFSET = re.compile(r"(?:utc|gmt)?\s?([+-])(\d{1,2})(?::?(\d{2}))?")
# "Created (UTC)", "Opened at [GMT+2]", "Created at UTC", "created_at_utc"
_IN_BRACKETS = re.compile(r"[(\[]([^()\[\]]+)[)\]]")
_AT_THE_END = re.compile(r"[\s_](utc|gmt)\s*:?\s*$", re.IGNORECASE)


@lru_cache(maxsize=1000)
def find_zone(name: str) -> tzinfo | None:
    """The zone of "Z", "+01:00", "UTC-5", "CEST", "Europe/Berlin"; None where it is unknown or not certain."""
    said = fold(name.strip())
    if offset := _OFFSET.fullmatch(said):
        return _fixed(*offset.groups())
    if known := load("calendar")["zones"].get(said):
        return find_zone(known)
    named = _names().get(said.replace(" ", "_"))
    return ZoneInfo(named) if named else None


def zone_of_head(head: str) -> tuple[str, str]:
    """(name of the zone that a head says its times are in, the head without it); ("", head) where it says none."""
    for found in _IN_BRACKETS.finditer(head):
        if find_zone(found[1]) is not None:
            return found[1].strip(), " ".join((head[: found.start()] + head[found.end() :]).split())
    if at_the_end := _AT_THE_END.search(head):
        return at_the_end[1], head[: at_the_end.start()]
    return "", head


@lru_cache(maxsize=1)
def zone_names() -> list[str]:
    """The zones that people choose from: cities, and UTC."""
    return ["UTC", *sorted(name for name in _names().values() if not name.startswith("Etc/"))]


def _fixed(sign: str, hours: str, minutes: str | None) -> tzinfo | None:
    span = timedelta(hours=int(hours), minutes=int(minutes or 0))
    if span > timedelta(hours=15):
        return None
    return timezone(-span if sign == "-" else span) if span else UTC


@lru_cache(maxsize=1)
def _names() -> dict[str, str]:
    """Zones of the IANA database by their names in small letters."""
    return {name.lower(): name for name in available_timezones() if "/" in name}
