"""Dates as other tools write them: read by the format of their column, which all of its cells decide."""

from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from transfers.tables.date_columns import DateColumn
from transfers.tables.dates import EXPECTED, DateFormat, NoDateError
from transfers.tables.zones import find_zone, zone_of_head

BERLIN = ZoneInfo("Europe/Berlin")


def column(*cells: str) -> DateColumn:
    found = DateColumn()
    for cell in cells:
        found.add(cell)
    return found


def read(*cells: str, zone=ZoneInfo("UTC")) -> list[str | None]:  # noqa: B008 - immutable
    """The cells as a column of them alone is read."""
    return [DateFormat(column(*cells).guess(), zone).read(cell) for cell in cells]


SPELLED = {
    "04.03.2025": "2025-03-04T00:00:00Z",
    "31.12.25": "2025-12-31T00:00:00Z",
    "2025/12/31": "2025-12-31T00:00:00Z",
    "2025-12-31 14:30:00 UTC": "2025-12-31T14:30:00Z",
    "12/31/2025 2:30 PM": "2025-12-31T14:30:00Z",
    "31 Dec 2025": "2025-12-31T00:00:00Z",
    "16 Apr, 2021 00:02:00": "2021-04-16T00:02:00Z",
    "02/Jun/23 12:58 AM": "2023-06-02T00:58:00Z",
    # Their kind
    "2025-12-31T14:30:00.123456Z": "2025-12-31T14:30:00.123Z",
    "2025-12-31T14:30:00.0000000": "2025-12-31T14:30:00Z",
    "2025-12-31T14:30:00+0530": "2025-12-31T09:00:00Z",
    "2025-12-31 14:30:00 -05:00": "2025-12-31T19:30:00Z",
    "2025-12-31 14:30 CEST": "2025-12-31T12:30:00Z",
    "2025-12-31 14:30 Europe/Berlin": "2025-12-31T13:30:00Z",
    "20251231": "2025-12-31T00:00:00Z",
    "20251231T143000Z": "2025-12-31T14:30:00Z",
    "12/31/25, 2:30 PM": "2025-12-31T14:30:00Z",
    "12/31/2025 12:05 AM": "2025-12-31T00:05:00Z",
    "12/31/2025 12:05 p.m.": "2025-12-31T12:05:00Z",
    "31-12-2025 14.30": "2025-12-31T14:30:00Z",
    "31.12.2025, 14:30 Uhr": "2025-12-31T14:30:00Z",
    "31. Dezember 2025, 14:30 Uhr": "2025-12-31T14:30:00Z",
    "Mi., 31. Dez. 2025 14:30": "2025-12-31T14:30:00Z",
    "4. März 2025": "2025-03-04T00:00:00Z",
    "31 décembre 2025 à 14h30": "2025-12-31T14:30:00Z",
    "mar. 4 févr. 2025": "2025-02-04T00:00:00Z",
    "1er août 2025": "2025-08-01T00:00:00Z",
    "31 de diciembre de 2025 a las 14:30": "2025-12-31T14:30:00Z",
    "4 ene. 2025": "2025-01-04T00:00:00Z",
    "Dec 31st, 2025 at 2:30 PM": "2025-12-31T14:30:00Z",
    "Wednesday, December 31, 2025 2:30 PM": "2025-12-31T14:30:00Z",
    "Wed, 31 Dec 2025 14:30:00 +0100": "2025-12-31T13:30:00Z",
    "Wed Dec 31 14:30:00 CET 2025": "2025-12-31T13:30:00Z",
    "Wed Dec 31 2025 14:30:00 GMT+0100 (Central European Standard Time)": "2025-12-31T13:30:00Z",
    "31/Dec/2025:14:30:00 +0100": "2025-12-31T13:30:00Z",
    "31-Dec-25": "2025-12-31T00:00:00Z",
    "14:30 31/12/2025": "2025-12-31T14:30:00Z",
    "2025年12月31日 14時30分": "2025-12-31T14:30:00Z",
    "1767191400": "2025-12-31T14:30:00Z",
    "1767191400.5": "2025-12-31T14:30:00.500Z",
    "1767191400000": "2025-12-31T14:30:00Z",
    "46022.604167": "2025-12-31T14:30:00Z",
    "46022,604167": "2025-12-31T14:30:00Z",
    "46022": "2025-12-31T00:00:00Z",
}


@pytest.mark.parametrize("cell", SPELLED)
def test_a_date_is_read_however_it_is_written(cell):
    assert read(cell) == [SPELLED[cell]]


