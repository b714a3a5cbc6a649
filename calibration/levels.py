"""Rates, income and fiscal figures of the opening dates, with what follows from them by definition."""

from __future__ import annotations

from datetime import date

from calibration.newer import cached_in_use
from calibration.quarters import is_quarter_end, quarter_levels
from calibration.restating import restated_level
from calibration.tables import DataError, levels


@cached_in_use
def opening_levels(day: date) -> dict[str, float]:
    """The figures of one day by variable name: rates in decimals per year, stocks in USD bn, flows in USD bn per year.

    Raises
    ------
    DataError
        A day without figures.
    """
    found = {item.variable: restated_level(item) for item in levels() if item.date == day}
    if not found and is_quarter_end(day):
        return dict(quarter_levels(day))
    if not found:
        known = ", ".join(sorted({item.date.isoformat() for item in levels()}))
        raise DataError(f"no rates for {day.isoformat()}; there are some for: {known}")
    return found
