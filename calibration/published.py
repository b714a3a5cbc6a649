"""Published series by quarter or date: fiscal flows, the Fed's portfolio and income, holdings, money; with their sources."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from functools import cache

import numpy as np
from numpy.typing import NDArray

from calibration.tables import Published, figure_of, published_rows, series_of

Floats = NDArray[np.float64]


@cache
def rows(series: str) -> tuple[Published, ...]:
    """The rows of one series, oldest first.

    Raises
    ------
    DataError
        An unknown series; the message lists the known ones.
    """
    found = [row for row in published_rows(series) if row.series == series]
    return series_of(found or published_rows(), series)


def published(series: str, day: date | str) -> float:
    """A series' figure of a day.

    Raises
    ------
    DataError
        No figure of that day.

    Examples
    --------
    >>> published("m2", "2009-12-31")
    8512.0
    """
    return figure_of(rows(series), day)


def dated(series: str) -> tuple[tuple[date, ...], Floats]:
    """The days and figures of a series, oldest first."""
    found = rows(series)
    return tuple(row.date for row in found), np.array([row.value for row in found])


def interpolated(series: str, days: Iterable[date]) -> Floats:
    """A series' level on some days: on the straight line between two figures, at the first or last one outside them."""
    known, figures = dated(series)
    return np.interp([day.toordinal() for day in days], [day.toordinal() for day in known], figures)


def in_force(series: str, days: Iterable[date]) -> Floats:
    """A series' last figure on or before each of some days; the first one before all figures."""
    known, figures = dated(series)
    places = np.searchsorted([day.toordinal() for day in known], [day.toordinal() for day in days], side="right") - 1
    return np.array(figures[np.maximum(places, 0)])


def uncertain(series: str) -> bool:
    """True where a figure of the series is an assumption."""
    return any(row.basis == "assumption" for row in rows(series))
