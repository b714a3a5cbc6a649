"""(B5) Banks' Treasuries over deposits on the ten-year yield over IORB, with partial adjustment, quarterly."""

from __future__ import annotations

from datetime import date
from itertools import pairwise

import numpy as np
import sympy as sp

from calibration.estimation.fitting import Fit, Relation, Unknown, fit
from calibration.estimation.money_fund_bills import recent
from calibration.estimation.samples import on_line, quarterly
from calibration.estimation.study import Reported, Study

FIRST, LAST = date(2018, 6, 30), date(2025, 12, 31)
LAGS = 4
QUARTER = 0.25

ratio, effect, speed, before, spread = sp.symbols("ratio effect speed before spread")
RELATION = Relation(
    "bank_treasuries",
    before + (1 - sp.exp(-speed * QUARTER)) * (ratio * (1 + effect * spread) - before),
    (
        Unknown("ratio", 8.9, 1.0, 20.0, 8.9, 3.0),
        Unknown("effect", 0.15, -0.5, 1.0, 0.15, 0.15),
        Unknown("speed", 0.6, 0.05, 6.0, 0.6, 0.4),
    ),
)


def estimate(first: date = FIRST, last: date = LAST) -> Fit:
    """The ratio on the quarters that end from one date to another."""
    days, held = quarterly("bank_treasuries")
    level = {day: 100 * value / on_line("bank_deposits", day) for day, value in zip(days, held.tolist(), strict=True)}
    pairs = [(a, b) for a, b in pairwise(days) if first <= b <= last]
    regressors = {
        "before": np.array([level[a] for a, _ in pairs]),
        "spread": np.array([recent("yield_10y", b) - recent("iorb", b) for _, b in pairs]),
    }
    return fit(RELATION, np.array([level[b] for _, b in pairs]), regressors, lags=LAGS)


def study() -> Study:
    """The estimate and two other samples."""
    return Study(
        "bank_treasuries",
        "banks' Treasuries over deposits",
        "percent",
        estimate(),
        FIRST,
        LAST,
        "Z.1 L.210 banks' Treasuries (market value, bills included), H.8 deposits, H.15 ten-year yield, Fed IORB; quarter-ends",
        {
            "ratio": Reported("bank_treasury_ratio", "1", 0.01),
            "effect": Reported("bank_treasury_yield", "yr", 100.0),
            "speed": Reported("bank_treasury_speed", "1 / yr"),
        },
        "the model's ratio is of coupons at face without dealers and bills: the level is not comparable, effect and speed are",
        others={"2018 to 2021": estimate(last=date(2021, 12, 31)), "2022 to 2025": estimate(date(2022, 3, 31))},
    )
