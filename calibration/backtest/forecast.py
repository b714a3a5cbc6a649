"""The model's forecast of a window: its opening, its own parameters, and the paths of monetary, fiscal and debt policy."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import cache

import numpy as np
from numpy.typing import NDArray

from calibration.backtest.windows import Window
from calibration.business_days import time_grid
from calibration.calendar import calendar_path
from calibration.parameters import load_parameters
from calibration.policy import policy_path
from calibration.replay import AT_ONCE, LIMITS, replay, starting_values, treasury_cash
from calibration.state import opening_state
from equations import hedge_funds, term_structure
from equations.anchors import anchor
from equations.dollar_system import dollar_system
from model.clocks import Grid
from model.path import Path
from model.solver import Options, solve
from model.system import System

Floats = NDArray[np.float64]
TOLERANCE = 1e-11
FISCAL_FIGURES = date(2021, 10, 1)
GIVEN_PARAMETERS = (
    "growth",
    "loan_growth",
    "tax_rate",
    "other_means_share",
    "bill_share",
    "tga_floor",
    "discount_window_base",
    "fed_agency_paydown_rate",
)
"""Nominal income (fiscal figures are shares of it), receipts, debt management, the Treasury's cash, the Fed's lending and its portfolio."""
GIVEN_PATHS = ("issuance_surprise", "settlement_season", "shutdown", "qe_notes", "qe_bonds", "qe_agency", "qe_bills")


@cache
def system() -> System:
    """The dollar system, compiled once."""
    return dollar_system()


def given(grid: Grid, state: Mapping[str, float], values: Mapping[str, float]) -> tuple[dict[str, Floats], dict[str, Floats]]:
    """The exogenous paths and parameter paths that a forecast is given: of a replay, those of policy alone.

    Funds' hedged demand, asset managers' futures, foreign borrowing, currency, agency debt, savers' taste and the long-run rate are not
    among them: they stay as the opening has them. Before fiscal figures were compiled only the Treasury's cash is given.
    """
    length = len(grid.dates)
    exogenous = {"dt": np.asarray(grid.lengths, dtype=np.float64)}
    exogenous |= {variable.base: np.zeros(length) for variable in (*term_structure.EXOGENOUS, *hedge_funds.EXOGENOUS)}
    exogenous |= calendar_path(grid)
    exogenous |= policy_path(grid.dates)
    if grid.dates[0] < FISCAL_FIGURES:
        return exogenous, {"tga_floor": treasury_cash(list(grid.dates))}
    past = replay(grid, state, values, exogenous)
    exogenous |= {name: path for name, path in past.exogenous.items() if name in GIVEN_PATHS}
    return exogenous, {name: path for name, path in past.parameters.items() if name in GIVEN_PARAMETERS}


def forecast(item: Window, changed: Mapping[str, float] | None = None) -> Path:
    """The model's weekly path over a window.

    Parameters
    ----------
    item
        The window.
    changed
        Parameter values over those of the window, for bands.

    Raises
    ------
    DataError
        A window without a balanced opening.
    SolveFailure
        A week without solution.
    """
    grid = time_grid(item.opening, "weekly", end=item.end)
    own = {name: chosen.value for name, chosen in item.parameters.items()}
    settings = {"tga_cover": 0.0, "tga_speed": AT_ONCE}
    if item.opening >= FISCAL_FIGURES:
        settings = {name: value for name, value in starting_values(item.opening).items() if name not in LIMITS}
    start = opening_state(item.opening, float(grid.lengths[0]))
    state, values = anchor(start, {**load_parameters(), **settings, **own, **(changed or {})})
    exogenous, paths = given(grid, state, values)
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
