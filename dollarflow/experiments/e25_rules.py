"""E25: three reforms of rules: the leverage ratio, clearing of the SRF, liquidity credit."""

from __future__ import annotations

import numpy as np

from dollarflow.experiments.bench import Bench
from dollarflow.experiments.check import Band, Check, Experiment

START, FIRST = "2026-01-07", "2026-01-07"
RULE = "leverage_requirement, 0.035 over 0.05"
WEDGE = Band(-3.0, -2.0, "bp", "judgement", "three tenths of a wedge of 6 to 8 bp; final rule of November 2025", restates=RULE)
QUARTER_END = Band(-10.0, -6.0, "bp", "judgement", "three tenths of the wedge of a quarter-end: 8, give or take 2", restates=RULE)
USE = Band(0.0, None, "bn", "judgement", "use begins at a lower spread when netting makes it cheaper")
PEAK = Band(None, 0.0, "bp", "judgement", "a cleared facility caps the market's rate from lower down")
CREDIT = Band(
    -12.8,
    -5.0,
    "bp",
    "computed",
    "200 bn at the curve's slope of 2.5 to 6.4 bp per 100 bn",
    restates="the curve's thresholds, moved by 200 bn",
)


def run(bench: Bench) -> list[Check]:
    """Rows of the experiment."""
    relief, cleared, credit = bench.pair("eslr_relief"), bench.pair("cleared_srf"), bench.pair("lcr_credit")
    daily = bench.pair("eslr_relief", clock="daily", periods=110)
    ends = np.flatnonzero(daily.base["quarter_end"] > 0)
    last = int(ends[ends > daily.period(START)][0])
    slack = credit.base["liquidity_slack"][credit.period(FIRST)]
    normal = relief.base["dealer_wedge"][relief.window(FIRST)]
    measured = f"the wedge is {normal.mean() * 1e4:.1f} bp (repo data of 2024-2025), not 6 to 8, and the requirement scales it by 0.7"
    return [
        WEDGE.check("E25", "eSLR, mean", "dealer_wedge", relief.mean("dealer_wedge", FIRST, unit="bp"), miss=measured),
        QUARTER_END.check(
            "E25",
            "eSLR, last day of March 2026, daily clock",
            "dealer_wedge",
            daily.at("dealer_wedge", last, "bp"),
            miss=f"the wedge of that day is {daily.base['dealer_wedge'][last] * 1e4:.1f} bp, of which what period-ends add does not depend "
            "on the requirement",
        ),
        USE.check("E25", "cleared SRF, mean", "srf", cleared.mean("srf", FIRST)),
        PEAK.check(
            "E25",
            "cleared SRF, highest week",
            "sofr_iorb",
            1e4 * float(cleared.changed["sofr_iorb"][10:].max() - cleared.base["sofr_iorb"][10:].max()),
        ),
        CREDIT.check(
            "E25",
            "liquidity credit of 200 bn, first month",
            "sofr_iorb",
            credit.mean("sofr_iorb", FIRST, "2026-01-28", "bp"),
            miss=f"purchases have raised slack to {slack:.0f} bn by January, where the curve is flatter than at the opening",
        ),
    ]


EXPERIMENT = Experiment(
    "E25",
    "Reforms: leverage ratio, cleared SRF, liquidity credit",
    "The market's frictions come from rules: what does each of three reforms take off the price of overnight cash?",
    run,
    ("eslr_relief", "cleared_srf", "lcr_credit"),
)
