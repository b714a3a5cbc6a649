"""(R4) Take-up of the standing repo facility on SOFR less its rate, before and after the reform of 11 December 2025."""

from __future__ import annotations

from datetime import date

import sympy as sp

from calibration.estimation.expressions import Soft
from calibration.estimation.fitting import Fit, Relation, Unknown, fit
from calibration.estimation.samples import HELD_OUT, between, column
from calibration.estimation.study import HeldOut, Reported, Study

FIRST, LAST, REFORM = date(2025, 1, 2), date(2025, 12, 10), date(2025, 12, 11)
LAGS = 5

slope, width, over_srf = sp.symbols("slope width over_srf")
RELATION = Relation(
    "standing_repo",
    slope * width * Soft(over_srf / width),
    (Unknown("slope", 2.0, 0.01, 50.0), Unknown("width", 3.0, 0.3, 20.0)),
)
"""Take-up begins at the facility's rate: a stigma is not told apart from the width."""

REFORMED = Relation(
    "standing_repo_reformed",
    RELATION.expression,
    (Unknown("slope", 4.0, 0.01, 50.0, 2.0, 3.0), Unknown("width", 3.0, 0.3, 20.0, 3.0, 2.0)),
)


def estimate(first: date = FIRST, last: date = LAST, *, without: tuple[date, ...] = HELD_OUT, relation: Relation = RELATION) -> Fit:
    """Take-up on the days from one date to another."""
    sample = between(first, last, lambda day: day.date not in without)
    return fit(relation, column(sample, "srf"), {"over_srf": column(sample, "over_srf")}, lags=LAGS)


def study() -> Study:
    """The estimate before the reform, that after it, and the two held-out days."""
    before, after = estimate(), estimate(REFORM, date(2025, 12, 31), relation=REFORMED)
    held = []
    for day in between(FIRST, date(2025, 12, 31), lambda day: day.date in HELD_OUT):
        used = after if day.date >= REFORM else before
        held.append(HeldOut(day.date, day.srf, float(used.predict({"over_srf": column((day,), "over_srf")})[0])))
    return Study(
        "standing_repo",
        "SRF take-up",
        "USD bn",
        before,
        FIRST,
        LAST,
        "NY Fed repo operations (accepted, daily sum) and SOFR; FOMC minimum bid rate; daily, days without take-up as zero",
        {"slope": Reported("srf_slope", "USD bn yr", 1e4), "width": Reported("srf_width", "1 / yr", 1e-4)},
        "stigma set at zero; after the reform fourteen days with a prior from before it; 31 December is predicted with the latter",
        tuple(held),
        {"from 2025-12-11": after, "2025 to September": estimate(last=date(2025, 9, 30))},
    )
