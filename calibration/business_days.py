"""Business days of the US money market: weekdays that are no federal holiday."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterator
from datetime import date, timedelta
from functools import cache

from model.language.clocks import Grid, grid

MONDAY, THURSDAY, SATURDAY, SUNDAY = 0, 3, 5, 6
JUNETEENTH_SINCE = 2021


def nth_weekday(year: int, month: int, weekday: int, n: int) -> date:
    """The n-th weekday of a month; n = -1 for the last."""
    if n > 0:
        first = date(year, month, 1)
        return first + timedelta(days=(weekday - first.weekday()) % 7 + 7 * (n - 1))
    last = date(year, month, monthrange(year, month)[1])
    return last - timedelta(days=(last.weekday() - weekday) % 7)


@cache
def holidays(year: int) -> frozenset[date]:
    """Days on which the Federal Reserve Banks are closed: a Sunday holiday moves to Monday, a Saturday holiday does not move.

    Notes
    -----
    Days of national mourning and the like, which only the securities exchanges observe, are business days.

    References
    ----------
    5 U.S.C. 6103; Federal Reserve Banks, holiday schedule.
    """
    fixed = [date(year, 1, 1), date(year, 7, 4), date(year, 11, 11), date(year, 12, 25)]
    if year >= JUNETEENTH_SINCE:
        fixed.append(date(year, 6, 19))
    observed = [day + timedelta(days=1) if day.weekday() == SUNDAY else day for day in fixed]
    moving = [
        nth_weekday(year, 1, MONDAY, 3),
        nth_weekday(year, 2, MONDAY, 3),
        nth_weekday(year, 5, MONDAY, -1),
        nth_weekday(year, 9, MONDAY, 1),
        nth_weekday(year, 10, MONDAY, 2),
        nth_weekday(year, 11, THURSDAY, 4),
    ]
    return frozenset([*observed, *moving])


def is_business_day(day: date) -> bool:
    """Whether the money market is open."""
    return day.weekday() < SATURDAY and day not in holidays(day.year)


def business_days(after: date, until: date) -> Iterator[date]:
    """The business days later than ``after`` up to ``until``."""
    day = after + timedelta(days=1)
    while day <= until:
        if is_business_day(day):
            yield day
        day += timedelta(days=1)


def on_or_after(day: date) -> date:
    """The first business day on or after a day."""
    while not is_business_day(day):
        day += timedelta(days=1)
    return day


def last_business_day(year: int, month: int) -> date:
    """The last business day of a month."""
    day = date(year, month, monthrange(year, month)[1])
    while not is_business_day(day):
        day -= timedelta(days=1)
    return day


def time_grid(start: date, clock: str, *, periods: int | None = None, end: date | None = None) -> Grid:
    """The dates of a clock from a start; the daily clock steps over weekends and federal holidays.

    Raises
    ------
    ValueError
        As :func:`model.language.clocks.grid`.

    Examples
    --------
    >>> [str(day) for day in time_grid(date(2025, 11, 26), "daily", periods=2).dates]
    ['2025-11-26', '2025-11-28', '2025-12-01']
    """
    return grid(start, clock, periods=periods, end=end, is_open=is_business_day)
