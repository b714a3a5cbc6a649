"""(R6) Foreigners' Treasuries on the ten-year yield: quarterly growth on the change of the yield and on its level before."""

from __future__ import annotations

from datetime import date
from itertools import pairwise

import numpy as np
import sympy as sp

from calibration.estimation.fitting import Fit, Relation, Unknown, fit
from calibration.estimation.money_fund_bills import recent
from calibration.estimation.samples import quarterly
from calibration.estimation.study import Reported, Study

FIRST, LAST = date(2018, 9, 30), date(2025, 9, 30)
LAGS = 4

growth, demand, valuation = sp.symbols("growth demand valuation")
level, change = sp.symbols("level change")
RELATION = Relation(
    "foreign_demand",
    growth + demand * level + valuation * change,
    (Unknown("growth", 0.5, -20.0, 20.0), Unknown("demand", 0.0, -20.0, 20.0), Unknown("valuation", -4.0, -40.0, 40.0)),
)


def estimate(first: date = FIRST, last: date = LAST) -> Fit:
    """Growth on the quarters that end from one date to another."""
    days, held = quarterly("foreign_treasuries")
    amount = dict(zip(days, held.tolist(), strict=True))
    pairs = [(a, b) for a, b in pairwise(days) if first <= b <= last]
    observed = np.array([100 * float(np.log(amount[b] / amount[a])) for a, b in pairs])
    regressors = {
        "level": np.array([recent("yield_10y", a) - recent("iorb", a) for a, _ in pairs]),
        "change": np.array([recent("yield_10y", b) - recent("yield_10y", a) for a, b in pairs]),
    }
    return fit(RELATION, observed, regressors, lags=LAGS)


def study() -> Study:
    """The estimate and two other samples."""
    return Study(
        "foreign_demand",
        "quarterly growth of foreigners' Treasuries",
        "percent",
        estimate(),
        FIRST,
        LAST,
        "Treasury Bulletin OFS-2 (FDHBFIN), H.15 ten-year yield, Fed IORB; quarterly",
        {
            "growth": Reported("foreign_growth", "percent a quarter"),
            "demand": Reported("foreign_yield_effect", "percent a quarter per point over IORB"),
            "valuation": Reported("foreign_valuation", "percent per point"),
        },
        "holdings are partly at market value: a rise of the yield lowers their value by their duration, which a demand for yield cannot be "
        "told from; hedged yields are not compiled. The model's share of foreigners in the slope of demand stays a judgement",
        others={"2018 to 2021": estimate(last=date(2021, 12, 31)), "2022 to 2025": estimate(date(2022, 3, 31))},
    )
