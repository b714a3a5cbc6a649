"""(M2) Money funds' Treasuries over assets on what bills pay over repo, quarterly."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import sympy as sp

from calibration.estimation.expressions import Floats
from calibration.estimation.fitting import Fit, Relation, Unknown, fit
from calibration.estimation.samples import quarterly
from calibration.estimation.study import Reported, Study
from calibration.newer import series

FIRST, LAST = date(2018, 6, 30), date(2025, 12, 31)
LAGS = 4
WINDOW = 30

share, slope, spread = sp.symbols("share slope spread")
RELATION = Relation(
    "money_fund_bills",
    share + slope * spread,
    (Unknown("share", 38.0, 0.0, 90.0), Unknown("slope", 0.4, -0.5, 3.0, 0.4, 0.3)),
)


def recent(name: str, day: date) -> float:
    """The mean of a daily rate over the month before a day, per cent."""
    days, values = series(name)
    ordinals = np.array([d.toordinal() for d in days])
    inside = (ordinals > (day - timedelta(days=WINDOW)).toordinal()) & (ordinals <= day.toordinal())
    return float(values[inside].mean())


def sample(first: date, last: date) -> tuple[Floats, Floats]:
    """Treasuries over assets, per cent, and bills' yield over the tri-party rate, bp, by quarter-end."""
    days, held = quarterly("mmf_treasuries")
    ends, assets = quarterly("mmf_assets")
    whole = dict(zip(ends, assets.tolist(), strict=True))
    chosen = [(day, 100 * value / whole[day]) for day, value in zip(days, held.tolist(), strict=True) if first <= day <= last]
    spreads = np.array([100 * (recent("yield_3m", day) - recent("tgcr", day)) for day, _ in chosen])
    return np.array([value for _, value in chosen]), spreads


def estimate(first: date = FIRST, last: date = LAST) -> Fit:
    """The share on the quarter-ends from one date to another."""
    observed, spreads = sample(first, last)
    return fit(RELATION, observed, {"spread": spreads}, lags=LAGS)


def study() -> Study:
    """The estimate and three other samples."""
    return Study(
        "money_fund_bills",
        "money funds' Treasuries over assets",
        "percent",
        estimate(),
        FIRST,
        LAST,
        "Z.1 L.210 money funds' Treasuries, OFR money-fund assets, H.15 three-month yield, NY Fed TGCR; quarter-ends, rates a month before",
        {"share": Reported("mmf_bills_share", "1", 0.01), "slope": Reported("mmf_bills_slope", "yr", 100.0)},
        "demand and supply move together: in 2020 the supply of bills rose and their yield fell, so the slope is a lower bound",
        others={
            "2018 to 2019": estimate(last=date(2019, 12, 31)),
            "2018 to 2021": estimate(last=date(2021, 12, 31)),
            "2022 to 2025": estimate(date(2022, 3, 31)),
        },
    )
