"""Everything a baseline run needs on its dates: completed opening, parameters, policy and calendar."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from calibration.calendar import calendar_path, neutral_calendar
from calibration.parameters import BASE, load_parameters, usual_set
from calibration.policy import frozen_policy, parameter_path, policy_path
from calibration.replay import replay, starting_values
from calibration.state import opening_state
from equations import hedge_funds, term_structure
from equations.anchors import anchor, check_anchored
from model.language.clocks import Grid


@dataclass(frozen=True)
class Inputs:
    """What the solver is given.

    Parameters
    ----------
    opening
        Values in period 0 by variable name, auxiliary states included.
    parameters
        Values by name, anchored ones included.
    exogenous
        Paths by name, each of shape (periods + 1,).
    parameter_paths
        Parameters that policy changed on a date, each of shape (periods + 1,).
    """

    opening: Mapping[str, float]
    parameters: Mapping[str, float]
    exogenous: Mapping[str, NDArray[np.float64]]
    parameter_paths: Mapping[str, NDArray[np.float64]]


def baseline_inputs(
    day: date | str,
    grid: Grid,
    *,
    parameters: str | None = None,
    calendar: bool = True,
    events: bool = True,
    history: bool = False,
    changed: Mapping[str, float] | None = None,
    opening: Mapping[str, float] | None = None,
) -> Inputs:
    """The inputs of a run from the opening of ``day`` on the dates of ``grid``.

    Parameters
    ----------
    day
        A day with balanced sheets.
    grid
        The dates, see :func:`calibration.business_days.time_grid`.
    parameters
        Name of a parameter set; None for the one that fits the day, see :func:`calibration.parameters.usual_set`.
    calendar
        False for a year without period-ends, tax dates and settlements.
    events
        False holds policy at the opening's settings; True follows the dated path.
    history
        True gives the run what history gave from outside: fiscal flows, autonomous factors and hedged demand as published.
    changed
        Parameter values over those of the set, before anything is anchored.
    opening
        Opening values over those of the day.

    Raises
    ------
    DataError
        No figures for the day, or no such parameter set.
    AnchorError
        An opening that a curve cannot be put through, or a changed value from which a parameter out of bounds follows.
    """
    chosen = usual_set(grid.dates[0]) if parameters is None else parameters
    start = {**opening_state(day, float(grid.lengths[0]), changed), **(opening or {})}
    settings = starting_values(grid.dates[0]) if history else {}
    state, values = anchor(start, {**load_parameters(chosen), **settings, **(changed or {})})
    check_anchored(values, changed or {})
    length = len(grid.dates)
    exogenous = {"dt": np.asarray(grid.lengths, dtype=np.float64)}
    exogenous |= {variable.base: np.zeros(length) for variable in (*term_structure.EXOGENOUS, *hedge_funds.EXOGENOUS)}
    exogenous |= calendar_path(grid) if calendar else neutral_calendar(length)
    exogenous |= policy_path(grid.dates) if events else frozen_policy(grid.dates[0], length)
    paths = parameter_path(grid.dates) if events and chosen == BASE else {}
    if history:
        past = replay(grid, state, values, exogenous)
        exogenous, paths = {**exogenous, **past.exogenous}, {**paths, **past.parameters}
    return Inputs(state, values, exogenous, {name: path for name, path in paths.items() if name not in (changed or {})})
