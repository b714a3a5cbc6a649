"""E8: the run-off of 2022 to 2025, replayed from the end of 2021 with history's fiscal flows."""

from __future__ import annotations

import numpy as np

from dollarflow.experiments.bench import Bench
from dollarflow.experiments.check import Band, Check, Experiment
from dollarflow.simulation import Simulation

START, PEAK, YEAR_LATER, END = "2022-06-03", "2022-12-30", "2023-12-29", "2025-11-28"
H41 = "H.4.1"
RUN_OFF = Band(-2400.0, -2000.0, "bn", "published", f"{H41}: Treasuries and agency securities, June 2022 to November 2025, -2.2 tn")
PARKED = Band(2300.0, 2800.0, "bn", "published", "New York Fed: ON RRP at its record, 2,554 on 30 December 2022, within a tenth")
EMPTIED = Band(-2750.0, -2250.0, "bn", "published", "New York Fed: ON RRP from 2,554 to about 10")
FIRST = Band(0.0, None, "bn", "published", f"{H41}: reserves rose by 450 in 2023 while the ON RRP fell by 1,500")
RESERVES = Band(-500.0, -400.0, "bn", "published", f"{H41}: reserves from 3,322 to 2,858, weekly averages")
PREMIUM = Band(10.0, 35.0, "bp", "published", "studies of passive run-off of 2.2 tn: Wei 2022, Crawley and others 2022, Du and others")
FLOOR = Band(
    -12.0, -7.0, "bp", "published", "New York Fed: SOFR less IORB in the second quarter of 2022, -10 to -13, and -8 in the specification"
)
SCARCE = Band(3.0, 13.0, "bp", "published", "New York Fed: SOFR less IORB, mean of November 2025, +7.8, within 5")
FUNDS = Band(
    7300.0, 8300.0, "bn", "published", "OFR: assets of money funds, 7,771 at the end of September 2025 and 8,305 at the end of December"
)
LEVEL = Band(2700.0, 3000.0, "bn", "published", f"{H41}: reserves of 2,848 in the week of 29 October 2025, within 150")
EMPTY_BY = Band(-3.0, 3.0, "months", "published", "New York Fed: ON RRP below 500 from 15 February 2024, within a quarter")
CAUSED = Band(None, None, "bn", "computed", "replay less the same years without run-off")
SMALL = 500.0
MONTH = 4


def first_below(run: Simulation, level: float) -> float:
    """Months from mid-February 2024 to the first four-week mean of the ON RRP below a level after 2022."""
    pool = run["on_rrp"]
    start = run.path.period("2023-01-06")
    for period in range(start, len(pool)):
        if float(np.mean(pool[period - MONTH + 1 : period + 1])) < level:
            return (period - run.path.period("2024-02-15")) * 12 / 52
    return float("inf")


def run(bench: Bench) -> list[Check]:
    """Rows of the experiment."""
    pair = bench.pair("qt_2022")
    path, case = pair.changed, "replay"

    def at(name: str, when: str) -> float:
        return float(path[name][pair.period(when)])

    def recent(name: str, when: str) -> float:
        last = pair.period(when)
        return float(np.mean(path[name][last - MONTH + 1 : last + 1]))

    above = at("reserves", "2025-10-31") - 2848
    causes = (
        "other deposits at the Fed end 130 too high (they keep their ratio to income), its coupons 60 (a fixed share amortises) and "
        "currency 45, the foreign pool 65 too low"
    )
    return [
        RUN_OFF.check("E8", "caused by the run-off", "fed_assets", pair.at("fed_assets", END)),
        PARKED.check("E8", case, "on_rrp, end of 2022", at("on_rrp", PEAK)),
        EMPTIED.check("E8", case, "on_rrp, from the end of 2022", recent("on_rrp", END) - at("on_rrp", PEAK)),
        FIRST.check("E8", case, "reserves, change in 2023", at("reserves", YEAR_LATER) - at("reserves", PEAK)),
        EMPTY_BY.check(
            "E8",
            case,
            "first month with an ON RRP below 500, after February 2024",
            first_below(path, SMALL),
            miss="money funds of the replay grow faster than they did in 2023 and 2024, and leave more with the Fed",
        ),
        RESERVES.check(
            "E8",
            case,
            "reserves, June 2022 to November 2025",
            recent("reserves", END) - recent("reserves", START),
            miss=f"reserves end {above:+.0f} bn from the published ones: {causes}",
        ),
        LEVEL.check("E8", case, "reserves, 31 October 2025", at("reserves", "2025-10-31"), miss=causes),
        FUNDS.check("E8", case, "mmf_shares, end of October 2025", at("mmf_shares", "2025-10-31")),
        PREMIUM.check("E8", "caused by the run-off", "term_premium", pair.at("term_premium", END, "bp")),
        FLOOR.check("E8", case, "sofr_iorb, second quarter of 2022", 1e4 * float(np.mean(path["sofr_iorb"][14:27]))),
        SCARCE.check(
            "E8",
            case,
            "sofr_iorb, November 2025",
            1e4 * recent("sofr_iorb", END),
            miss=f"reserves are right to {abs(above):.0f} bn, but money funds lend dealers 370 more than they did (they hold "
            "195 less of bills and 210 less of other paper), so that dealers' own lending is below its "
            "usual ratio and slack 280 above reserves: worth the difference",
        ),
        CAUSED.check("E8", "caused by the run-off", "on_rrp, end of November 2025", pair.at("on_rrp", END)),
        CAUSED.check("E8", "caused by the run-off", "reserves, end of November 2025", pair.at("reserves", END)),
        CAUSED.check("E8", "caused by the run-off", "deposits, end of November 2025", pair.at("deposits", END)),
    ]


EXPERIMENT = Experiment(
    "E8",
    "The run-off of 2022 to 2025",
    "2.2 tn leave the Fed's balance sheet: does the ON RRP empty before reserves fall, what does it do to the term premium, and where "
    "does SOFR end?",
    run,
    ("qt_2022", "no_qt_2022"),
)
