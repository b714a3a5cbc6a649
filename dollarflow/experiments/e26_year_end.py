"""E26: the year-end of 2025, with cash at the Fed's two windows on one day."""

from __future__ import annotations

from dollarflow.experiments.bench import Bench
from dollarflow.experiments.check import Band, Check, Experiment

DAY, BEFORE, DAYS = "2025-12-31", "2025-12-30", 45
LENT = Band(54.6, 94.6, "bn", "published", "New York Fed: take-up of 74.6 on 31 December 2025, within 20")
RANGE = Band(50.0, 75.0, "bn", "judgement", "50 to 75, up to the print")
PARKED = Band(80.0, 130.0, "bn", "published", "New York Fed: ON RRP of 106 on 31 December 2025, within a quarter")
SPREAD = Band(12.0, 32.0, "bp", "published", "New York Fed: SOFR less IORB on 31 December 2025, +22, within 10")
BOTH = Band(50.0, None, "bn", "published", "the smaller of the two, on one day")
QUIET = Band(None, 30.0, "bn", "published", "New York Fed: take-up of 3.0 on 30 December 2025")


def run(bench: Bench) -> list[Check]:
    """Rows of the experiment."""
    path = bench.run("baseline", clock="daily", periods=DAYS)
    day, before = path.path.period(DAY), path.path.period(BEFORE)
    lent, parked = float(path["srf"][day]), float(path["on_rrp"][day])
    return [
        LENT.check(
            "E26",
            "31 December 2025",
            "srf",
            lent,
            note="take-up curve fitted without this day; its slope has a standard error of half its size.",
        ),
        RANGE.check(
            "E26",
            "31 December 2025",
            "srf",
            lent,
            miss="after the reform 1 bp more of SOFR is 6 bn of take-up: the miss is less than a basis point",
        ),
        PARKED.check(
            "E26",
            "31 December 2025",
            "on_rrp",
            parked,
            miss="the rise on quarter-ends is the mean of six, of which those with a large ON RRP before them had the largest",
        ),
        BOTH.check("E26", "31 December 2025", "smaller of srf and on_rrp", min(lent, parked)),
        SPREAD.check("E26", "31 December 2025", "sofr_iorb", 1e4 * float(path["sofr_iorb"][day])),
        QUIET.check("E26", "30 December 2025", "srf", float(path["srf"][before])),
    ]


EXPERIMENT = Experiment(
    "E26",
    "The year-end of 2025",
    "Can the Fed lend cash to dealers and take cash from money funds on the same day? A market with one rate cannot do that.",
    run,
    ("baseline",),
)
