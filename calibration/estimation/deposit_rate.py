"""(B3) The average cost of deposits on IORB, which it follows in part and slowly."""

from __future__ import annotations

from datetime import date
from functools import reduce

import numpy as np
import sympy as sp

from calibration.estimation.expressions import Floats
from calibration.estimation.fitting import Fit, Relation, Unknown, fit
from calibration.estimation.samples import quarterly
from calibration.estimation.study import Reported, Study
from calibration.newer import series

FIRST, LAST = date(2019, 12, 31), date(2024, 12, 31)
MEMORY = 16
QUARTER = 0.25
LAGS = 1

beta, speed = sp.symbols("beta speed")
past = [sp.Symbol(f"iorb_{lag}") for lag in range(MEMORY + 1)]
kept = sp.exp(-speed * QUARTER)
followed = reduce(lambda total, lag: total + (1 - kept) * kept**lag * past[lag], range(MEMORY), sp.Integer(0))
RELATION = Relation(
    "deposit_rate",
    beta * (followed + kept**MEMORY * past[MEMORY]),
    (Unknown("beta", 0.4, 0.05, 1.0, 0.4, 0.1), Unknown("speed", 0.924, 0.1, 8.0, 0.924, 0.5)),
)
"""Four years of quarterly means; before them, and before April 2018, the earliest mean known."""


def quarter_mean(back: int, day: date) -> float:
    """The mean of IORB over a quarter, ``back`` quarters before the one that ends on a day; per cent."""
    days, values = series("iorb")
    end = day.toordinal() - round(back * 365.25 / 4)
    ordinals = np.array([d.toordinal() for d in days])
    inside = (ordinals > end - 92) & (ordinals <= end)
    return float(values[inside].mean()) if inside.any() else float(values[0])


def estimate(first: date = FIRST, last: date = LAST) -> Fit:
    """The deposit rate on the quarter-ends from one date to another."""
    days, cost = quarterly("deposit_cost")
    chosen = [(day, value) for day, value in zip(days, cost.tolist(), strict=True) if first <= day <= last]
    regressors: dict[str, Floats] = {f"iorb_{lag}": np.array([quarter_mean(lag, day) for day, _ in chosen]) for lag in range(MEMORY + 1)}
    return fit(RELATION, np.array([value for _, value in chosen]), regressors, lags=LAGS, noise=0.1)


def study() -> Study:
    """The estimate and one without the fall of rates in 2024."""
    return Study(
        "deposit_rate",
        "average cost of deposits",
        "percent",
        estimate(),
        FIRST,
        LAST,
        "FDIC Quarterly Banking Profile (approximate year-end figures, assumptions), Fed IORB",
        {"beta": Reported("deposit_beta_target", "1"), "speed": Reported("deposit_beta_speed", "1 / yr")},
        "five approximate year-end figures, not yet checked against their publication, and a prior from the literature",
        others={"2019 to 2023": estimate(last=date(2023, 12, 31)), "2019 to 2022": estimate(last=date(2022, 12, 31))},
    )