def test_one_cell_decides_the_order_of_the_whole_column():
    assert read("3/4/2025", "3/17/2025") == ["2025-03-04T00:00:00Z", "2025-03-17T00:00:00Z"]
    assert read("3/4/2025", "17/3/2025") == ["2025-04-03T00:00:00Z", "2025-03-17T00:00:00Z"]
    assert read("04-03-25", "28-03-25") == ["2025-03-04T00:00:00Z", "2025-03-28T00:00:00Z"]
    assert read("25-03-04", "25-11-28", "24-01-31") == [
        *("2025-03-04T00:00:00Z", "2025-11-28T00:00:00Z", "2024-01-31T00:00:00Z")
    ]


def test_dots_mean_the_day_first():
    assert column("04.03.2025", "05.06.2025 10:00").guess() == "dmy"


@pytest.mark.parametrize(
    "cells", [("3/4/2025", "5/6/2025"), ("03-04-2025",), ("3/4/25 10:15",), ("13/2/2025", "2/13/2025")]
)
def test_what_may_mean_two_days_is_not_guessed(cells):
    found = column(*cells)
    assert found.guess() == ""
    assert {"dmy", "mdy"} <= set(found.codes())
    assert found.sample("dmy")


def test_the_same_day_in_both_orders_is_no_question():
    assert read("3/3/2025") == ["2025-03-03T00:00:00Z"]


def test_a_clear_date_is_read_in_every_column():
    assert read("3/17/2025", "2025-12-31", "31 Dec 2025")[1:] == ["2025-12-31T00:00:00Z"] * 2


def test_a_cell_of_another_format_is_refused_with_the_one_expected():
    found = column("3/4/2025", "3/17/2025", "17/3/2025", "soon")
    assert found.unread("mdy") == 2
    with pytest.raises(NoDateError, match=r"“17/3/2025” is not a date .* the month first, like 12/31/2025"):
        DateFormat("mdy").read("17/3/2025")


@pytest.mark.parametrize(
    "cell",
    [
        *("yesterday", "12:30", "2:30 PM", "5 days", "May 2025", "1.2.3", "192.168.1.1", "31.02.2025", "13/13/2025"),
        *("2025-13-01", "2025-12-31 25:00", "31/12/1899", "12345", "+49 30 123456", "tkt_20251231", "1e9", "٣"),
        *("31/12/2025 14:30 Moon/Base", "31 Dec 2025 x", "31 Dec Jan 2025", "9" * 400, "3/4/2025/6", "3/4"),
    ],
)
def test_what_is_no_date_is_refused(cell):
    for code in EXPECTED:
        with pytest.raises(NoDateError):
            DateFormat(code).read(cell)


@pytest.mark.parametrize("cell", ["-", "n/a", "NULL", "0000-00-00 00:00:00", "Never", "—"])
def test_a_cell_can_say_that_there_is_no_date(cell):
    assert DateFormat("dmy").read(cell) is None


def test_times_without_a_zone_are_in_the_zone_of_their_column():
    assert read("2025-07-01 12:00", "2025-07-01 12:00 UTC", zone=BERLIN) == [
        *("2025-07-01T10:00:00Z", "2025-07-01T12:00:00Z")
    ]
    assert read("46022.5", zone=BERLIN) == ["2025-12-31T11:00:00Z"]


def test_zones_in_cells_are_counted_and_unclear_ones_named():
    found = column("2025-07-01 12:00 UTC", "2025-07-01 12:00 CST", "2025-07-01 12:00")
    assert (found.zoned, found.unclear_zone) == (1, "CST")
    assert DateFormat("ymd", ZoneInfo("America/Chicago")).read("2025-07-01 12:00 CST") == "2025-07-01T17:00:00Z"


@pytest.mark.parametrize(
    ("head", "zone", "rest"),
    [
        ("Created at (UTC)", "UTC", "Created at"),
        ("Created at [GMT+2]", "GMT+2", "Created at"),
        ("Opened (Europe/Berlin) at", "Europe/Berlin", "Opened at"),
        ("Created at UTC", "UTC", "Created at"),
        ("created_at_utc", "utc", "created_at"),
        ("Created (America/New York)", "America/New York", "Created"),
        ("Created (PST)", "PST", "Created"),
        ("Created (CST)", "", "Created (CST)"),
        ("Created (hours)", "", "Created (hours)"),
        ("Created", "", "Created"),
    ],
)
def test_a_head_can_name_the_zone(head, zone, rest):
    assert zone_of_head(head) == (zone, rest)
    assert not zone or find_zone(zone)


@given(st.text(max_size=30) | st.from_regex(r"[0-9./: -]{3,20}( [AP]M)?", fullmatch=True))
def test_any_cell_is_a_date_or_is_refused(cell):
    found = column(cell)
    assert found.dates + found.others <= 1
    for code in EXPECTED:
        try:
            text = DateFormat(code).read(cell)
        except NoDateError:
            continue
        assert text is None or text.endswith("Z")
