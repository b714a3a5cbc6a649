"""Moves: what a caller's files change in the rows and rates of the openings, with the size of each change in deviations."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from calibration.quarters import compiled
from calibration.restating import PERCENT, RATES, daily_of, parts_of, restated, restated_level
from calibration.sources.revisions import ordinary
from calibration.tables import Level, Observation, levels, observations

LEAST = 1e-9


@dataclass(frozen=True)
class Move:
    """A row or rate of an opening that files move.

    Parameters
    ----------
    date, name, unit
        Day of the opening, row or rate, and its unit.
    old, new
        Compiled and restated value.
    deviation
        The row's deviation with the ordinary revisions of what it rests on, in ``unit``.
    """

    date: date
    name: str
    unit: str
    old: float
    new: float
    deviation: float

    @property
    def size(self) -> float:
        """The move in deviations."""
        return (self.new - self.old) / self.deviation

    def __str__(self) -> str:
        return f"{self.date}: {self.name} {self.old:,.6g} becomes {self.new:,.6g} {self.unit}, {self.size:+.2f} deviations"


def moves() -> tuple[Move, ...]:
    """Every row and rate of the balanced days that the observations in use move."""
    return tuple(move for move in (*row_moves(), *rate_moves()) if abs(move.new - move.old) > LEAST * max(1.0, abs(move.old)))


def row_moves() -> Iterator[Move]:
    """The rows of the balance sheets with their restated values, USD bn."""
    for row in observations():
        yield Move(row.date, row.figure, row.unit, row.value, restated(row).value, row_deviation(row))


def row_deviation(row: Observation) -> float:
    """A row's deviation and the ordinary revisions of the figures that it rests on, as independent errors, USD bn."""
    sizes = [abs(weight) * ordinary("quarters", name, figure(name, row.date)) for name, weight in parts_of(row).items()]
    if daily_of(row):
        sizes.append(ordinary("rates", daily_of(row), row.value))
    return max(math.hypot(row.std_usd_bn, *sizes), LEAST)


def figure(name: str, day: date) -> float:
    """A figure of a quarter-end in use; 0 where there is none."""
    return compiled(name)[day].value if day in compiled(name) else 0.0


def rate_moves() -> Iterator[Move]:
    """The rates of the openings with their restated values, decimals per year."""
    for row in levels():
        if row.variable in RATES:
            yield Move(row.date, row.variable, row.unit, row.value, restated_level(row), rate_deviation(row))


def rate_deviation(row: Level) -> float:
    """The ordinary revisions of the daily series that a rate follows, as a decimal per year."""
    parts = RATES[row.variable]
    return PERCENT * math.hypot(*(weight * ordinary("rates", name, 100 * row.value) for name, weight in parts.items()))
