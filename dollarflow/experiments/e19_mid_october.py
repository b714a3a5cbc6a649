"""E19: mid-October 2025, pressure without a reporting date."""

from __future__ import annotations

import numpy as np

from dollarflow.experiments.bench import Bench
from dollarflow.experiments.check import Band, Check, Experiment

DAYS = ("2025-10-15", "2025-10-16")
SPREAD = Band(5.0, 10.0, "bp", "judgement", "curve (R3) with a settlement day")
PRINT = Band(9.5, 19.5, "bp", "published", "New York Fed: SOFR less IORB, +14 and +15 on 15 and 16 October 2025, within 5")
TAKEN = Band(5.0, 10.0, "bn", "published", "New York Fed: take-up of 6.75 and 8.35 on 15 and 16 October 2025")
SETTLED = (
    "on twenty-one mid-months before, the rise was that of 130 bn less slack, about the settlement itself, which the model has; that "
    "of 15 October "
    "was that of 380 bn, and reserves of that week were higher than the model's: size of settlements or expectations, not reserves"
)


def run(bench: Bench) -> list[Check]:
    """Rows of the experiment."""
    path = bench.run("shutdown_2025")
    days = [path.path.period(day) for day in DAYS]
    spread = 1e4 * float(np.mean(path["sofr_iorb"][days]))
    return [
        SPREAD.check("E19", "15 and 16 October 2025", "sofr_iorb", spread, miss=SETTLED),
        PRINT.check("E19", "15 and 16 October 2025", "sofr_iorb", spread, miss=SETTLED),
        TAKEN.check("E19", "15 and 16 October 2025", "srf", float(np.mean(path["srf"][days])), miss=SETTLED),
    ]


EXPERIMENT = Experiment(
    "E19",
    "Mid-October 2025",
    "Coupons settle and the Treasury hoards, but no reporting date is near: does SOFR rise by as much as it did, and does anybody use "
    "the facility?",
    run,
    ("shutdown_2025",),
)
