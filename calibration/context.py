"""Published figures that no equation needs, and that the essays' claims are held against: debt, prices, holders, balances of the budget."""

from __future__ import annotations

from datetime import date
from functools import cache

from calibration.tables import Basis, DataError, Row, read


class Figure(Row):
    """A dated figure of a publication."""

    date: date
    series: str
    value: float
    unit: str
    basis: Basis
    source: str


@cache
def figures(series: str) -> tuple[Figure, ...]:
    """The figures of one series, oldest first.

    Raises
    ------
    DataError
        An unknown series; the message lists the known ones.
    """
    rows = read("context.csv", Figure)
    found = tuple(sorted((row for row in rows if row.series == series), key=lambda row: row.date))
    if not found:
        raise DataError(f"no series {series!r}; there are: {', '.join(sorted({row.series for row in rows}))}")
    return found


def context(series: str, day: str) -> float:
    """A series' figure of a day.

    Raises
    ------
    DataError
        No figure of that day.

    Examples
    --------
    >>> context("federal_debt", "2023-12-31")
    34001.494
    """
    when = date.fromisoformat(day)
    for row in figures(series):
        if row.date == when:
            return row.value
    raise DataError(f"no figure of {series!r} on {day}; it has {figures(series)[0].date} to {figures(series)[-1].date}")
