"""E10: the Treasury rebuilds its account, in 2023 with a full ON RRP and later with an empty one."""

from __future__ import annotations

import numpy as np

from dollarflow.experiments.bench import Bench
from dollarflow.experiments.check import Band, Check, Experiment
from dollarflow.experiments.openings import with_reserves

CURVE = "curve (R3) at the slack that is given"
BEFORE, AFTER = "2023-06-02", "2023-10-27"
PARKED = Band(-1000.0, -550.0, "bn", "published", "Kansas City Fed bulletin and New York Fed: ON RRP, June to October 2023")
PRINTED = Band(-1200.0, -890.0, "bn", "published", "New York Fed: ON RRP 2,142 on 2 June and 1,099 on 27 October 2023, -1,043, within 15 %")
RESERVES = Band(-100.0, 250.0, "bn", "published", "H.4.1: reserves, June to October 2023")
FLOOR = Band(-3.0, 3.0, "bp", "published", "SOFR at the floor through 2023")
BILLS = Band(50.0, 80.0, "%", "published", "Kansas City Fed bulletin: money funds took 66 % of new bills in June 2023")
BOUGHT = Band(None, None, "bn", "published", "given: the account and the bills that filled it")
AMPLE = Band(10.0, 30.0, "bp", "computed", "curve (R3) at slack of 3,300 less 550: SOFR less IORB from -4 to about +20", restates=CURVE)
USED = Band(1.0, None, "bn", "judgement", "the standing facility is in use")
SCARCE = Band(
    60.0, None, "bn", "computed", "curves (R3) and (R4) at slack of 2,900 less 550: take-up of 60 to 100 and more", restates=CURVE
)
PAST = Band(30.0, None, "bp", "computed", "curve (R3) past the cliff", restates=CURVE)
WEEK, DAY = 20, "2025-10-29"
HIGH, LOW = 3300.0, 2900.0


def run(bench: Bench) -> list[Check]:
    """Rows of the experiment."""
    past = bench.run("qt_2022")
    first, last = past.path.period(BEFORE), past.path.period(AFTER)

    def change(name: str) -> float:
        return float(past[name][last] - past[name][first])

    case = "replay, June to October 2023"
    gap = 1e4 * float(np.mean((past["sofr_iorb"] - past["floor_spread"])[first : last + 1]))
    share = 100 * change("bills__treasury__mmf") / change("bills")
    rows = [
        BOUGHT.check("E10", case, "tga", change("tga")),
        BOUGHT.check("E10", case, "bills", change("bills")),
        PARKED.check(
            "E10", case, "on_rrp", change("on_rrp"), miss="the published change of the same window lies outside this band as well"
        ),
        PRINTED.check("E10", case, "on_rrp", change("on_rrp")),
        RESERVES.check(
            "E10",
            case,
            "reserves",
            change("reserves"),
            miss="the ON RRP gives what it gave; other deposits at the Fed rise by 9 bn with income where they fell by some 30, and "
            "that is more than the distance to the band",
        ),
        FLOOR.check("E10", case, "sofr_iorb above the floor, mean", gap),
        BILLS.check(
            "E10",
            case,
            "share of new bills that money funds took",
            share,
            miss="bills and the ON RRP are closest substitutes while the latter is large",
        ),
    ]
    opening = bench.opening(DAY)
    slack = float(bench.run("steady_account")["liquidity_slack"][1])
    for level, bands in ((HIGH, (AMPLE, USED)), (LOW, (PAST, SCARCE))):
        pair = bench.pair("tga_550", opening=with_reserves(opening, level - slack))
        name = f"550 bn with an empty ON RRP from slack of {level:.0f}"
        rows += [
            bands[0].check(
                "E10",
                name,
                "sofr_iorb, twentieth week",
                1e4 * float(pair.changed["sofr_iorb"][WEEK]),
                note=f"{1e4 * float(pair.base['sofr_iorb'][WEEK]):+.1f} bp without.",
            ),
            bands[1].check("E10", name, "srf, twentieth week", float(pair.changed["srf"][WEEK])),
        ]
    return rows


EXPERIMENT = Experiment(
    "E10",
    "The Treasury rebuilds its account",
    "Who pays when the Treasury hoards cash: the ON RRP, as in 2023, or reserves, as in 2025? The same equations with a full and with "
    "an empty ON RRP.",
    run,
    ("qt_2022", "steady_account", "tga_550"),
)
