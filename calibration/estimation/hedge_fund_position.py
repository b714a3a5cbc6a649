"""(H2)-(H4) Hedge funds' Treasuries on leveraged funds' futures and on the net assets of relative-value funds, quarterly changes."""

from __future__ import annotations

from datetime import date
from itertools import pairwise

import numpy as np
import sympy as sp

from calibration.estimation.fitting import Fit, Relation, Unknown, fit
from calibration.estimation.samples import on_line, quarterly
from calibration.estimation.study import Reported, Study

FIRST, LAST = date(2022, 3, 31), date(2025, 12, 31)
LAGS = 2

constant, per_futures, per_equity, futures, equity = sp.symbols("constant per_futures per_equity futures equity")
RELATION = Relation(
    "hedge_fund_position",
    constant + per_futures * futures + per_equity * equity,
    (
        Unknown("constant", 0.0, -500.0, 500.0),
        Unknown("per_futures", 1.0, -5.0, 5.0, 1.0, 1.0),
        Unknown("per_equity", 5.0, -30.0, 40.0, 10.0, 8.0),
    ),
)


def estimate(first: date = FIRST, last: date = LAST) -> Fit:
    """The relation on the quarters that end from one date to another."""
    days = quarterly("hedge_fund_treasuries")[0]
    pairs = [(a, b) for a, b in pairwise(days) if first <= b <= last]

    def moved(name: str) -> np.ndarray[tuple[int, ...], np.dtype[np.float64]]:
        return np.array([on_line(name, b) - on_line(name, a) for a, b in pairs])

    regressors = {"futures": moved("futures_net_short"), "equity": moved("relative_value_assets")}
    return fit(RELATION, moved("hedge_fund_treasuries"), regressors, lags=LAGS)


def study() -> Study:
    """The estimate and two halves."""
    return Study(
        "hedge_fund_position",
        "quarterly change of hedge funds' Treasuries",
        "USD bn",
        estimate(),
        FIRST,
        LAST,
        "FEDS Notes 2025-10-15 and Form PF (book, partly between its figures), CFTC (futures, the first assumed), OFR (net assets)",
        {
            "constant": Reported("hf_book_constant", "USD bn a quarter"),
            "per_futures": Reported("hf_book_per_futures", "1"),
            "per_equity": Reported("hf_book_per_equity", "1"),
        },
        "the book is interpolated between few figures and the basis is not published: how the position answers the basis is not "
        "identified; priors of one dollar of cash for one of futures and of a leverage of ten",
        others={"2022 to 2023": estimate(last=date(2023, 12, 31)), "2024 to 2025": estimate(date(2024, 3, 31))},
    )
