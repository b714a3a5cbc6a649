"""Violations: what an audit finds, each naming the offender, the place and the size."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
TOLERANCE = 1e-10
LEAST = float(np.finfo(np.float64).tiny)
FLOOR = 1e-4
"""Share of the whole balance sheet below which a sum's rounding is measured against the balance sheet, not against the sum."""


@dataclass(frozen=True)
class Violation:
    """One thing that is wrong on a path.

    Parameters
    ----------
    check
        Name of the check that found it.
    where
        The variable, cell, sector or instrument at fault.
    period, date
        The first period in which it is wrong.
    gap, relative
        Its size there, in the variable's unit and relative to the terms compared.
    periods
        Number of periods in which it is wrong.
    message
        A sentence that names offender, place and size.
    """

    check: str
    where: str
    period: int
    date: date | None
    gap: float
    relative: float
    periods: int
    message: str

    def __str__(self) -> str:
        later = self.periods - 1
        return self.message if later == 0 else f"{self.message} (and in {later} later period{'s' if later > 1 else ''})"


def amount(number: float, gap: float = math.inf) -> str:
    """A figure with spaces between thousands and enough decimals for a gap of that size to show.

    Examples
    --------
    >>> amount(6546.8), amount(6550.0, 0.004)
    ('6 546.8', '6 550.0000')
    """
    if not math.isfinite(number):
        return str(number)
    size = abs(gap)
    decimals = min(15, max(1, 1 - math.floor(math.log10(size)))) if math.isfinite(size) and size > 0 else 1
    return f"{number:,.{decimals}f}".replace(",", " ")


def when(dates: Sequence[date] | None, period: int) -> str:
    """``on <date>``, or ``in period <n>`` where a path has no dates."""
    return f"in period {period}" if dates is None else f"on {dates[period].isoformat()}"


def find(
    check: str,
    gap: Floats,
    scale: Floats,
    where: Sequence[str],
    say: Callable[[int, int, str], str],
    *,
    dates: Sequence[date] | None,
    first: int = 1,
    tolerance: float = TOLERANCE,
) -> list[Violation]:
    """A violation for each column whose gap exceeds the tolerance, or is not a number, in some period.

    Gaps below the least number that is held with all its digits have no meaning and are none.

    Parameters
    ----------
    gap, scale
        Shape (periods, columns).
    where
        What each column is.
    say
        ``say(row, column, when)`` is the message for a row of ``gap``.
    first
        The period of row 0.
    """
    with np.errstate(invalid="ignore"):
        wrong = ~(np.abs(gap) <= np.maximum(tolerance * scale, LEAST))
    found = []
    for column in np.flatnonzero(wrong.any(axis=0)).tolist():
        row = int(np.argmax(wrong[:, column]))
        size, terms = float(gap[row, column]), float(scale[row, column])
        found.append(
            Violation(
                check,
                where[column],
                row + first,
                None if dates is None else dates[row + first],
                size,
                abs(size) / terms if terms > 0 else math.inf,
                int(wrong[:, column].sum()),
                say(row, column, when(dates, row + first)),
            )
        )
    return found
