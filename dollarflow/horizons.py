"""Horizons: how long a run is and on which clock."""

from __future__ import annotations

import operator
from datetime import date

from dollarflow.economy import time_grid
from dollarflow.errors import BadInput
from dollarflow.lengths import check_length
from model.language.clocks import DAYS_A_YEAR, LENGTHS, Grid
from model.scenarios.scenario import Scenario

BASELINE = Scenario(name="baseline", title="Baseline")
PERIODS = 52


def whole(periods: object) -> int:
    """A number of periods from whatever stands for a whole number, such as NumPy's.

    Raises
    ------
    BadInput
        Something else, or more periods than a run has.
    """
    try:
        if isinstance(periods, bool):
            raise TypeError
        found = operator.index(periods)  # type: ignore[arg-type]
    except TypeError:
        raise BadInput(f"periods is {periods!r}; allowed: a whole number") from None
    check_length(found, f"periods = {found}", least=0)
    return found


def horizon(scenario: Scenario, start: date, periods: int | None = None, clock: str | None = None) -> Grid:
    """The grid of dates of a run: the caller's length and clock, else the scenario's, else 52 weeks.

    Another clock without another length keeps the scenario's span of time.
    """
    periods = None if periods is None else whole(periods)
    own = scenario.horizon
    if periods is not None:
        return time_grid(start, clock or own.clock or "weekly", periods=periods)
    if own.end is not None:
        usual = time_grid(start, own.clock or "weekly", end=own.end)
    else:
        usual = time_grid(start, own.clock or "weekly", periods=PERIODS if own.periods is None else own.periods)
    if clock is None or clock == usual.clock:
        return usual
    years = (usual.dates[-1] - start).days / DAYS_A_YEAR
    return time_grid(start, clock, periods=round(years / LENGTHS[clock]))
