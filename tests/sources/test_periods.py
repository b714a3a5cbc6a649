"""Dates of publishers: periods, and stamps on the days on which the clocks change."""

from __future__ import annotations

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from calibration.sources import SourceError
from calibration.sources.periods import day_of, milliseconds, month_name, parse, quarter_end, quarter_start

EASTERN = ZoneInfo("America/New_York")
# Clocks went forward on 9 March 2025 and back on 2 November 2025.
AROUND_CHANGES = [
    date(2025, 3, 8),
    date(2025, 3, 9),
    date(2025, 3, 10),
    date(2025, 11, 1),
    date(2025, 11, 2),
    date(2025, 11, 3),
    date(2025, 7, 4),
]


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2025-10-29", date(2025, 10, 29)),
        (" 2025-10-29 ", date(2025, 10, 29)),
        ("2024-02", date(2024, 2, 29)),
        ("2025Q1", date(2025, 3, 31)),
        ("1945:Q4", date(1945, 12, 31)),
        ("1962", date(1962, 12, 31)),
        ("9/9/2014", date(2014, 9, 9)),
        ("9/9/2014 12:00:00 AM", date(2014, 9, 9)),
        ("2025-10-28T00:00:00.000", date(2025, 10, 28)),
        ("2025-10-29T00:00:00-04:00", date(2025, 10, 29)),
        ("2025-12-31T00:00:00-05:00", date(2025, 12, 31)),
    ],
)
def test_periods_as_their_last_day(text: str, day: date) -> None:
    assert parse(text, "a file") == day


@pytest.mark.parametrize("text", ["2025-13-01", "2025-02-30", "Q4 2025", "29 Oct 2025", "", "2025Q5", "2/30/2025"])
def test_no_period(text: str) -> None:
    with pytest.raises(SourceError, match="unreadable value"):
        parse(text, "a file")


@pytest.mark.parametrize("day", AROUND_CHANGES)
def test_midnight_in_new_york_and_in_utc_is_that_date_all_year(day: date) -> None:
    eastern = datetime(day.year, day.month, day.day, tzinfo=EASTERN)
    universal = datetime(day.year, day.month, day.day, tzinfo=UTC)
    assert parse(eastern.isoformat(), "a file") == day
    assert milliseconds(eastern.timestamp() * 1000, "a file") == day
    assert milliseconds(universal.timestamp() * 1000, "a file") == day


@pytest.mark.parametrize("day", [day for day in AROUND_CHANGES if day not in (date(2025, 3, 8), date(2025, 3, 9), date(2025, 11, 3))])
def test_a_winter_offset_in_summer_is_found(day: date) -> None:
    """Midnight at the winter offset is one o'clock while clocks are forward: the date is not guessed."""
    wrong = f"{day.isoformat()}T00:00:00-05:00"
    with pytest.raises(SourceError, match="daylight saving") as caught:
        parse(wrong, "a file")
    assert caught.value.findings[0].check == "daylight saving"


def test_a_summer_offset_in_winter_is_found() -> None:
    with pytest.raises(SourceError, match="daylight saving"):
        parse("2025-12-31T00:00:00-04:00", "a file")
    with pytest.raises(SourceError, match="midnight neither"):
        day_of(datetime(2025, 10, 29, 8, 30), "a file")


def test_quarters_and_months() -> None:
    assert quarter_start(date(2025, 8, 15)) == date(2025, 7, 1)
    assert quarter_end(date(2025, 8, 15)) == date(2025, 9, 30)
    assert quarter_end(date(2025, 12, 31)) == date(2025, 12, 31)
    assert month_name(" Sept", "a file") == 9
    with pytest.raises(SourceError):
        month_name("Brumaire", "a file")
