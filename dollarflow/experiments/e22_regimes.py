"""E22: three years of 2 tn a year under three regimes of the Fed, and from when on the standing facility is in use for good."""

from __future__ import annotations

import numpy as np

from dollarflow.experiments.bench import Bench
from dollarflow.experiments.check import Band, Check, Experiment
from dollarflow.experiments.first_passage import TAKE_UP, draws, lasting, months
from dollarflow.simulation import Simulation

SECOND, THIRD = slice(53, 105), slice(105, 157)
DRAIN = Band(-300.0, -150.0, "bn/yr", "computed", "currency, Treasury's account and half the growth of repo: 150 to 300 a year")
CROSSING = Band(10.0, 20.0, "months", "computed", "slack from about 2,850 to below 2,650 at 150 to 300 a year")
HELD = Band(0.0, 5.0, "bp", "judgement", "purchases that hold the spread near 3 bp")
LENT = Band(100.0, 400.0, "bn", "judgement", "third regime: take-up grows to 100 to 400")
ABOVE = Band(5.0, 15.0, "bp", "judgement", "third regime: SOFR 5 to 15 bp over the upper bound")
DEARER = Band(0.0, None, "bp", "judgement", "second essay: lending instead of buying is dearer")
SHOWN = Band(None, None, "months", "computed", "400 draws, seed 20251029")
PART = Band(None, None, "%", "computed", "400 draws, seed 20251029")
MONTH = 4
ZETAS = (0.0, 0.5, 1.0)
"""Weights of dealers' own lending in slack: the range of a parameter that no published figure identifies."""
USED = Band(None, None, "bn", "computed", "zeta is not identified, 0 to 1")
COST = Band(None, None, "bp", "computed", "zeta is not identified, 0 to 1")


def crossing(run: Simulation, level: float) -> float:
    """Months until a four-week mean of the spread passes a level; infinity where it never does."""
    means = np.convolve(run["sofr_iorb"][1:], np.ones(MONTH) / MONTH, "valid")
    above = np.flatnonzero(means > level)
    return float((above[0] + MONTH) * 12 / 52) if len(above) else float("inf")


def over_upper(run: Simulation, years: slice) -> float:
    """Mean of SOFR less the upper bound, bp."""
    return 1e4 * float(np.mean((run["sofr"] - run["rate_upper"])[years]))


def passage(case: str, weeks: np.ndarray, what: str) -> list[Check]:
    """Rows on the distribution of a first date: the share of draws that pass, and the months at three percentiles."""
    rows = [PART.check("E22", case, f"draws in which {what} within three years", 100 * float(np.isfinite(weeks).mean()))]
    ordered = np.sort(months(weeks))
    for percent in (10, 50, 90):
        value = ordered[int(np.ceil(percent / 100 * len(ordered))) - 1]
        if np.isfinite(value):
            rows.append(SHOWN.check("E22", case, f"{percent}th percentile of the month from which {what}", float(value)))
    return rows


def run(bench: Bench) -> list[Check]:
    """Rows of the experiment."""
    none, bought, lent = (bench.run(f"regime_{name}") for name in ("none", "purchases", "srf"))
    slack = none["liquidity_slack"]
    fall = (float(np.mean(slack[THIRD])) - float(np.mean(slack[1:53]))) / 2
    spread_none, _ = draws(none)
    _, taken = draws(lent)
    _, beside = draws(bought)
    weighed = {f"facility alone, zeta {zeta:g}": bench.run("regime_srf", parameters={"zeta": zeta}) for zeta in ZETAS}
    ceiling = float((none["srf_rate"] - none["iorb"])[-1])
    return [
        DRAIN.check(
            "E22",
            "no purchases, no facility",
            "liquidity_slack, change a year",
            fall,
            miss="money funds' inflow lets dealers borrow more cash than they lend, which adds to slack about half of what the Fed's "
            "liabilities take from it",
        ),
        CROSSING.check("E22", "no purchases, no facility", "month in which the spread passes 20 bp", crossing(none, 0.002)),
        HELD.check(
            "E22",
            "40 bn a month",
            "sofr_iorb, second and third year",
            1e4 * float(np.mean(bought["sofr_iorb"][53:157])),
            miss="480 a year is two to four times what reserve demand and the Fed's other liabilities grow by: held for three years "
            "the pace takes SOFR to its floor",
        ),
        LENT.check("E22", "facility alone", "srf, third year", float(np.mean(lent["srf"][THIRD]))),
        ABOVE.check(
            "E22",
            "facility alone",
            "SOFR over the upper bound, third year",
            over_upper(lent, THIRD),
            miss="take-up rises by 60 bn per 10 bp, so a drain of this size is met at a higher price than the corridor allows for",
        ),
        DEARER.check(
            "E22",
            "facility alone less 40 bn a month",
            "sofr_iorb, third year",
            1e4 * float(np.mean(lent["sofr_iorb"][THIRD]) - np.mean(bought["sofr_iorb"][THIRD])),
        ),
        *[USED.check("E22", case, "srf, third year", float(np.mean(found["srf"][THIRD]))) for case, found in weighed.items()],
        *[COST.check("E22", case, "SOFR over the upper bound, third year", over_upper(found, THIRD)) for case, found in weighed.items()],
        *passage("no purchases, no facility", lasting(spread_none, ceiling), "SOFR stays above the SRF rate"),
        *passage("facility alone", lasting(taken, TAKE_UP), "take-up stays above 10 bn"),
        *passage("40 bn a month", lasting(beside, TAKE_UP), "take-up stays above 10 bn"),
    ]


EXPERIMENT = Experiment(
    "E22",
    "Three regimes for three years",
    "The debt grows by 2 tn a year. Without the Fed, with steady purchases, or with the standing facility alone: what does cash cost, "
    "and from when on is the "
    "facility in use for good?",
    run,
    ("regime_none", "regime_purchases", "regime_srf"),
)
