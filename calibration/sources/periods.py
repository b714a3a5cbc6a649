"""Periods: publishers' dates, months, quarters and time stamps as dates.

Times of day matter once: a stamp at midnight is a date in the zone in which it is midnight. Publishers in Washington and New
York stamp midnight Eastern time, which is 05:00 UTC in winter and 04:00 UTC in summer, so that the offset alone does not say
the date on the days around a change of the clocks.
"""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from calibration.sources.findings import fail

EASTERN = ZoneInfo("America/New_York")
DAY = re.compile(r"(\d{4})-(\d{2})-(\d{2})")
MONTH = re.compile(r"(\d{4})-(\d{2})")
QUARTER = re.compile(r"(\d{4}):?Q([1-4])")
YEAR = re.compile(r"\d{4}")
US_DATE = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})(?: 12:00:00 AM)?")
STAMP = re.compile(r"\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}")
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
MONTHS_A_QUARTER = 3


def month_end(year: int, month: int) -> date:
    """The last day of a month."""
    return date(year, month, monthrange(year, month)[1])


def quarter_end(day: date) -> date:
    """The last day of the quarter that a day is in."""
    return month_end(day.year, (day.month + 2) // 3 * 3)


def quarter_start(day: date) -> date:
    """The first day of the quarter that a day is in."""
    return date(day.year, (day.month - 1) // 3 * 3 + 1, 1)


def parse(text: str, where: str) -> date:
    """The last day of the period that ``text`` names.

    A day (``2025-10-29``, or ``10/29/2025`` with or without midnight), a month (``2025-10``), a quarter (``2025Q4``, ``2025:Q4``), a
    year (``2025``), or a time stamp that is midnight in UTC or in New York.

    Raises
    ------
    SourceError
        Nothing of the kind (``unreadable value``), or a stamp with a time of day (``daylight saving``).

    Examples
    --------
    >>> parse("2025Q4", "a file")
    datetime.date(2025, 12, 31)
    """
    text = text.strip()
    try:
        if found := DAY.fullmatch(text):
            return date(*(int(part) for part in found.groups()))
        if found := QUARTER.fullmatch(text):
            return month_end(int(found[1]), MONTHS_A_QUARTER * int(found[2]))
        if found := MONTH.fullmatch(text):
            return month_end(int(found[1]), int(found[2]))
        if found := US_DATE.fullmatch(text):
            return date(int(found[3]), int(found[1]), int(found[2]))
        if YEAR.fullmatch(text):
            return date(int(text), 12, 31)
        if STAMP.match(text):
            return day_of(datetime.fromisoformat(text), where)
    except ValueError as error:
        if hasattr(error, "findings"):
            raise
    raise fail("unreadable value", where, f"{text!r} is no date, month, quarter or year")


def milliseconds(value: float, where: str) -> date:
    """The date of a count of milliseconds since 1970 at midnight, in UTC or in New York.

    Raises
    ------
    SourceError
        Not at midnight in either (``daylight saving``), or no moment at all.

    Examples
    --------
    >>> milliseconds(1762387200000, "a file")
    datetime.date(2025, 11, 6)
    """
    try:
        moment = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=value)
    except (OverflowError, ValueError):
        raise fail("unreadable value", where, f"{value!r} is no count of milliseconds since 1970") from None
    return day_of(moment, where)


def day_of(moment: datetime, where: str) -> date:
    """The date of a moment that is midnight in UTC or in New York, or that has no zone and is midnight.

    Raises
    ------
    SourceError
        Any other time of day (``daylight saving``): 23:00 or 01:00 in New York is what midnight becomes when the wrong offset was
        used on one side of a change of the clocks.
    """
    local = moment if moment.tzinfo is None else moment.astimezone(UTC)
    if (local.hour, local.minute, local.second, local.microsecond) == (0, 0, 0, 0):
        return local.date()
    if moment.tzinfo is not None:
        eastern = moment.astimezone(EASTERN)
        if (eastern.hour, eastern.minute, eastern.second, eastern.microsecond) == (0, 0, 0, 0):
            return eastern.date()
    raise fail(
        "daylight saving",
        where,
        f"{moment.isoformat()} is midnight neither in UTC nor in New York; the date cannot be told from an offset that does not follow "
        "daylight saving time",
    )


def month_name(text: str, where: str) -> int:
    """The number of a month by its first three letters.

    Raises
    ------
    SourceError
        No month (``unreadable value``).
    """
    head = text.strip()[:3].capitalize()
    if head not in MONTHS:
        raise fail("unreadable value", where, f"{text!r} is no month")
    return MONTHS.index(head) + 1
