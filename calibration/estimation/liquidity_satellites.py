"""(K1)-(K2) Equities and bitcoin on dollar liquidity and the ten-year yield, quarterly changes; no feedback to the model."""

from __future__ import annotations

from datetime import date

import sympy as sp

from calibration.estimation.fitting import Fit, Relation, Unknown, fit
from calibration.estimation.study import Reported, Study
from calibration.satellites import LAGS, Asset, changes

SPLIT = date(2019, 12, 31)
TITLES: dict[Asset, str] = {"sp500": "the S&P 500", "bitcoin": "bitcoin"}

drift, liquidity, yields, index, rate = sp.symbols("drift liquidity yields index rate")


def relation(asset: Asset) -> Relation:
    """The linear relation of an asset's log return."""
    unknowns = (Unknown("drift", 0.02, -2.0, 2.0), Unknown("liquidity", 0.3, -30.0, 30.0), Unknown("yields", 0.0, -300.0, 300.0))
    return Relation(f"{asset}_liquidity", drift + liquidity * index + yields * rate, unknowns)


def estimate(asset: Asset, first: date | None = None, last: date | None = None) -> Fit:
    """The relation on the quarter-ends from one date to another."""
    _, returns, x = changes(asset, first, last)
    return fit(relation(asset), returns, {"index": x[:, 1], "rate": x[:, 2]}, lags=LAGS)


def study(asset: Asset) -> Study:
    """The estimate and two other samples."""
    days, _, _ = changes(asset)
    return Study(
        f"{asset}_liquidity",
        f"quarterly log return of {TITLES[asset]}",
        "1",
        estimate(asset),
        days[0],
        days[-1],
        "Fed H.4.1 (assets less the Treasury's account, ON RRP and repo pool), H.15 ten-year yield, closing prices; quarterly changes",
        {
            "drift": Reported(f"{asset}_drift", "1 a quarter"),
            "liquidity": Reported(f"{asset}_liquidity_beta", "1"),
            "yields": Reported(f"{asset}_yield_effect", "yr"),
        },
        "levels of two trending series are always correlated, so that changes are used; what moves both is not held constant",
        others={"to 2019": estimate(asset, last=SPLIT), "from 2020": estimate(asset, SPLIT)},
    )
