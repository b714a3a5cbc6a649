"""What a forecast is given: the paths of monetary, fiscal and debt policy and nominal income, and nothing that the model produces.

Funds' hedged demand, asset managers' futures, foreign borrowing, currency, agency debt, savers' taste and the long-run rate are not
given: they stay as the opening has them.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import numpy as np
from numpy.typing import NDArray

from calibration.calendar import calendar_path
from calibration.credit import on_wednesdays, rest_of_assets
from calibration.policy import policy_path
from calibration.published import interpolated
from calibration.replay import AT_ONCE, LIMITS, change, policy_given, starting_values
from equations import hedge_funds, term_structure
from model.language.clocks import Grid

Floats = NDArray[np.float64]
Paths = dict[str, Floats]
RECENT = date(2021, 10, 1)
"""From here on the Fed's run-off and its emergency credit are compiled; before, both follow from its weekly balance sheet."""
CREDIT = "discount_window"
PURCHASES = date(2020, 3, 13)
NOTE_PART = 0.25
LEAST_RECEIPTS = 0.12
"""Receipts over income below which a quarter's deficit is paid out as cash instead: they were 15 % in the second quarter of 2020."""


def settings(opening: date) -> dict[str, float]:
    """Parameters that hold from a window's first day on: those of a replay that are older than the window, the Treasury's cash as given."""
    unknown = set(LIMITS) if opening >= RECENT else {*LIMITS, "hf_basis_share_opening"}
    found = {name: value for name, value in starting_values(opening).items() if name not in unknown}
    return {**found, "tga_cover": 0.0, "tga_speed": AT_ONCE}


def given(grid: Grid, state: Mapping[str, float], values: Mapping[str, float]) -> tuple[Paths, Paths]:
    """The exogenous paths and the parameter paths of a forecast, each of shape (periods + 1,).

    Parameters
    ----------
    grid
        The dates.
    state, values
        The completed opening and the anchored parameters.
    """
    length = len(grid.dates)
    exogenous = {"dt": np.asarray(grid.lengths, dtype=np.float64)}
    exogenous |= {variable.base: np.zeros(length) for variable in (*term_structure.EXOGENOUS, *hedge_funds.EXOGENOUS)}
    exogenous |= calendar_path(grid)
    exogenous |= policy_path(grid.dates)
    past = policy_given(grid, state, values, exogenous)
    paths = dict(past.parameters)
    exogenous |= past.exogenous
    if grid.dates[0] < RECENT:
        exogenous |= early_purchases(list(grid.dates), np.asarray(grid.lengths))
        exogenous |= handed_out(paths, income(grid, state), exogenous["tax_season"])
        paths["discount_window_base"] = early_lending(list(grid.dates), state[CREDIT]) / income(grid, state)
    return exogenous, paths


def handed_out(paths: Paths, level: Floats, season: Floats) -> Paths:
    """Cash paid out where a quarter's deficit exceeds what receipts can fall by; ``tax_rate`` among the paths is kept at its least.

    In the second quarter of 2020 the deficit was 2,001 bn: more than all receipts. The rest is paid out beyond the budget.
    """
    rate = np.maximum(paths["tax_rate"], LEAST_RECEIPTS)
    over = (rate - paths["tax_rate"]) * level * season
    paths["tax_rate"] = rate
    return {"cash_handout": over, "issuance_surprise": -rate * level * (season - 1.0)}


def income(grid: Grid, state: Mapping[str, float]) -> Floats:
    """Nominal income on a run's dates, USD bn per year: the opening's, growing as published."""
    from calibration.replay import interpolated_income

    level = interpolated_income(list(grid.dates))
    return np.asarray(state["gdp"] * level / level[0], dtype=np.float64)


def early_lending(days: list[date], opening: float) -> Floats:
    """The Fed's repurchase agreements, swaps and facilities, USD bn: those of the opening and what came after or went.

    Its assets less Treasuries and agency securities, from its weekly balance sheet. The amounts are demand at rates and limits that policy
    sets; they are given because the model has no channel for each facility of those years.
    """
    rest = rest_of_assets(days)
    return np.asarray(np.maximum(opening + rest - rest[0], 0.0), dtype=np.float64)


def early_purchases(days: list[date], lengths: Floats) -> Paths:
    """Bills, notes and bonds bought since 13 March 2020, at annual rates; the bills of the months before are reserve management."""
    open_market = np.array([day >= PURCHASES for day in days])
    bills = np.where(open_market, change(interpolated("fed_bills", days), lengths), 0.0)
    coupons = np.where(open_market, np.maximum(change(on_wednesdays("fed_treasuries", days), lengths) - bills, 0.0), 0.0)
    return {"qe_bills": bills, "qe_notes": NOTE_PART * coupons, "qe_bonds": (1 - NOTE_PART) * coupons}
