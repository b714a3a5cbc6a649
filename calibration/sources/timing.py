"""Timing: what day or stretch a figure is of, and the only ways from one to another.

Reserves, the Treasury's balance and ON RRP differ by 100 to 400 billions between a Wednesday, the average of its week and the last day
of the quarter. A conversion therefore exists only where the published figures determine the result, and it names what comes out:
nothing turns a week's average into a Wednesday's level, nor a Wednesday into a quarter-end.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date, timedelta
from itertools import groupby
from math import fsum
from typing import Literal

from calibration.sources.names import suggestion
from calibration.sources.periods import month_end, quarter_end, quarter_start

Stamp = Literal["day", "start", "end"]
Take = Callable[[Sequence[tuple[date, float]], date], "float | None"]
WEDNESDAY = 2
NEAR_DAYS = 6
WEEK = 7

# Timings that publishers' series have.
TIMINGS = (
    "day",
    "Wednesday level",
    "week average",
    "report Tuesday",
    "month end",
    "month average",
    "month flow",
    "quarter end",
    "quarter flow",
    "quarter rate",
    "year flow",
)
STEPS = {"day": 5, "Wednesday level": 7, "week average": 7, "report Tuesday": 7}
MONTHLY = ("month end", "month average", "month flow")
QUARTERLY = ("quarter end", "quarter flow", "quarter rate")


class TimingError(ValueError):
    """A conversion of timing that the published figures do not determine; the message says which exist."""


def last(items: Sequence[tuple[date, float]], end: date) -> float | None:
    """The last observation of the quarter."""
    return items[-1][1]


def mean(items: Sequence[tuple[date, float]], end: date) -> float | None:
    """The plain mean of the quarter's observations."""
    return fsum(value for _, value in items) / len(items)


def most(items: Sequence[tuple[date, float]], end: date) -> float | None:
    """The largest observation of the quarter."""
    return max(value for _, value in items)


def whole(items: Sequence[tuple[date, float]], end: date) -> float | None:
    """The sum of the quarter's observations."""
    return fsum(value for _, value in items)


def only(items: Sequence[tuple[date, float]], end: date) -> float | None:
    """The quarter's one observation."""
    return items[0][1] if len(items) == 1 else None


# (published timing, what is taken): (timing of the result, how). Anything else is refused.
QUARTERLY_FROM: Mapping[tuple[str, str], tuple[str, Take]] = {
    ("day", "last"): ("last day of the quarter", last),
    ("day", "mean"): ("mean of the quarter's days", mean),
    ("day", "max"): ("largest day of the quarter", most),
    ("Wednesday level", "last"): ("last Wednesday of the quarter", last),
    ("week average", "last"): ("average of the last week ending in the quarter", last),
    ("report Tuesday", "last"): ("last report of the quarter", last),
    ("month end", "last"): ("end of the quarter", last),
    ("month average", "last"): ("average of the quarter's last month", last),
    ("month average", "mean"): ("mean of the quarter's months", mean),
    ("month flow", "sum"): ("sum over the quarter", whole),
    ("quarter end", "as published"): ("end of the quarter", only),
    ("quarter flow", "as published"): ("sum over the quarter", only),
    ("quarter rate", "as published"): ("annual rate of the quarter", only),
}


def period_end(day: date, stamp: Stamp, timing: str) -> date:
    """The last day of the period that an observation is of, from the day by which the publisher dates it.

    Raises
    ------
    TimingError
        An unknown timing.

    Examples
    --------
    >>> period_end(date(2025, 10, 1), "start", "quarter rate")
    datetime.date(2025, 12, 31)
    """
    if timing not in TIMINGS:
        raise TimingError(f"no timing {timing!r}; {suggestion(timing, TIMINGS)} (known: {', '.join(TIMINGS)})")
    if timing in MONTHLY:
        return month_end(day.year, day.month)
    if timing in QUARTERLY:
        return quarter_end(day)
    if timing == "year flow":
        return date(day.year, 12, 31)
    return day + timedelta(days=WEEK - 1) if stamp == "start" and timing == "week average" else day


