"""E28: auctions without the Fed as a buyer and without the standing facility."""

from __future__ import annotations

import numpy as np

from dollarflow.experiments.bench import Bench, Pair
from dollarflow.experiments.check import Band, Check, Experiment

STUDIES = "studies of the run-off of 2022 to 2025: 10 to 35 bp for 2.2 tn"
YIELD = {
    "no_fed_2022": Band(10.0, 35.0, "bp", "published", STUDIES),
    "no_fed_2026": Band(2.7, 9.5, "bp", "published", f"{STUDIES}, scaled to the 600 bn of a year"),
}
TAIL = Band(None, 10.0, "bp", "published", "2013 to 2025: tails of a few bp, no auction failed")
CLEARED = Band(-1e-4, 1e-4, "bn", "identity", "notes and bonds bought and sold in the market sum to zero")
COVERED = Band(0.0, 0.0, "%", "published", "2013 to 2025: auctions never failed", restates="the room of all banks")
FAILS = Band(
    125.0, None, "bn", "judgement", "larger than any quarterly refunding, 125 bn in 2025", restates="gamma and flow_slope, without a run"
)
ROOM = Band(None, None, "bn", "computed", "leverage requirement of banks with their dealers")
STRETCHED = Band(None, None, "bp", "computed", "reported")
DISORDER = 0.01
"""Rise of the yield within a week that nobody would call an orderly auction."""
PRICE = Band(70.0, 140.0, "bn per bp", "computed", "about 100 bn of face per bp at gamma of 4 bp", restates="gamma, without a run")
CLASSES = ("notes", "bonds")
CANNOT_FAIL = "it cannot be otherwise: issues clear by yield, and the room of all banks is many times any issue."
RANGE = (0.02, 0.12)
"""Effect of duration on the premium (gamma) that studies document: 2 to 12 bp per 1 % of GDP."""
SLOPES = Band(None, None, "bp", "published", "gamma of 2 and of 12 bp: Wei 2022 to D'Amico and King 2013")
HOLDERS = ("fed", "banks", "hedge_funds", "foreign_official", "rest_of_world", "private")


def room(pair: Pair) -> np.ndarray:
    """Coupons that dealers could still carry within their leverage requirement, by period, bn."""
    path = pair.changed.path
    rows = path.parameter_rows
    required = rows[:, path.parameter_names.index("leverage_requirement")]
    return np.asarray(pair.changed["bank_equity"] / required - pair.changed["bank_assets"])


def parameter(pair: Pair, name: str) -> float:
    """A parameter of the changed run."""
    path = pair.changed.path
    return float(path.parameter_rows[-1][path.parameter_names.index(name)])


def slope(pair: Pair) -> float:
    """Face of coupons placed per bp of the bond premium, bn, from the parameters of demand."""
    notes = parameter(pair, "note_weight")
    mean = notes * parameter(pair, "duration_notes") / parameter(pair, "duration_bonds") + 1 - notes
    return float(pair.changed["gdp"][-1]) / (parameter(pair, "gamma") * mean) / 1e4


def paid(pair: Pair) -> float:
    """Rise of the bond yield in the last quarter, bp."""
    return pair.mean("yield_bonds", pair.changed.path.periods - 12, unit="bp")


def rows(pair: Pair, case: str, against: str) -> list[Check]:
    """Clearing yield, tail, cover and room of one run."""
    path = pair.changed
    tail = 1e4 * float(np.max(np.diff(path["term_premium"])))
    pool = max(float(np.max(np.abs(sum(path[f"{k}__treasury__{h}__secondary"][1:] for h in HOLDERS)))) for k in CLASSES)
    left = room(pair)
    uncovered = np.maximum(path["dealer_inventory"] - np.maximum(left, 0), 0)[1:]
    issued = (path["private_issue_notes"] + path["private_issue_bonds"])[1:]
    share = 100 * float(np.max(uncovered / issued))
    size = float(path["deposits_average"][-1]) / parameter(pair, "deposits_reference")
    failing = DISORDER / (parameter(pair, "flow_slope") / size + 1e-4 / slope(pair))
    forced = float(np.sum(path["hf_forced_sales"][1:]))
    return [
        YIELD[path.scenario.name].check(
            "E28",
            f"{case}, {against}",
            "yield_bonds, last quarter",
            paid(pair),
            note="nearly proportional to gamma, 4 bp here; the rows below have 2 and 12 bp.",
        ),
        TAIL.check(
            "E28",
            case,
            "largest rise of the premium in a week",
            tail,
            miss=f"not the issue but funds: repo volatility forces sales of {forced:.0f} bn over the year, which the facility would "
            f"have prevented",
        ),
        CLEARED.check("E28", case, "secondary trades left open, largest", pool),
        COVERED.check("E28", case, "issue that dealers could not carry, largest share", share, note=CANNOT_FAIL),
        FAILS.check("E28", case, "surprise in a week that lifts yields by 100 bp", failing),
        ROOM.check(
            "E28",
            case,
            "what dealers could still carry, smallest",
            float(np.min(left[1:])),
            note="of banks as a whole: their equity is twice the requirement; dealers' own limits are tighter and not in the model.",
        ),
        STRETCHED.check("E28", case, "sofr_iorb, highest", 1e4 * float(np.max(path["sofr_iorb"]))),
    ]


def run(bench: Bench) -> list[Check]:
    """Rows of the experiment."""
    past, ahead = bench.pair("no_fed_2022"), bench.pair("no_fed_2026")
    cases = {"no_fed_2022": "2022 to 2025, against full reinvestment", "no_fed_2026": "a year from October 2025, against the baseline"}
    return [
        *rows(past, "2022 to 2025", "against full reinvestment"),
        *rows(ahead, "a year from October 2025", "against the baseline"),
        *[
            SLOPES.check("E28", case, f"yield_bonds at gamma of {100 * gamma:g} bp", paid(bench.pair(name, parameters={"gamma": gamma})))
            for name, case in cases.items()
            for gamma in RANGE
        ],
        PRICE.check("E28", "a year from October 2025", "coupons placed by a higher yield", slope(ahead)),
    ]


EXPERIMENT = Experiment(
    "E28",
    "Auctions without the Fed",
    "First essay: without the Fed the auctions fail. The Fed buys nothing and lends nothing: at which yield do auctions clear, and with "
    "what tail? Whether one could fail the model cannot say.",
    run,
    ("no_fed_2022", "no_fed_2026"),
)
