"""(R4) Whether take-up of the standing repo facility is more dispersed on quarter-ends: the width there against that of other days."""

from __future__ import annotations

from datetime import date

import sympy as sp

from calibration.estimation.expressions import Soft
from calibration.estimation.fitting import Fit, Relation, Unknown, fit
from calibration.estimation.samples import HELD_OUT, between, column
from calibration.estimation.standing_repo import FIRST, LAGS, LAST
from calibration.estimation.study import Reported, Study

slope, width, wider, over_srf, quarter_end = sp.symbols("slope width wider over_srf quarter_end")
spread_out = width * (1 + wider * quarter_end)
RELATION = Relation(
    "period_end_width",
    slope * spread_out * Soft(over_srf / spread_out),
    (Unknown("slope", 2.0, 0.01, 50.0), Unknown("width", 3.0, 0.3, 20.0), Unknown("wider", 0.5, -0.9, 10.0)),
)


def estimate(first: date = FIRST, last: date = LAST) -> Fit:
    """Take-up on the days before the reform, quarter-ends with a width of their own."""
    sample = between(first, last, lambda day: day.date not in HELD_OUT)
    regressors = {"over_srf": column(sample, "over_srf"), "quarter_end": column(sample, "quarter_end")}
    return fit(RELATION, column(sample, "srf"), regressors, lags=LAGS)


def study() -> Study:
    """The estimate; a width three times as large on quarter-ends would be ``wider`` = 2."""
    return Study(
        "period_end_width",
        "SRF take-up, quarter-ends apart",
        "USD bn",
        estimate(),
        FIRST,
        LAST,
        "NY Fed repo operations (accepted, daily sum) and SOFR; FOMC minimum bid rate; daily",
        {
            "slope": Reported("srf_slope_with_period_ends", "USD bn yr", 1e4),
            "width": Reported("srf_width_with_period_ends", "1 / yr", 1e-4),
            "wider": Reported("srf_wider_on_quarter_ends", "1"),
        },
        "three quarter-ends leave everything from the same width to four times as much; seven times, which would have given 29 bn on "
        "30 September 2025 in place of 6, is refuted",
    )
