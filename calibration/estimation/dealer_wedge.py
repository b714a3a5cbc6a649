"""(R5) What dealers charge between tri-party and DVP repo, on ordinary days and on month-ends."""

from __future__ import annotations

from datetime import date

import numpy as np
import sympy as sp

from calibration.estimation.fitting import Fit, Relation, Unknown, fit
from calibration.estimation.samples import HELD_OUT, between, column
from calibration.estimation.study import HeldOut, Reported, Study

FIRST, LAST = date(2024, 1, 2), date(2025, 12, 31)
LAGS = 15

ordinary, added, month_end = sp.symbols("ordinary added month_end")
RELATION = Relation("dealer_wedge", ordinary + added * month_end, (Unknown("ordinary", 4.0, 0.0, 50.0), Unknown("added", 6.0, 0.0, 100.0)))


def estimate(first: date = FIRST, last: date = LAST) -> Fit:
    """The wedge on the days from one date to another."""
    sample = between(first, last, lambda day: day.date not in HELD_OUT and bool(np.isfinite(day.wedge)))
    return fit(RELATION, column(sample, "wedge"), {"month_end": column(sample, "month_end")}, lags=LAGS)


def study() -> Study:
    """The estimate, two other samples and the held-out days."""
    found = estimate()
    held = tuple(
        HeldOut(day.date, day.wedge, float(found.predict({"month_end": day.month_end})))
        for day in between(FIRST, LAST, lambda day: day.date in HELD_OUT)
    )
    return Study(
        "dealer_wedge",
        "DVP less tri-party rate",
        "bp",
        found,
        FIRST,
        LAST,
        "OFR DVP overnight rate, NY Fed TGCR; daily",
        {"ordinary": Reported("wedge_slope", "1 / yr", 1e-4), "added": Reported("period_end_wedge", "1 / yr", 1e-4)},
        "curvature in the use of capacity is not identified: the ordinary wedge is that at normal use",
        held,
        {
            "2021 to 2023": estimate(date(2021, 1, 4), date(2023, 12, 29)),
            "2024": estimate(last=date(2024, 12, 31)),
            "2025": estimate(date(2025, 1, 1)),
        },
    )
