"""E21: the last day of October 2025 with and without the standing repo facility, and nearer to the cliff."""

from __future__ import annotations

from dollarflow.experiments.bench import Bench, level, varied
from dollarflow.experiments.check import Band, Check, Experiment
from dollarflow.experiments.openings import with_reserves
from dollarflow.scenarios import scenario

DAY, MONTH_END, YEAR_END = "2025-10-31", "2025-11-28", "2025-12-31"
CURVES = "curves (R3) and (R4) at the slack that is given"
NEW_YORK = "New York Fed"
PRINT = Band(22.0, 42.0, "bp", "published", f"{NEW_YORK}: SOFR less IORB on 31 October 2025, +32, within 10")
TAKEN = Band(30.35, 70.35, "bn", "published", f"{NEW_YORK}: take-up on 31 October 2025, 50.35, within 20")
NEXT = Band(12.0, 32.0, "bp", "published", f"{NEW_YORK}: SOFR less IORB on 28 November 2025, +22, within 10")
NEXT_TAKEN = Band(4.4, 44.4, "bn", "published", f"{NEW_YORK}: take-up on 28 November 2025, 24.4, within 20", in_sample=True)
OFF = Band(0.0, 6.0, "bp", "computed", "curves (R3) and (R4): 3 bp more without the facility", restates=CURVES)
VOLATILITY = Band(0.0, None, "bp", "judgement", "spikes raise volatility where nobody lends")
BOOK = Band(None, 0.0, "bn", "judgement", "funds hold less when funding is less predictable")
NEARER = {
    2420.0: (
        Band(27.0, 37.0, "bp", "computed", "curves: 32 with", restates=CURVES),
        Band(46.0, 66.0, "bp", "computed", "curves: 56 without", restates=CURVES),
    ),
    2380.0: (
        Band(31.0, 41.0, "bp", "computed", "curves: 36 with", restates=CURVES),
        Band(120.0, 170.0, "bp", "computed", "curves: 145 without", restates=CURVES),
    ),
}
CONVEX = Band(2.0, None, "times", "computed", "the facility's value rises faster than slack falls", restates=CURVES)
HELD = {"mmf_bills_speed": 0.0, "frp_speed": 0.0}
OPENING, DAYS, LAG = "2025-10-29", 42, 20


def run(bench: Bench) -> list[Check]:
    """Rows of the experiment."""
    pair = bench.pair("srf_off", clock="daily", periods=DAYS)
    lent = pair.base
    day, month = pair.period(DAY), pair.period(MONTH_END)
    case = "two days after the opening"
    rows = [
        PRINT.check(
            "E21",
            case,
            "sofr_iorb, 31 October",
            1e4 * float(lent["sofr_iorb"][day]),
            note="what is withheld on reporting dates is from January 2024 to September 2025.",
        ),
        TAKEN.check("E21", case, "srf, 31 October", float(lent["srf"][day]), note="take-up curve fitted without this day."),
        NEXT.check("E21", "a month after the opening", "sofr_iorb, 28 November", 1e4 * float(lent["sofr_iorb"][month])),
        NEXT_TAKEN.check("E21", "a month after the opening", "srf, 28 November", float(lent["srf"][month])),
        OFF.check("E21", "facility closed", "sofr_iorb, 31 October", pair.at("sofr_iorb", DAY, "bp")),
        VOLATILITY.check("E21", "facility closed", "sofr_volatility, four weeks later", pair.at("sofr_volatility", day + LAG, "bp")),
        BOOK.check("E21", "facility closed", "hf_book, four weeks later", pair.at("hf_book", day + LAG)),
    ]
    calm = varied(scenario("calm"), parameters=HELD)
    closed = varied(calm, shocks=[level("srf_on", 0.0)])
    opening = bench.opening(OPENING)
    slack = float(bench.run(closed, clock="daily", periods=1)["liquidity_slack"][1])
    worth = []
    for target, (with_it, without) in NEARER.items():
        moved = with_reserves(opening, target - slack)
        spread = [1e4 * float(bench.run(item, clock="daily", periods=1, opening=moved)["sofr_iorb"][1]) for item in (calm, closed)]
        worth.append(spread[1] - spread[0])
        reacting = "discount-window credit and dealers' own lending react within the day; the curves alone hold them fixed"
        rows += [
            with_it.check("E21", f"slack of {target:.0f} without take-up", "sofr_iorb, facility open", spread[0], miss=reacting),
            without.check("E21", f"slack of {target:.0f} without take-up", "sofr_iorb, facility closed", spread[1], miss=reacting),
        ]
    rows.append(
        CONVEX.check(
            "E21",
            "slack of 2380 against 2420",
            "what the facility is worth, ratio",
            worth[1] / worth[0],
            miss="as above: the discount window is a second ceiling",
        )
    )
    return rows


EXPERIMENT = Experiment(
    "E21",
    "The standing facility on 31 October 2025",
    "Without the facility SOFR would have been how much higher, that day and nearer to the cliff, and who would have noticed afterwards?",
    run,
    ("baseline", "srf_off", "calm"),
)
