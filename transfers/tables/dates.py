"""Dates as files spell them. How a column writes them is decided once for the whole column, never cell by cell.

A cell that can be read in one way only (2025-12-31, 31 Dec 2025) is read in that way whatever was chosen. The format
decides about the rest: 3/4/2025, and plain numbers.
"""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo
from functools import cache

from core.folding import fold
from core.stored_texts import pattern
from transfers.tables.errors import gettext_noop
from transfers.tables.vocabulary import load
from transfers.tables.zones import find_zone

# Codes of the formats, and what their cells look like.
EXPECTED = {
    "ymd": gettext_noop("the year first, like 2025-12-31 14:30"),
    "dmy": gettext_noop("the day first, like 31/12/2025 14:30"),
    "mdy": gettext_noop("the month first, like 12/31/2025 2:30 PM"),
    "name": gettext_noop("the month by its name, like 31 Dec 2025 14:30"),
    "unix": gettext_noop("seconds since 1970, like 1767191400"),
    "unix_ms": gettext_noop("milliseconds since 1970, like 1767191400000"),
    "excel": gettext_noop("Excel's number of the day, like 46022.604"),
}
# Formats of three numbers, and of one.
ORDERS = ("dmy", "mdy", "ymd")
NUMBERS = ("unix", "unix_ms", "excel")

_NO_DATE = pattern(gettext_noop("“{text}” is not a date as this column writes them. Expected is {expected}."))
_FIRST_YEAR, _LAST_YEAR = 1970, 9000
_EPOCH, _EXCEL_EPOCH = datetime(1970, 1, 1, tzinfo=UTC), datetime(1899, 12, 30)
_DAY = 86_400  # seconds
# The least and the most (exclusive) that a bare number can be as a date since 1970.
_SIZES = (("excel", 20_000, 80_000), ("unix", 10**8, 10**10), ("unix_ms", 10**11, 10**13))

_ISO = re.compile(
    r"(\d{4})-(\d\d)-(\d\d)(?:[T ](\d\d):(\d\d)(?::(\d\d)(?:[.,](\d{1,9}))?)?)?\s*(Z|UTC|[+-]\d\d:?\d\d)?"
)
_COMPACT = re.compile(r"(\d{4})(\d\d)(\d\d)(?:t?(\d\d)(\d\d)(\d\d)?(?:[.,](\d{1,9}))?)?\s*(z|utc|[+-]\d\d:?\d\d)?")
_NUMBER = re.compile(r"(\d+)(?:[.,](\d+))?")
# 14:30, 2:30:15.250 pm, 14h30, 2 p.m.
_CLOCK = re.compile(
    r"""(?<!\d)(?P<hour>\d{1,2})
    (?: (?::|\s?h\s?)(?P<minute>\d\d)(?::(?P<second>\d\d)(?:[.,:](?P<fraction>\d{1,9}))?)?(?!\d)
      | (?=\s?[ap]\.?\s?m\b) )
    (?: \s*(?P<half>[ap])\.?\s?m\b\.? )?""",
    re.VERBOSE,
)
# 14.30 at the end, where a date stands before it.
_DOTTED_CLOCK = re.compile(
    r"(?<=\s)(?P<hour>\d{1,2})\.(?P<minute>\d\d)(?:\.(?P<second>\d\d))?(?P<fraction>)(?P<half>)(?=\s*(?:uhr|h)?\s*$)"
)
_ZONE_AT_THE_END = re.compile(r"(?<=\d)\s?(z|utc|gmt|[+-]\d\d:\d\d)$")
_COMMENT = re.compile(r"[(\[](.*?)[)\]]")
_ABBREVIATION = re.compile(r"[a-z]{2,5}")
_TOKEN = re.compile(r"\d+|[^\W\d_]+")
_BETWEEN = re.compile(r"[\s./,\-'\u2019:]*")
_ORDINALS = {"st", "nd", "rd", "th", "er", "e", "o", "a"}
_CJK = str.maketrans({"年": "-", "月": "-", "日": " ", "時": ":", "时": ":", "分": ":", "秒": ""})


