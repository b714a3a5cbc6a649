"""Published figures that no equation needs, and that the essays' claims are held against: debt, prices, holders, balances of the budget."""

from __future__ import annotations

from datetime import date
from functools import cache

from calibration.tables import Basis, Row, figure_of, read, series_of


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
    return series_of(read("context.csv", Figure), series)


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
    return figure_of(figures(series), day)
