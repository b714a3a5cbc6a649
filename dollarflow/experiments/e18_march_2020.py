"""E18: March 2020, the dash for cash, from a state that the model reaches from mid-2019."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np

from dollarflow.experiments.bench import Bench, Pair, step, varied
from dollarflow.experiments.check import Band, Check, Experiment
from dollarflow.scenarios import scenario

BEFORE, FIRST, LAST = "2020-03-08", "2020-03-15", "2020-03-29"
RESERVES = Band(1600.0, 1850.0, "bn", "published", "H.4.1: reserves of 1,700 to 1,750 in the weeks before 11 March 2020")
SOLD = Band(
    -170.0,
    -100.0,
    "bn",
    "published",
    "Form PF: repo of hedge funds, 1,249 to 1,111 over the first half of 2020; sales of 100 to 170 in three weeks",
)
YIELD = Band(40.0, 70.0, "bp", "published", "ten-year yield, 9 to 18 March 2020: +64 bp")
BASIS = Band(3.0, 5.0, "times", "judgement", "the basis widens three- to fivefold")
BACK = Band(0.0, 0.5, "1", "published", "the spike was reversed within weeks of purchases of 1 tn")
PURCHASE, WEEKS, CLASSES = 1000.0, 3, {"notes": 0.54, "bonds": 0.46}
BUYING, BOUGHT = date(2020, 3, 16), date(2020, 4, 5)
LOOSER = 0.5
"""Use of the risk limit at the opening in the second case: a limit of twice the book instead of one and a half times."""


def rise(pair: Pair, name: str) -> float:
    """Largest difference from the run without stress from the first week to three weeks later, bp."""
    return pair.largest(name, FIRST, LAST, "bp")


def run(bench: Bench) -> list[Check]:
    """Rows of the experiment."""
    rows: list[Check] = []
    usual = bench.opening("2019-06-30")
    for case, opening in (
        ("risk limit at 1.5 times the book", usual),
        ("risk limit at twice the book", replace(usual, parameters={"hf_var_used": LOOSER})),
    ):
        pair = bench.pair("dash_for_cash", opening=opening)
        before, last = pair.period(BEFORE), pair.period(LAST)
        sold = float(pair.changed["hf_book"][last] - pair.changed["hf_book"][before])
        wide = float(np.max(pair.changed["basis"][before : last + 1]) / pair.changed["basis"][before])
        shocks = [step(f"qe_{kind}", part * PURCHASE * 52 / WEEKS, BUYING, BOUGHT) for kind, part in CLASSES.items()]
        rescued = bench.run(varied(scenario("dash_for_cash"), shocks=shocks), opening=opening)
        left = float(rescued["yield_bonds"][pair.period(BOUGHT)] - pair.base["yield_bonds"][pair.period(BOUGHT)])
        if not rows:
            rows.append(
                RESERVES.check("E18", "state reached from mid-2019", "reserves, 8 March 2020", float(pair.base["reserves"][before]))
            )
        limit = "a threefold risk cuts the largest book to its limit as measured risk catches up, two thirds of the way in three weeks"
        rows += [
            SOLD.check("E18", case, "hf_book, three weeks", sold, miss=limit),
            YIELD.check(
                "E18",
                case,
                "yield_bonds, largest rise",
                rise(pair, "yield_bonds"),
                miss="sales of 390 by officials and residents and what funds are forced to sell meet a flow effect five times the "
                "usual: the forced sales are the excess",
            ),
            BASIS.check(
                "E18",
                case,
                "basis, highest over before",
                wide,
                miss="asset managers' futures do not shrink while the book is cut: the price clears",
            ),
            BACK.check(
                "E18",
                f"{case}, the Fed buys 1 tn in three weeks",
                "part of the rise of yields that is left",
                left * 1e4 / rise(pair, "yield_bonds"),
            ),
        ]
    return rows


EXPERIMENT = Experiment(
    "E18",
    "March 2020",
    "Risk triples, margins rise, officials and funds sell: what do hedge funds have to sell, how far do yields and the basis jump, "
    "and do purchases of 1 tn undo it?",
    run,
    ("dash_for_cash", "winter_2020"),
)
