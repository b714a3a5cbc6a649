"""(Y2) The ten-year yield on the two-year yield and on coupons in private hands over income, quarterly changes."""

from __future__ import annotations

from datetime import date
from itertools import pairwise

import numpy as np
import sympy as sp

from calibration.estimation.expressions import Floats
from calibration.estimation.fitting import Fit, Relation, Unknown, fit
from calibration.estimation.money_fund_bills import recent
from calibration.estimation.samples import on_line, quarterly
from calibration.estimation.study import Reported, Study

FIRST, LAST = date(2018, 9, 30), date(2025, 12, 31)
LAGS = 4
BP = 100.0

constant, expected, supply = sp.symbols("constant expected supply")
two_year, coupons = sp.symbols("two_year coupons")
RELATION = Relation(
    "term_premium",
    constant + expected * two_year + supply * coupons,
    (Unknown("constant", 0.0, -100.0, 100.0), Unknown("expected", 0.6, -2.0, 3.0), Unknown("supply", 4.0, -40.0, 40.0, 4.0, 3.0)),
)


def private_coupons(day: date) -> float:
    """Notes, bonds and other coupons that the Fed does not hold, per cent of GDP."""
    outstanding = on_line("marketable_debt", day) - on_line("bills_outstanding", day)
    held = on_line("fed_treasuries", day) - on_line("fed_bills", day)
    return 100.0 * (outstanding - held) / on_line("gdp", day)


def sample(first: date, last: date) -> tuple[Floats, dict[str, Floats]]:
    """Quarterly changes of the ten-year yield, bp, and of what explains it, for the quarters that end from one date to another."""
    days = [day for day in quarterly("marketable_debt")[0] if day >= date(2018, 6, 30)]
    pairs = [(a, b) for a, b in pairwise(days) if first <= b <= last]
    observed = np.array([BP * (recent("yield_10y", b) - recent("yield_10y", a)) for a, b in pairs])
    return observed, {
        "two_year": np.array([BP * (recent("yield_2y", b) - recent("yield_2y", a)) for a, b in pairs]),
        "coupons": np.array([private_coupons(b) - private_coupons(a) for a, b in pairs]),
    }


def estimate(first: date = FIRST, last: date = LAST) -> Fit:
    """The relation on the quarters that end from one date to another."""
    observed, regressors = sample(first, last)
    return fit(RELATION, observed, regressors, lags=LAGS)


def study() -> Study:
    """The estimate and three other samples."""
    return Study(
        "term_premium",
        "quarterly change of the ten-year yield",
        "bp",
        estimate(),
        FIRST,
        LAST,
        "H.15 ten- and two-year yields (month before quarter-end), MSPD, H.4.1, BEA; quarterly changes",
        {
            "constant": Reported("term_premium_constant", "bp"),
            "expected": Reported("yield_pass_through", "1"),
            "supply": Reported("gamma", "1 / yr", 0.01),
        },
        "the Treasury borrows more when yields fall in recessions, so that supply is no cause alone; prior of 4 bp from event studies, "
        "range 2 to 12",
        others={
            "without 2020": without_year(2020),
            "2018 to 2021": estimate(last=date(2021, 12, 31)),
            "2022 to 2025": estimate(date(2022, 3, 31)),
        },
    )


def without_year(year: int) -> Fit:
    """The relation without the quarters of a year."""
    days = [day for day in quarterly("marketable_debt")[0] if day >= date(2018, 6, 30)]
    kept = np.array([b.year != year for a, b in pairwise(days) if FIRST <= b <= LAST])
    observed, regressors = sample(FIRST, LAST)
    return fit(RELATION, observed[kept], {name: values[kept] for name, values in regressors.items()}, lags=LAGS)
