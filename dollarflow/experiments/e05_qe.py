"""E5: 1,000 bn of coupons bought in a quarter, in calm and crisis, with and without herding."""

from __future__ import annotations

from dollarflow.experiments.bench import Bench, Pair
from dollarflow.experiments.check import Band, Check, Experiment

ANNOUNCED, END, LATER = "2025-11-05", "2026-04-01", "2026-07-01"
STOCK = Band(
    -12.0,
    -8.0,
    "bp",
    "computed",
    "2.4 % of GDP of 10-year equivalents at gamma of 4 bp: 10, give or take a fifth",
    in_sample=True,
    restates="gamma",
)
STUDIES = Band(
    -29.0, -5.0, "bp", "published", "2.4 % of GDP at 2 to 12 bp: Wei 2022 to D'Amico and King 2013", in_sample=True, restates="gamma"
)
CRISIS = Band(-30.0, -20.0, "bp", "computed", "2.4 % of GDP at two and a half times gamma: 25, give or take a fifth", restates="gamma")
RESERVES = Band(900.0, 1050.0, "bn", "judgement", "about 1,000: the Fed pays with reserves")
CASH = Band(900.0, 1050.0, "bn", "computed", "what the Fed pays for securities, less purchases that fall away")
DEPOSITS = Band(800.0, 1000.0, "bn", "judgement", "0.8 to 1 tn: sellers outside the banks are paid in deposits")
MORE = Band(0.0, None, "bn", "judgement", "money funds' cash goes to the ON RRP when dealers do not need it")
SIGN = Band(None, 0.0, "bp", "judgement", "the sign must not need herding")
FOLLOWING = Band(None, 0.0, "bp", "judgement", "first essay: buyers follow the Fed, which should add to the fall while it buys")
AT_ONCE = Band(None, -0.5, "bp", "judgement", "a purchase that is announced should move yields when it is announced")
SAME = Band(-1.0, 1.0, "bp", "judgement", "when all is bought it should not matter when it was known")
CRISIS_PARAMETERS = {"gamma": 0.1, "flow_slope": 1.5e-5}
HERDING = {"herding": 0.05}


def bonds(pair: Pair, when: str) -> float:
    """Change of the bond yield, bp."""
    return pair.at("yield_bonds", when, "bp")


def run(bench: Bench) -> list[Check]:
    """Rows of the experiment."""
    calm, crisis = bench.pair("qe"), bench.pair("qe", parameters=CRISIS_PARAMETERS)
    herd = bench.pair("qe", parameters=HERDING)
    ahead = bench.pair("qe_announced")
    dropped = -calm.total("rmp", 1, calm.period(END))
    inflow = calm.at("on_rrp", END)
    level, pool = (calm.changed.row(END)[name] for name in ("reserves", "on_rrp"))
    return [
        STOCK.check("E5", "calm, a quarter after the last purchase", "yield_bonds", bonds(calm, LATER)),
        STUDIES.check("E5", "calm, a quarter after the last purchase", "yield_bonds", bonds(calm, LATER)),
        CRISIS.check(
            "E5",
            "crisis, a quarter after the last purchase",
            "yield_bonds",
            bonds(crisis, LATER),
            note="gamma 2.5 times and flow effect five times the calm values.",
            miss="banks' demand follows the spread to IORB and does not weaken in the crisis set, so they sell into the fall",
        ),
        SIGN.check("E5", "without herding, last week of purchases", "yield_bonds", bonds(calm, END)),
        FOLLOWING.check(
            "E5",
            "herding less none, last week of purchases",
            "yield_bonds",
            bonds(herd, END) - bonds(calm, END),
            note=f"{bonds(herd, LATER) - bonds(calm, LATER):+.1f} bp a quarter later: followers leave when the Fed stops.",
        ),
        AT_ONCE.check(
            "E5",
            "announced nine weeks ahead, week of the announcement",
            "yield_bonds",
            bonds(ahead, ANNOUNCED),
            note="holders foresee premia; without foresight nothing moves before the first purchase.",
        ),
        SAME.check(
            "E5",
            "announced less surprise, a quarter after the last purchase",
            "yield_bonds",
            bonds(ahead, LATER) - bonds(calm, LATER),
        ),
        RESERVES.check(
            "E5",
            "last week of purchases",
            "reserves",
            calm.at("reserves", END),
            miss=f"{inflow:.0f} bn of the cash go to the ON RRP and {dropped:.0f} bn of other purchases fall away: reserves of "
            f"{level / 1000:.1f} tn with {pool / 1000:.1f} tn at the ON RRP are what early 2024 had",
        ),
        CASH.check("E5", "last week of purchases", "reserves and ON RRP", calm.at("reserves", END) + inflow),
        DEPOSITS.check(
            "E5",
            "last week of purchases",
            "deposits",
            calm.at("deposits", END),
            miss=f"money funds place {inflow:.0f} bn at the Fed, where cash is no money of the public (J1)",
        ),
        MORE.check("E5", "last week of purchases", "on_rrp", inflow),
    ]


EXPERIMENT = Experiment(
    "E5",
    "QE: 1,000 bn of notes and bonds in three months",
    "The Fed's purchases: how far do yields fall, what becomes of reserves and deposits, and is herding needed for any of it?",
    run,
    ("qe", "qe_announced"),
)
