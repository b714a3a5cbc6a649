"""(R3) SOFR less IORB on slack: level, slope, bend, and the cash that reporting dates and settlements withhold.

Slack is reserves (average of the week) and ON RRP, scaled to the reference deposits. Own lending of dealers is not published daily:
its weight is not identified and stays at normal. The cliff lies below all slack since 2020: it is not identified either and is left out.
"""

from __future__ import annotations

from datetime import date

import numpy as np
import sympy as sp

from calibration.estimation.expressions import Floats, Soft
from calibration.estimation.fitting import Fit, Relation, Unknown, fit, profile
from calibration.estimation.samples import HELD_OUT, Day, between, column
from calibration.estimation.study import HeldOut, Reported, Study

FIRST, LAST = date(2024, 1, 2), date(2025, 12, 31)
LAGS = 15
NOISE = 5.0
"""Basis points: day-to-day dispersion at constant reserves. Weighs data against priors."""
FLOORED = 500.0
"""ON RRP, USD bn, above which the floor sets the rate and the curve is not seen."""
ABUNDANT, ABUNDANT_SLOPE = 3750.0, 0.014
SCALE_2019 = 18147.65 / 12477.68
"""Reference deposits over those of 2019: carries a figure of 2019 over."""

level, slope, width, threshold, month, quarter, after, settlement = sp.symbols("level slope width threshold month quarter after settlement")
slack, month_end, quarter_end, after_end, mid_month, abundance = sp.symbols("slack month_end quarter_end after_end mid_month abundance")
withheld = month * month_end + quarter * quarter_end + after * after_end + settlement * mid_month
EXPRESSION = level + slope * width * Soft((threshold - slack + withheld) / width) - abundance
REGRESSORS = ("slack", "month_end", "quarter_end", "after_end", "mid_month")

PRIOR_2019 = (
    Unknown("level", -5.0, -30.0, 10.0, -5.0, 5.0),
    Unknown("slope", 5e-2 / SCALE_2019, 1e-3, 0.5, 5e-2 / SCALE_2019, 0.03),
    Unknown("width", 150.0 * SCALE_2019, 20.0, 1000.0, 150.0 * SCALE_2019, 100.0),
    Unknown("threshold", 1650.0 * SCALE_2019, 800.0, 4500.0, 1650.0 * SCALE_2019, 500.0),
    Unknown("month", 200.0, 0.0, 2500.0, 200.0, 300.0),
    Unknown("quarter", 200.0, 0.0, 2500.0, 200.0, 300.0),
    Unknown("after", 100.0, 0.0, 2500.0, 100.0, 300.0),
    Unknown("settlement", 50.0, 0.0, 2500.0, 50.0, 150.0),
)
"""The overnight market of 2019 carried over by deposits, with wide deviations; drains by judgement. Uses nothing after 2019."""

PRIOR_BEFORE = tuple(
    Unknown(item.name, start, item.lower, item.upper, start, item.deviation * 1.5)
    for item, start in zip(PRIOR_2019, (-5.0, 0.02, 200.0, 2000.0, 200.0, 200.0, 100.0, 50.0), strict=True)
)
"""By judgement alone, for samples that end before September 2019."""


def regressors(sample: tuple[Day, ...]) -> dict[str, Floats]:
    """What the curve is evaluated at."""
    found = {name: column(sample, name) for name in REGRESSORS}
    return {**found, "abundance": ABUNDANT_SLOPE * np.maximum(found["slack"] - ABUNDANT, 0.0)}


def estimate(
    first: date = FIRST, last: date = LAST, *, without: tuple[date, ...] = HELD_OUT, prior: tuple[Unknown, ...] = PRIOR_2019
) -> Fit:
    """The curve on the days from one date to another."""
    sample = between(first, last, lambda day: day.date not in without and day.on_rrp <= FLOORED)
    relation = Relation("reserve_demand", EXPRESSION, prior)
    return fit(relation, column(sample, "spread"), regressors(sample), lags=LAGS, noise=NOISE)


def study() -> Study:
    """The estimate with held-out days, three other samples, and the profile of the threshold."""
    found = estimate()
    kept = between(FIRST, LAST, lambda day: day.date not in HELD_OUT and day.on_rrp <= FLOORED)
    outside = between(FIRST, LAST, lambda day: day.date in HELD_OUT)
    guessed = found.predict(regressors(outside))
    held = tuple(HeldOut(day.date, day.spread, float(value)) for day, value in zip(outside, guessed.tolist(), strict=True))
    profiles = {}
    for name in ("threshold", "slope", "width"):
        points = [found.values[name] + sign * 2 * found.errors[name] for sign in (-1, 1)]
        item = next(unknown for unknown in PRIOR_2019 if unknown.name == name)
        inside = [float(np.clip(point, item.lower, item.upper)) for point in points]
        profiles[name] = profile(found.relation, name, inside, column(kept, "spread"), regressors(kept), NOISE)
    others = {
        "2024": estimate(last=date(2024, 12, 31)),
        "2025 to August": estimate(date(2025, 1, 2), date(2025, 8, 31)),
        "2024 to August 2025": estimate(last=date(2025, 8, 31)),
        "September to December 2025": estimate(date(2025, 9, 1)),
    }
    return Study(
        "reserve_demand",
        "SOFR less IORB",
        "bp",
        found,
        FIRST,
        LAST,
        "NY Fed SOFR and ON RRP, Fed IORB, H.4.1 reserves (week average), H.8 deposits; daily",
        {
            "level": Reported("curve_level", "1 / yr", 1e-4),
            "slope": Reported("curve_slope", "1 / USD bn yr", 1e-4),
            "width": Reported("curve_width", "USD bn"),
            "threshold": Reported("curve_threshold", "USD bn"),
            "month": Reported("period_end_drain", "USD bn"),
            "quarter": Reported("quarter_end_drain", "USD bn"),
            "after": Reported("drain_after_period_end", "USD bn"),
            "settlement": Reported("drain_mid_month_settlement", "USD bn"),
        },
        "without days of an ON RRP above 500, when the floor sets the rate; dealers' own lending held at normal; cliff below the sample, "
        "not identified; priors from 2019 and judgement",
        held,
        others,
        profiles,
    )
