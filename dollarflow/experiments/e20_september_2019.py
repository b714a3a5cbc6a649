"""E20: 16 and 17 September 2019, day by day from balanced sheets of mid-2019."""

from __future__ import annotations

from datetime import date

from dollarflow.experiments.bench import Bench, level, step, varied
from dollarflow.experiments.check import Band, Check, Experiment
from dollarflow.experiments.first_passage import overnight_curve
from dollarflow.experiments.openings import with_reserves
from dollarflow.scenarios import scenario
from dollarflow.simulation import Simulation

FRIDAY, MONDAY, TUESDAY = "2019-09-13", "2019-09-16", "2019-09-17"
CURVES = "curves (R3) and (R4) at the slack that is given"
START, LEVEL, LENT = "2019-06-30", 1510.0, 75.0
RESERVES = Band(
    1407.0, 1557.0, "bn", "published", "H.4.1: reserves of 1,457 in the week to 11 September 2019 and 1,510 in the fit of the curve"
)
DRAIN = Band(-125.0, -110.0, "bn", "published", "FEDS Notes 2020-02-27: about 120 in two days")
DISTANCE = Band(-50.0, 50.0, "bn", "judgement", "twice the error of a weekly figure as a figure of a day")
FIRST = Band(25.0, 60.0, "bp", "published", "New York Fed: SOFR less IOER on 16 September 2019, +33", in_sample=True)
SECOND = Band(120.0, None, "bp", "published", "New York Fed: SOFR less IOER on 17 September 2019, +315", in_sample=True)
CALM = Band(0.0, 10.0, "bp", "published", "New York Fed: SOFR less IOER in July and August 2019, monthly means 10.0 and 2.8")
FACILITY = Band(25.0, 33.0, "bp", "computed", "curves (R3) of 2019 and (R4) of 2025 together: 27 to 31", restates=CURVES)
TAKEN = Band(24.0, 38.0, "bn", "computed", "curves (R3) of 2019 and (R4) of 2025 together: 26 to 36", restates=CURVES)
OPERATION = Band(7.0, 15.0, "bp", "computed", "curve (R3) at a slack of 1,470: about 11", restates=CURVES)
PRINTS = {MONDAY: 0.0033, TUESDAY: 0.0315}
FAR, NEAR = 1200.0, 2000.0


def slack_at(run: Simulation, spread: float, size: float) -> float:
    """The slack at which the curve of 2019 gives a spread, by bisection."""
    values = dict(zip(run.path.parameter_names, run.path.parameter_rows[-1], strict=True))
    price = overnight_curve(values)
    low, high = FAR, NEAR
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (middle, high) if float(price(middle, size)) > spread else (low, middle)
    return (low + high) / 2


def bp(run: Simulation, day: str) -> float:
    """SOFR less IORB."""
    return 1e4 * float(run["sofr_iorb"][run.path.period(day)])


def run(bench: Bench) -> list[Check]:
    """Rows of the experiment."""
    item = scenario("september_2019")
    own = bench.run(item)
    days = [own.path.period(day) for day in (FRIDAY, MONDAY, TUESDAY)]
    slack, size = own["liquidity_slack"], float(own["deposits_average"][days[2]] / 12477.68)
    summer = slice(own.path.period("2019-07-08"), own.path.period("2019-08-30") + 1)
    moved = with_reserves(bench.opening(START), LEVEL - float(slack[days[0]]))
    given = bench.run(item, opening=moved)
    lent = bench.run(varied(item, shocks=[level("srf_on", 1.0)]), opening=moved)
    fixed = bench.run(varied(item, shocks=[step("add__srf_take_up", LENT, date(2019, 9, 17))]), opening=moved)
    tuesday = days[2]
    start = f"from a slack of {LEVEL:.0f} on 13 September"
    return [
        CALM.check("E20", "from mid-2019", "sofr_iorb, July and August", 1e4 * float(own["sofr_iorb"][summer].mean())),
        RESERVES.check("E20", "from mid-2019", "reserves, 13 September", float(own["reserves"][days[0]])),
        DRAIN.check("E20", "from mid-2019", "reserves, change in two days", float(own["reserves"][tuesday] - own["reserves"][days[0]])),
        *[
            DISTANCE.check(
                "E20",
                "from mid-2019",
                f"slack above the one that explains the print, {day}",
                float(slack[period]) - slack_at(own, PRINTS[day], size),
                note=f"The spread itself is {bp(own, day):.0f} bp against {1e4 * PRINTS[day]:.0f}: the cliff's e-folding is 13 bn.",
                miss=f"currency grows by {float(own['currency'][days[0]] - own['currency'][0]):.0f} bn to 13 September, as "
                "rates of 2.4 per cent make it dearer to hold; in fact it grew by about 20",
            )
            for day, period in zip((MONDAY, TUESDAY), days[1:], strict=True)
        ],
        FIRST.check("E20", start, "sofr_iorb, 16 September", bp(given, MONDAY)),
        SECOND.check("E20", start, "sofr_iorb, 17 September", bp(given, TUESDAY)),
        FACILITY.check("E20", f"{start}, with the SRF of today", "sofr_iorb, 17 September", bp(lent, TUESDAY)),
        TAKEN.check("E20", f"{start}, with the SRF of today", "srf, 17 September", float(lent["srf"][tuesday])),
        OPERATION.check("E20", f"{start}, with an operation of 75 bn", "sofr_iorb, 17 September", bp(fixed, TUESDAY)),
    ]


EXPERIMENT = Experiment(
    "E20",
    "September 2019",
    "A tax date and a settlement take 120 bn in two days, and nobody lends against securities: does the model of mid-2019 arrive at "
    "the cliff, and what would today's facility have done?",
    run,
    ("september_2019", "summer_2019"),
)