class NoDateError(ValueError):
    """A cell that is no date, or not one of its column's format; `str()` is a sentence."""


@dataclass(frozen=True, slots=True)
class Spelled:
    """A cell taken apart. `kind`: "ymd" and "name" (numbers: year, month, day), "triple" (three numbers in an order
    that the cell does not tell, with `sign` between them), or one of NUMBERS (`number`).
    """

    kind: str
    numbers: tuple[int, int, int] = (0, 0, 0)
    number: float = 0
    clock: tuple[int, int, int, int] = (0, 0, 0, 0)
    zone: str = ""
    sign: str = ""


@dataclass(frozen=True, slots=True)
class DateFormat:
    """How a column writes its dates: a code of EXPECTED, and the zone of the cells that name none."""

    code: str
    zone: tzinfo = UTC

    def read(self, cell: str) -> str | None:
        """The cell's moment in ISO 8601 (UTC); None where the cell says that there is none. NoDateError."""
        if is_none(cell):
            return None
        spelled = take_apart(cell)
        found = moment(spelled, self.code, self.zone) if spelled else None
        if found is None:
            raise NoDateError(_NO_DATE.format(text=cell[:40], expected=EXPECTED[self.code]))
        return found.isoformat(timespec="milliseconds" if found.microsecond else "seconds").replace("+00:00", "Z")


def is_none(cell: str) -> bool:
    """Whether a column of dates says with this cell that there is no date."""
    return fold(cell.strip()) in _words("none")


def moment(spelled: Spelled, code: str, zone: tzinfo = UTC) -> datetime | None:
    """The moment that the cell means in a column of this format, in UTC; None where it does not belong there."""
    if (spelled.kind == "triple" and code not in ORDERS) or (spelled.kind in NUMBERS and code != spelled.kind):
        return None
    try:
        found = _moment(spelled, code, zone)
    except (ValueError, OverflowError):
        return None
    return found if _FIRST_YEAR <= found.year <= _LAST_YEAR else None


def _moment(spelled: Spelled, code: str, zone: tzinfo) -> datetime:
    if spelled.kind in ("unix", "unix_ms"):
        return _EPOCH + timedelta(seconds=spelled.number / (1000 if spelled.kind == "unix_ms" else 1))
    if spelled.kind == "excel":
        found = _EXCEL_EPOCH + timedelta(seconds=round(spelled.number * _DAY))
    else:
        hour, minute, second, microsecond = spelled.clock
        found = datetime(*_in_order(spelled, code), hour, minute, second, microsecond)
    own = find_zone(spelled.zone) if spelled.zone else None
    return found.replace(tzinfo=own or zone).astimezone(UTC)


def take_apart(cell: str) -> Spelled | None:
    """The cell's parts; None where it is no date at all."""
    text = cell.strip()
    if iso := _ISO.fullmatch(text):
        return _of_groups(iso.groups())
    if len(text) > 80:
        return None
    text = fold(text.translate(_CJK)).strip(" :")
    if plain := _NUMBER.fullmatch(text):
        return _plain_number(text, plain)
    if compact := _COMPACT.fullmatch(text):
        return _of_groups(compact.groups())
    return _in_parts(text)


def _of_groups(groups: tuple[str | None, ...]) -> Spelled:
    year, month, day, hour, minute, second, fraction, zone = groups
    clock = (int(hour or 0), int(minute or 0), int(second or 0), _microseconds(fraction))
    return Spelled("ymd", (int(year or 0), int(month or 0), int(day or 0)), clock=clock, zone=zone or "")


def _microseconds(fraction: str | None) -> int:
    return int((fraction or "0")[:6].ljust(6, "0"))


def _plain_number(text: str, plain: re.Match[str]) -> Spelled | None:
    """What a bare number counts: its size tells."""
    if compact := _COMPACT.fullmatch(text):
        spelled = _of_groups(compact.groups())
        if moment(spelled, "ymd"):
            return spelled
    number = float(f"{plain[1]}.{plain[2] or 0}")
    return next((Spelled(kind, number=number) for kind, least, most in _SIZES if least <= number < most), None)


