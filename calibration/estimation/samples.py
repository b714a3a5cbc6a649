"""Samples that curves are fitted to: daily money-market figures side by side, and quarterly balance-sheet figures."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from calibration.business_days import business_days, on_or_after
from calibration.calendar import MID_MONTH, QUARTER_MONTHS, is_month_end
from calibration.estimation.expressions import Floats
from calibration.newer import IN_USE, cached_in_use, series
from calibration.policy import in_force
from calibration.published import rows as published_series
from calibration.tables import DataError, Published, read

HELD_OUT = (date(2025, 10, 31), date(2025, 12, 31))
REFERENCE_DEPOSITS = 18147.65
SRF_START = date(2021, 7, 29)
BP = 100.0
YEAR = 365
WEDNESDAY = 2


@dataclass(frozen=True)
class Day:
    """One business day of the money market: spreads in basis points, stocks in USD bn, slack at the reference deposits."""

    date: date
    spread: float
    over_srf: float
    over_rrp: float
    wedge: float
    funds_spread: float
    reserves: float
    on_rrp: float
    srf: float
    deposits: float
    slack: float
    month_end: float
    quarter_end: float
    after_end: float
    mid_month: float


@cached_in_use
def quarterly(series: str) -> tuple[tuple[date, ...], Floats]:
    """A quarter-end series, the estimation's file and the replay's joined: dates and values, oldest first.

    Raises
    ------
    DataError
        A series of neither file.
    """
    found = {row.date: row.value for row in read("estimation.csv", Published) if row.series == series}
    try:
        found |= {row.date: row.value for row in published_series(series)}
    except DataError:
        if not found:
            raise
    found |= IN_USE.get().quarters.get(series, {})
    days = tuple(sorted(found))
    return days, np.array([found[day] for day in days])


def on_line(series: str, day: date) -> float:
    """A quarterly series on the straight line between its figures."""
    days, values = quarterly(series)
    return float(np.interp(day.toordinal(), [d.toordinal() for d in days], values))


def average_deposits(day: date) -> float:
    """Bank deposits averaged over the year before a day, USD bn, from quarter-ends known by then."""
    days, values = quarterly("bank_deposits")
    known = [value for end, value in zip(days, values.tolist(), strict=True) if day - timedelta(days=YEAR) < end <= day]
    return float(np.mean(known or values[:1]))


def last_complete_week(day: date) -> date:
    """The last Wednesday before a day: averages of weeks up to it hold no figure of the day or later.

    Examples
    --------
    >>> last_complete_week(date(2024, 12, 31))
    datetime.date(2024, 12, 25)
    """
    return day - timedelta(days=(day.weekday() - WEDNESDAY - 1) % 7 + 1)


def week_average(day: date) -> float:
    """Reserves as the average of the week, ending on a Wednesday, that a day belongs to."""
    days, values = series("reserves_week_average")
    place = int(np.searchsorted([d.toordinal() for d in days], day.toordinal()))
    return float(values[min(place, len(values) - 1)])


@cached_in_use
def days() -> tuple[Day, ...]:
    """Every business day from 2018-04-04 on which SOFR, EFFR and IORB were published."""
    rates: dict[str, dict[date, float]] = {}
    for name in ("sofr", "effr", "iorb", "tgcr", "dvp_rate", "on_rrp", "srf"):
        dates, values = series(name)
        rates[name] = dict(zip(dates, values.tolist(), strict=True))
    found = []
    previous: date | None = None
    for day in business_days(date(2018, 4, 3), max(rates["sofr"])):
        if any(day not in rates[name] for name in ("sofr", "effr", "iorb")):
            continue
        sofr, iorb = rates["sofr"][day], rates["iorb"][day]
        ceiling = 100 * in_force("srf_rate", day) if day >= SRF_START else np.nan
        tgcr = rates["tgcr"].get(day, np.nan)
        deposits, reserves, parked = average_deposits(day), week_average(day), rates["on_rrp"].get(day, 0.0)
        end = is_month_end(day)
        found.append(
            Day(
                day,
                BP * (sofr - iorb),
                BP * (sofr - ceiling),
                BP * tgcr - 1e4 * in_force("on_rrp_rate", day),
                BP * (rates["dvp_rate"].get(day, np.nan) - tgcr),
                BP * (rates["effr"][day] - iorb),
                reserves,
                parked,
                rates["srf"].get(day, 0.0),
                deposits,
                (reserves + parked) * REFERENCE_DEPOSITS / deposits,
                float(end),
                float(end and day.month in QUARTER_MONTHS),
                float(previous is not None and is_month_end(previous)),
                float(day == on_or_after(day.replace(day=MID_MONTH))),
            )
        )
        previous = day
    return tuple(found)


def between(start: date, end: date, keep: Callable[[Day], bool] = lambda day: True) -> tuple[Day, ...]:
    """The days from one date to another, both included, that pass a test."""
    return tuple(day for day in days() if start <= day.date <= end and keep(day))


def column(sample: tuple[Day, ...], name: str) -> Floats:
    """One figure of a sample as an array of shape (n,)."""
    return np.array([getattr(day, name) for day in sample], dtype=np.float64)
