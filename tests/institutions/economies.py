"""Small economies that several tests look at, solved once."""

from __future__ import annotations

from functools import cache

import numpy as np

from calibration.institutions.generate import Generated, Plan, generate
from calibration.institutions.shocks import Shock, given_paths
from dollarflow.institutions.run import EQUITY
from model.members.path import MemberPath
from model.members.solver import solve_members

WEEKS = 6
JUMP = Shock(title="jump", story="", start=2, weeks=2, yield_rise=0.0125, haircut_rise=0.02, basis_rise=0.01)
RUIN = Shock(title="ruin", story="", start=2, weeks=1, yield_rise=0.16, haircut_rise=0.05, basis_rise=0.02, official_sales=10.0)
HIT = Shock(title="one fund", story="", start=2, fund_loss=1.5, funds_hit=1)
TINY = Plan(2, 2, 2, seed=3)
MIXED = Plan(12, 8, 30, seed=4)
FRAGILE = Plan(12, 8, 30, seed=4, changed=(("bail_in_share", 0.9), ("capital_dispersion", 0.8)))


@cache
def generated(plan: Plan) -> Generated:
    """The institutions of a plan."""
    return generate(plan)


@cache
def solved(plan: Plan, shock: Shock, weeks: int = WEEKS, whole: bool = False) -> MemberPath:
    """The path of a plan under a shock."""
    economy = generated(plan)
    return solve_members(
        economy.lifted,
        economy.opening,
        parameters=economy.parameters,
        exogenous=given_paths(economy.rates, shock, weeks, equity=np.asarray(economy.opening[EQUITY])),
        periods=weeks,
        whole=whole,
    )


def closeness(one: np.ndarray, other: np.ndarray) -> float:
    """The largest difference relative to the larger of one and the size."""
    return float(np.max(np.abs(one - other) / (1.0 + np.abs(other)), initial=0.0))
