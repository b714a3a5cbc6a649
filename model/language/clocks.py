"""Clocks: the dates of a run and the length of each period in years."""

from __future__ import annotations

import calendar
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import islice, takewhile

import numpy as np
from numpy.typing import NDArray

LENGTHS = {"weekly": 1 / 52, "monthly": 1 / 12, "quarterly": 1 / 4, "daily": 1 / 252}
DAYS_A_YEAR = 365.0


@dataclass(frozen=True)
class Grid:
    """The dates of a run.

    Parameters
    ----------
    clock
        ``weekly`` (every seven days from the start), ``monthly`` or ``quarterly`` (month-ends; a first period that is shorter has its
        own length), ``daily`` (business days).
    dates
        The opening's, then the end of each period.
    lengths
        Years in each period; the opening has the first period's.
    """

    clock: str
    dates: tuple[date, ...]
    lengths: NDArray[np.float64]

    @property
    def periods(self) -> int:
        """Number of periods."""
        return len(self.dates) - 1


def every_day(_: date) -> bool:
    """True: no day is a holiday."""
    return True


def grid(
    start: date, clock: str, *, periods: int | None = None, end: date | None = None, is_open: Callable[[date], bool] = every_day
) -> Grid:
    """The dates of a clock from a start.

    Parameters
    ----------
    start
        The opening's date.
    clock
        A key of :data:`LENGTHS`.
    periods, end
        Number of periods, or the last date; one of them.
    is_open
        For the daily clock: whether a weekday is a business day.

    Raises
    ------
    ValueError
        An unknown clock, a negative number of periods, an end before the start, or a date beyond the calendar.
    """
    if clock not in LENGTHS:
        raise ValueError(f"no clock is named {clock!r}; known: {', '.join(LENGTHS)}")
    if (periods is None) == (end is None):
        raise ValueError("give periods or end, one of them")
    if periods is not None and periods < 0:
        raise ValueError(f"periods must be 0 or more, not {periods}")
    if end is not None and end < start:
        raise ValueError(f"the end {end} comes before the start {start}")
    ticks = _ticks(start, clock, is_open)
    try:
        later = tuple(islice(ticks, periods)) if end is None else tuple(takewhile(lambda day: day <= end, ticks))
    except OverflowError:
        raise ValueError(
            f"{f'{periods} periods' if end is None else f'periods to {end}'} from {start} reach beyond the year 9999"
        ) from None
    lengths = np.full(len(later) + 1, LENGTHS[clock])
    if later and clock in ("monthly", "quarterly"):
        days = (later[0] - start).days
        if days < 27 or (clock == "quarterly" and days < 89):
            lengths[:2] = days / DAYS_A_YEAR
    return Grid(clock, (start, *later), lengths)


def _ticks(start: date, clock: str, is_open: Callable[[date], bool]) -> Iterator[date]:
    day = start
    while True:
        if clock == "weekly":
            day += timedelta(days=7)
        elif clock == "daily":
            day += timedelta(days=1)
            while day.weekday() > 4 or not is_open(day):
                day += timedelta(days=1)
        else:
            day = _month_end(day + timedelta(days=1), 1 if clock == "monthly" else 3)
        yield day


def _month_end(day: date, step: int) -> date:
    """The first month-end on or after a day, in a month whose number is a multiple of ``step``."""
    year, month = day.year, -(-day.month // step) * step
    if year > date.max.year:
        raise OverflowError
    return date(year, month, calendar.monthrange(year, month)[1])
