"""Numbers read off a forecast: levels, changes, monthly means, first dates, counts of days."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date

import numpy as np

from model.periods.path import Path

Measure = Callable[[Path], float]
HALF_POINT = 5e-5


def at(path: Path, name: str, day: date) -> float:
    """A variable on a day, on the straight line between two weeks."""
    days = [other.toordinal() for other in path.dates or ()]
    return float(np.interp(day.toordinal(), days, path[name]))


def level(name: str, day: date) -> Callable[[Path], float]:
    """A variable's level on a day."""
    return lambda path: at(path, name, day)


def change(names: Sequence[str], first: date, last: date) -> Callable[[Path], float]:
    """The change of a sum of variables from one day to another."""
    return lambda path: sum((at(path, name, last) - at(path, name, first) for name in names), 0.0)


def month(name: str, year: int, number: int) -> Callable[[Path], float]:
    """The mean of a rate's weeks that end in a month, basis points."""

    def mean(path: Path) -> float:
        values = [
            value for day, value in zip(path.dates or (), path[name].tolist(), strict=True) if (day.year, day.month) == (year, number)
        ]
        return 1e4 * float(np.mean(values)) if values else float("nan")

    return mean


def funds_month(year: int, number: int) -> Callable[[Path], float]:
    """The monthly mean of the federal funds rate less IORB, basis points."""
    return lambda path: month("effr", year, number)(path) - month("iorb", year, number)(path)


def weeks_late(name: str, below: float, day: date, after: date | None = None) -> Callable[[Path], float]:
    """Weeks from a day to the first date, after another, on which a variable is below a number."""

    def distance(path: Path) -> float:
        for other, value in zip(path.dates or (), path[name].tolist(), strict=True):
            if (after is None or other > after) and value < below:
                return (other - day).days / 7
        return float("nan")

    return distance


def weeks_from_peak(name: str, day: date) -> Callable[[Path], float]:
    """Weeks from a day to the date of a variable's largest value."""
    return lambda path: ((path.dates or ())[int(np.nanargmax(path[name]))] - day).days / 7


def on_day(name: str, day: date, factor: float = 1.0) -> Callable[[Path], float]:
    """A variable on a business day of the daily clock, times a factor.

    The measure raises ValueError for a day that the path does not have.
    """
    return lambda path: factor * float(path[name][(path.dates or ()).index(day)])


def days_above(name: str, other: str, year: int) -> Callable[[Path], float]:
    """The number of a year's days on which a rate is above another by half a basis point or more."""

    def count(path: Path) -> float:
        above = path[name] - path[other] >= HALF_POINT
        return float(sum(bool(up) for day, up in zip(path.dates or (), above.tolist(), strict=True) if day.year == year))

    return count


def income(year: int) -> Callable[[Path], float]:
    """The Fed's net income over a calendar year, USD bn."""

    def total(path: Path) -> float:
        amounts = zip(path.dates or (), path["fed_net_income"].tolist(), path["dt"].tolist(), strict=True)
        return sum(float(rate * length) for place, (day, rate, length) in enumerate(amounts) if place and day.year == year)

    return total
