"""How far the Treasury's account is off its rule from week to week: measured with the fiscal flows given and the account at its rule."""

from __future__ import annotations

import math
from datetime import date
from functools import cache

import numpy as np

from calibration.backtest.forecast import TOLERANCE, system
from calibration.backtest.given import given, settings
from calibration.backtest.noise import Noise, lasting
from calibration.business_days import time_grid
from calibration.credit import on_wednesdays
from calibration.parameters import load_parameters
from calibration.state import opening_state
from equations.anchors import anchor
from model.solving.solver import Options, solve

OPENING = date(2023, 6, 30)
FIRST_WEDNESDAY, LAST = date(2023, 6, 28), date(2024, 12, 25)
"""From the end of one debt-limit episode to the start of the next: in them the account follows the limit, not its rule."""
RULE = ("tga_cover", "tga_speed", "tga_floor")


@cache
def cash_noise() -> Noise:
    """One-week errors of the rule of the Treasury's account, USD bn, as an autoregression.

    The rule: the account returns to its target at its speed, and keeps what tax dates and settlements bring. The errors' mean, the distance
    of the true target from the model's, is taken out.
    """
    grid = time_grid(FIRST_WEDNESDAY, "weekly", end=LAST)
    chosen = {name: value for name, value in settings(OPENING).items() if name not in RULE}
    state, values = anchor(opening_state(OPENING, float(grid.lengths[0])), {**load_parameters(), **chosen})
    exogenous, paths = given(grid, state, values)
    economy = system()
    path = solve(
        economy,
        {name: value for name, value in state.items() if name in economy.variables},
        parameters={p.name: values[p.name] for p in economy.parameters},
        exogenous={name: series for name, series in exogenous.items() if name in economy.given},
        periods=len(grid.dates) - 1,
        dates=grid.dates,
        parameter_paths={name: series for name, series in paths.items() if name not in RULE},
        options=Options(tolerance=TOLERANCE),
    )
    account = on_wednesdays("tga", list(grid.dates))
    kept = np.array([math.exp(-values["tga_speed"] * length) for length in grid.lengths])
    planned = kept[1:] * account[:-1] + (1 - kept[1:]) * path["tga_target"][1:] + path["calendar_cash"][1:]
    return lasting(account[1:] - planned, f"one-week errors of the account's rule, {FIRST_WEDNESDAY} to {LAST}")