def _in_parts(text: str) -> Spelled | None:
    """Dates with separators or names of months, before or behind their time."""
    found = _CLOCK.search(text) or _DOTTED_CLOCK.search(text)
    if found is None:
        zone = _ZONE_AT_THE_END.search(text)
        return _date(text[: zone.start()] if zone else text, zone=zone[1] if zone else "")
    before, behind = text[: found.start()], text[found.end() :]
    if not _BETWEEN.sub("", before):
        return _date(behind, clock=_clock(found))
    zone_name, year = _tail(behind)
    if zone_name and not (find_zone(zone_name) or _ABBREVIATION.fullmatch(zone_name)):
        return None
    return _date(f"{before} {year}", clock=_clock(found), zone=zone_name)


def _clock(found: re.Match[str]) -> tuple[int, int, int, int]:
    hour, half = int(found["hour"]), found["half"]
    if half and hour <= 12:
        hour = hour % 12 + (12 if half == "p" else 0)
    return hour, int(found["minute"] or 0), int(found["second"] or 0), _microseconds(found["fraction"])


def _tail(behind: str) -> tuple[str, str]:
    """(zone, year) of what stands behind the time: "utc", "gmt+0100 (cet)", "cet 2025", "uhr"."""
    comment = _COMMENT.search(behind)
    words = [word for word in _COMMENT.sub(" ", behind).replace(",", " ").split() if word not in _words("fillers")]
    year = words.pop() if words and re.fullmatch(r"\d{4}", words[-1]) else ""
    return " ".join(words) or (comment[1] if comment else ""), year


def _date(text: str, *, clock: tuple[int, int, int, int] = (0, 0, 0, 0), zone: str = "") -> Spelled | None:
    """Read a date without a time: three numbers, or two numbers and the name of a month."""
    if _BETWEEN.sub("", _TOKEN.sub("", text)):
        return None
    numbers, month = _tokens(text)
    if month and len(numbers) == 2:
        # The number with four digits is the year; without one, the last number is.
        year, day = numbers if len(numbers[0]) == 4 else reversed(numbers)
        if len(year) not in (2, 4) or len(day) > 2:
            return None
        return Spelled("name", (_full_year(year), month, int(day)), clock=clock, zone=zone)
    if month or len(numbers) != 3 or any(len(number) > 4 for number in numbers):
        return None
    if len(numbers[0]) != 4 and len(numbers[2]) not in (2, 4):
        return None
    first, second, third = map(int, numbers)
    sign = next((sign for sign in "./-" if sign in text), " ")
    return Spelled(
        "ymd" if len(numbers[0]) == 4 else "triple", (first, second, third), clock=clock, zone=zone, sign=sign
    )


def _tokens(text: str) -> tuple[list[str], int]:
    """The numbers and the month; ([], 0) where a word does not belong to a date."""
    numbers: list[str] = []
    months: list[int] = []
    for token in _TOKEN.findall(text):
        if token.isdecimal():
            numbers.append(token)
        elif token in _months():
            months.append(_months()[token])
        elif token not in _words("weekdays") | _words("fillers") and not (numbers and token in _ORDINALS):
            return [], 0
    if len(months) == 2 and months[0] == 3:  # "mar. 31 déc. 2025": a Tuesday
        months.pop(0)
    return (numbers, months[0] if months else 0) if len(months) < 2 else ([], 0)


def _in_order(spelled: Spelled, code: str) -> tuple[int, int, int]:
    first, second, third = spelled.numbers
    if spelled.kind != "triple":
        return first, second, third
    if code == "ymd":
        return _full_year(f"{first:02}"), second, third
    day, month = (first, second) if code == "dmy" else (second, first)
    return _full_year(f"{third:02}"), month, day


def _full_year(digits: str) -> int:
    """2025 and 25 are 2025, 99 is 1999."""
    year = int(digits)
    return year if len(digits) > 2 else year + (1900 if year > 68 else 2000)


@cache
def _months() -> dict[str, int]:
    return {name: number for number, names in enumerate(load("calendar")["months"], 1) for name in names}


@cache
def _words(kind: str) -> frozenset[str]:
    return frozenset(load("calendar")[kind])