def quarters(observations: Mapping[date, float], timing: str, take: str) -> tuple[str, dict[date, float], tuple[date, ...]]:
    """Quarterly figures from observations dated by the end of their periods.

    Returns
    -------
    tuple
        The timing of the result, the figures by quarter-end, and the quarter-ends that the observations do not cover: the first and
        last quarter of a sample that starts late or stops early.

    Raises
    ------
    TimingError
        A conversion that does not exist.

    Examples
    --------
    >>> quarters({date(2025, 12, 24): 1.0, date(2025, 12, 31): 2.0}, "Wednesday level", "last")[:2]
    ('last Wednesday of the quarter', {datetime.date(2025, 12, 31): 2.0})
    """
    if (timing, take) not in QUARTERLY_FROM:
        exist = ", ".join(way for given, way in QUARTERLY_FROM if given == timing)
        raise TimingError(f"no {take!r} of a quarter from {timing!r} figures; there are: {exist or 'none'}")
    result, how = QUARTERLY_FROM[timing, take]
    figures: dict[date, float] = {}
    partial = []
    for end, group in groupby(sorted(observations.items()), key=lambda item: quarter_end(item[0])):
        items = list(group)
        if not covers([day for day, _ in items], end, timing, take):
            partial.append(end)
            continue
        value = how(items, end)
        if value is not None:
            figures[end] = value
    return result, figures, tuple(partial)


def covers(days: Sequence[date], end: date, timing: str, take: str) -> bool:
    """Whether observations reach the end of their quarter and, where all of it counts, start at its beginning."""
    if timing in QUARTERLY:
        return True
    if timing in MONTHLY:
        return days[-1] == end if take == "last" else len({day.month for day in days}) == len(("first", "second", "third"))
    near = NEAR_DAYS if timing != "report Tuesday" else NEAR_DAYS + WEEK
    reaches = (end - days[-1]).days <= near
    return reaches if take == "last" else reaches and (days[0] - quarter_start(end)).days <= NEAR_DAYS


def wednesdays(observations: Mapping[date, float]) -> dict[date, float]:
    """Wednesday levels of a daily series: the Wednesday, or the last day before it when it is a holiday.

    Examples
    --------
    >>> wednesdays({date(2025, 10, 28): 1.0, date(2025, 10, 29): 2.0, date(2025, 10, 30): 3.0})
    {datetime.date(2025, 10, 29): 2.0}
    """
    days = sorted(observations)
    if not days:
        return {}
    found = {}
    wednesday = days[0] + timedelta(days=(WEDNESDAY - days[0].weekday()) % WEEK)
    while wednesday <= days[-1]:
        week = [day for day in days if wednesday - timedelta(days=WEEK) < day <= wednesday]
        if week:
            found[wednesday] = observations[week[-1]]
        wednesday += timedelta(days=WEEK)
    return found


def week_averages(observations: Mapping[date, float]) -> dict[date, float]:
    """Averages over the seven days ending on each Wednesday, a closed day counting as the day before it, as H.4.1 does.

    Examples
    --------
    >>> days = {date(2025, 10, 22) + timedelta(days=n): float(n) for n in range(8)}
    >>> week_averages(days)
    {datetime.date(2025, 10, 29): 4.0}
    """
    days = sorted(observations)
    if not days:
        return {}
    held: dict[date, float] = {}
    day, value = days[0], observations[days[0]]
    while day <= days[-1]:
        value = observations.get(day, value)
        held[day] = value
        day += timedelta(days=1)
    found = {}
    for wednesday in (day for day in held if day.weekday() == WEDNESDAY):
        week = [wednesday - timedelta(days=back) for back in range(WEEK)]
        if all(day in held for day in week):
            found[wednesday] = fsum(held[day] for day in week) / WEEK
    return found
