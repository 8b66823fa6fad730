"""Moments as the wire prints them: ISO 8601, UTC, `Z`, whole seconds unless there are milliseconds to tell."""

from datetime import UTC, date, datetime, timedelta

MILLISECOND = timedelta(milliseconds=1)


def now() -> datetime:
    """This moment, cut to the millisecond, so that what is stored is what is printed."""
    moment = datetime.now(UTC)
    return moment.replace(microsecond=moment.microsecond // 1000 * 1000)


def after(previous: datetime) -> datetime:
    """This moment, but later than `previous`: two edits in one millisecond still show as two."""
    return max(now(), previous + MILLISECOND)


def wire(moment: datetime | None) -> str | None:
    """`2025-12-10T14:30:00Z`, or with milliseconds when they are not zero."""
    if moment is None:
        return None
    text = moment.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="milliseconds")
    return text.removesuffix(".000") + "Z"


def parse(text: str) -> datetime:
    """An aware moment from ISO 8601; without an offset it is UTC. ValueError when it is no moment."""
    moment = datetime.fromisoformat(text)
    moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    try:
        return moment.astimezone(UTC)
    except OverflowError:
        raise ValueError("out of range") from None


def parse_end(text: str) -> datetime:
    """Like `parse`; a bare date means the end of that day, so that an `endDate` is inclusive."""
    if len(text) == len("2025-12-10"):
        day = date.fromisoformat(text)
        return datetime(day.year, day.month, day.day, 23, 59, 59, 999_999, tzinfo=UTC)
    return parse(text)
