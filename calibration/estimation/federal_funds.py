"""(R2) The federal funds rate less IORB on log reserves and log deposits, weekly."""

from __future__ import annotations

from datetime import date

import numpy as np
import sympy as sp

from calibration.estimation.expressions import Floats
from calibration.estimation.fitting import Fit, Relation, Unknown, fit
from calibration.estimation.samples import Day, between, column
from calibration.estimation.study import Reported, Study

FIRST, LAST = date(2018, 4, 4), date(2025, 12, 31)
LAGS = 13
WEDNESDAY = 2

constant, on_reserves, on_deposits, log_reserves, log_deposits = sp.symbols("constant on_reserves on_deposits log_reserves log_deposits")
RELATION = Relation(
    "federal_funds",
    constant + on_reserves * log_reserves + on_deposits * log_deposits,
    (
        Unknown("constant", -50.0, -1000.0, 1000.0),
        Unknown("on_reserves", -22.0, -200.0, 200.0),
        Unknown("on_deposits", 25.0, -300.0, 300.0),
    ),
)


def regressors(sample: tuple[Day, ...]) -> dict[str, Floats]:
    """Logs of reserves and deposits in trillions."""
    return {
        "log_reserves": np.log(column(sample, "reserves") / 1000),
        "log_deposits": np.log(column(sample, "deposits") / 1000),
    }


def estimate(first: date = FIRST, last: date = LAST) -> Fit:
    """The curve on the Wednesdays from one date to another."""
    sample = between(first, last, lambda day: day.date.weekday() == WEDNESDAY)
    return fit(RELATION, column(sample, "funds_spread"), regressors(sample), lags=LAGS)


def study() -> Study:
    """The estimate and three other samples."""
    return Study(
        "federal_funds",
        "EFFR less IORB",
        "bp",
        estimate(),
        FIRST,
        LAST,
        "NY Fed EFFR, Fed IORB, H.4.1 reserves (week average), H.8 deposits averaged over a year; Wednesdays",
        {
            "constant": Reported("effr_level", "1 / yr", 1e-4),
            "on_reserves": Reported("effr_reserves", "1 / yr", 1e-4),
            "on_deposits": Reported("effr_deposits", "1 / yr", 1e-4),
        },
        "deposits averaged over the year before; constant and slope on deposits nearly offset each other: only their sum is well known",
        others={
            "2018 to 2019": estimate(last=date(2019, 12, 31)),
            "2020 to 2022": estimate(date(2020, 1, 1), date(2022, 12, 31)),
            "2023 to 2025": estimate(date(2023, 1, 1)),
        },
    )
