"""The model's forecast of a window: its opening, its own parameters, and the paths of monetary, fiscal and debt policy."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from functools import cache
from typing import Literal

from calibration.backtest.given import given, income, settings
from calibration.backtest.published import quarter_ends
from calibration.backtest.surprises import Surprise
from calibration.backtest.windows import Window
from calibration.business_days import time_grid
from calibration.newer import IN_USE, cached_in_use, observations
from calibration.parameters import load_parameters
from calibration.replay import funds_demand
from calibration.state import opening_state
from equations.anchors import anchor
from equations.dollar_system import dollar_system
from model.language.system import System
from model.periods.path import Path
from model.solving.solver import Options, solve

TOLERANCE = 1e-11
DAY = timedelta(days=1)
HEDGED = ("hf_spread_ratio", "repo_dvp_row_ratio")
"""Parameters among the paths of hedged demand."""


@cached_in_use
def opening(day: date, length: float) -> dict[str, float]:
    """A window's opening: figures that no publication gives are those of an earlier balanced day, not between it and a later one.

    Before 2019-06-30 there is no earlier one.

    Parameters
    ----------
    day, length
        The day, and the length of the first week in years.
    """
    with observations(replace(IN_USE.get(), until=day)):
        return opening_state(day, length)


@cache
def system() -> System:
    """The dollar system, compiled once."""
    return dollar_system()


def last_day(item: Window) -> date:
    """The last day of a window at the daily clock: the quarter-end up to three days after the last week."""
    return max(day for day in quarter_ends(item.opening, item.end + 3 * DAY))


def forecast(
    item: Window,
    changed: Mapping[str, float] | None = None,
    surprise: Surprise | None = None,
    clock: Literal["weekly", "daily"] = "weekly",
    hedged: bool = False,
) -> Path:
    """The model's path over a window.

    Parameters
    ----------
    item
        The window.
    changed
        Parameter values over those of the window, for bands.
    surprise
        What the forecast could not know, drawn for bands.
    clock
        ``weekly``, which is scored, or ``daily`` for dated facts of single days.
    hedged
        True gives hedged demand and foreign repo borrowing as published beside policy, to see what they explain of a miss.

    Raises
    ------
    DataError
        A window without a balanced opening.
    SolveFailure
        A period without solution.
    """
    grid = time_grid(item.opening, clock, end=last_day(item) if clock == "daily" else item.end)
    own = {name: chosen.value for name, chosen in item.parameters.items()}
    start = opening(item.opening, float(grid.lengths[0]))
    state, values = anchor(start, {**load_parameters(), **settings(item.opening), **own, **(changed or {})})
    exogenous, paths = given(grid, state, values)
    if hedged:
        demand = funds_demand(list(grid.dates), income(grid, state), state, values)
        paths |= {name: demand.pop(name) for name in HEDGED}
        exogenous |= demand
    if surprise is not None:
        exogenous, paths = surprise.over(exogenous, paths, values, state["mmf_shares"])
    economy = system()
    known, numbers = set(economy.variables), {p.name for p in economy.parameters}
    inputs = set(economy.given)
    return solve(
        economy,
        {name: value for name, value in state.items() if name in known},
        parameters={name: value for name, value in values.items() if name in numbers},
        exogenous={name: path for name, path in exogenous.items() if name in inputs},
        periods=len(grid.dates) - 1,
        dates=grid.dates,
        parameter_paths=paths,
        options=Options(tolerance=TOLERANCE),
    )
