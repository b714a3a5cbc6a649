"""(M3) The tail of the ON RRP on the tri-party rate over its own rate, period-ends apart."""

from __future__ import annotations

from datetime import date

import numpy as np
import sympy as sp

from calibration.estimation.fitting import Fit, Relation, Unknown, fit
from calibration.estimation.samples import Day, between, column
from calibration.estimation.study import Reported, Study

FIRST, LAST = date(2023, 12, 1), date(2025, 12, 31)
LAGS = 15
LARGEST = 1000.0

size, decay, over_rrp = sp.symbols("size decay over_rrp")
RELATION = Relation(
    "overnight_reverse_repo",
    size * sp.exp(-over_rrp / decay),
    (Unknown("size", 500.0, 50.0, 2000.0), Unknown("decay", 3.6, 0.3, 50.0)),
)


def ordinary(day: Day) -> bool:
    """Whether a day counts: no month-end nor the day after, funds' repo pays more than the ON RRP, the tail is what is left of it."""
    return not day.month_end and not day.after_end and np.isfinite(day.over_rrp) and day.over_rrp >= 0 and day.on_rrp <= LARGEST


def estimate(first: date = FIRST, last: date = LAST) -> Fit:
    """The tail on the ordinary days from one date to another."""
    sample = between(first, last, ordinary)
    return fit(RELATION, column(sample, "on_rrp"), {"over_rrp": column(sample, "over_rrp")}, lags=LAGS)


def study() -> Study:
    """The estimate and two other samples."""
    return Study(
        "overnight_reverse_repo",
        "ON RRP",
        "USD bn",
        estimate(),
        FIRST,
        LAST,
        "NY Fed ON RRP and TGCR, FOMC ON RRP rate; daily, without month-ends and the days after them, below 1000 bn",
        {"size": Reported("on_rrp_tail_size", "USD bn"), "decay": Reported("on_rrp_tail_decay", "1 / yr", 1e-4)},
        "fitted in levels; the ON RRP rate was 5 bp over the lower bound to 18 December 2024",
        others={"December 2023 to 2024": estimate(last=date(2024, 12, 31)), "2025": estimate(date(2025, 1, 1))},
    )
