"""E9: bills rolled over at 200 bp more for a quarter, and how much is rolled over in a year."""

from __future__ import annotations

import numpy as np

from dollarflow.experiments.bench import Bench
from dollarflow.experiments.check import Band, Check, Experiment
from dollarflow.simulation import Simulation

QUARTER = 13
COST = Band(25.0, 30.0, "bn", "judgement", "bills of 6.5 tn at two points more for a quarter, most of them rolled within it")
WHOLE = Band(25.0, 36.0, "bn", "computed", "6.5 to 7.2 tn of bills times two points times a quarter: 33 to 36, less what was not rolled")
RATIO = Band(14.0, 15.0, "1", "judgement", "gross over net issuance in fiscal 2025, from memory")
GROSS = Band(29.0, 30.0, "USD tn", "judgement", "gross issuance in fiscal 2025, from memory")


def issuance(run: Simulation, periods: int) -> tuple[float, float]:
    """Gross and net issuance over the first periods, bn: maturing bills, redeemed coupons and new debt."""
    chosen = slice(1, periods + 1)
    life = dict(zip(run.path.parameter_names, run.path.parameter_rows[1], strict=True))["bill_life"]
    matured = float(np.sum(run["bills"][:periods] * (1 - np.exp(-run["dt"][chosen] / life))))
    bills = matured + float(run["bills"][periods] - run["bills"][0])
    coupons = float(np.sum(run["issue_notes"][chosen] + run["issue_bonds"][chosen]))
    return bills + coupons, float(run["debt"][periods] - run["debt"][0])


def run(bench: Bench) -> list[Check]:
    """Rows of the experiment."""
    pair = bench.pair("rollover_stress")
    gross, net = issuance(pair.base, 52)
    quarter, year = pair.total("treasury_interest", 1, QUARTER), pair.total("treasury_interest", 1, 52)
    average = pair.at("bill_average_rate", QUARTER, "bp")
    returned = float(pair.base["tga"][0] - pair.base["tga"][52])
    words = f"net issuance is {net:.0f} bn in the year because {returned:.0f} bn come out of the account of October 2025, not 2 tn"
    slow = f"at a mean life of 0.27 years the average bill rate has risen by {average:.0f} of the 200 bp when the quarter ends"
    return [
        COST.check("E9", "within the quarter", "treasury_interest", quarter, miss=f"{slow}; the rest is paid in the three quarters after"),
        WHOLE.check(
            "E9",
            "within the year",
            "treasury_interest",
            year,
            miss="what is paid more is borrowed, and coupons that are sold in the quarter carry the higher rate of notes",
        ),
        GROSS.check(
            "E9",
            "baseline, first year",
            "gross issuance",
            gross / 1000.0,
            miss=f"the model's bills ({pair.base['bills'][0]:.0f} bn) include the notes of money funds, and turn over at their mean life",
        ),
        RATIO.check("E9", "baseline, first year", "gross over net issuance", gross / net, miss=words),
    ]


EXPERIMENT = Experiment(
    "E9",
    "Rollover stress",
    "Surpluses are rare and debt is rolled: what does one bad quarter cost, and how many dollars are rolled for each new one?",
    run,
    ("rollover_stress",),
)
