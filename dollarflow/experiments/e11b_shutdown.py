"""E11b: the lapse of appropriations of October 2025, day by day from balanced sheets of 30 September."""

from __future__ import annotations

from dollarflow.experiments.bench import Bench
from dollarflow.experiments.check import Band, Check, Experiment

FOUR_WEEKS, BEFORE, DAY, LATER = "2025-10-29", "2025-10-30", "2025-10-31", "2025-12-03"
WITHHELD = Band(26.0, 40.0, "bn", "published", "Congressional Budget Office: outlays delayed after four weeks, 33", in_sample=True)
HOARD = Band(110.0, 160.0, "bn", "published", "H.4.1: account of 984 on 29 October against a target of 850, 134; the essay says 150")
DRAIN = Band(-180.0, -120.0, "bn", "computed", "identity with the account: -150")
SPREAD = Band(5.0, 7.0, "bp", "computed", "slope of (R3) at slack of 2,850 to 2,950 times 150")
PRINT = Band(22.0, 42.0, "bp", "published", "New York Fed: SOFR less IORB on 31 October 2025, +32, within 10")
TAKEN = Band(30.35, 70.35, "bn", "published", "New York Fed: take-up on 31 October 2025, 50.35, within 20")
GONE = Band(None, 30.0, "bn", "judgement", "reversed three to five weeks after the reopening")
SPLIT = Band(20.0, 35.0, "%", "computed", "about 40 of 150 by delayed outlays, the rest by issues")


def run(bench: Bench) -> list[Check]:
    """Rows of the experiment."""
    pair = bench.pair("shutdown_2025")
    path, day = pair.changed, pair.period(DAY)
    hoard = pair.at("tga", FOUR_WEEKS)
    kept = "part of the hoard returns through smaller bill sales within the month (speed 6 a year)"
    return [
        WITHHELD.check("E11b", "29 October", "backlog", float(path["backlog"][pair.period(FOUR_WEEKS)])),
        HOARD.check("E11b", "29 October", "tga", hoard, miss=kept),
        SPLIT.check(
            "E11b", "29 October", "delayed outlays over what was hoarded", 100 * float(path["backlog"][pair.period(FOUR_WEEKS)]) / hoard
        ),
        DRAIN.check(
            "E11b", "30 October", "reserves", pair.at("reserves", BEFORE), miss=f"{kept}; the ON RRP and own lending give some of the cash"
        ),
        SPREAD.check("E11b", "30 October", "sofr_iorb", pair.at("sofr_iorb", BEFORE, "bp"), miss=f"as for reserves: {kept}"),
        PRINT.check(
            "E11b",
            "31 October",
            "sofr_iorb",
            1e4 * float(path["sofr_iorb"][day]),
            note="period-end parameters are from month-ends up to September 2025.",
        ),
        TAKEN.check(
            "E11b",
            "31 October",
            "srf",
            float(path["srf"][day]),
            note="the take-up curve is fitted without this day.",
            miss="SOFR is 7 bp below its print, worth 13 bn of take-up; the account is 76 bn short of its level on that day",
        ),
        GONE.check(
            "E11b",
            "3 December, three weeks after the reopening",
            "tga",
            pair.at("tga", LATER),
            miss="delayed outlays are paid over four to eight weeks and cash returns to its target over two months; the published "
            "account was at 909 that day as well",
        ),
    ]


EXPERIMENT = Experiment(
    "E11b",
    "The lapse of appropriations of October 2025",
    "43 days without appropriations and 110 bn of bills ahead of the plan: how much cash does the Treasury hoard, and does that alone "
    "explain the last day of October?",
    run,
    ("shutdown_2025", "no_shutdown_2025"),
)
