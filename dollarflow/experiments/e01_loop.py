"""E1: the monetisation loop, bills bought by the Fed at issue and redeemed a quarter later."""

from __future__ import annotations

from dollarflow.experiments.bench import Bench
from dollarflow.experiments.check import Band, Check, Experiment

IDENTITY = "balance sheets of the Fed and of banks, consolidated"
SIZE = 100.0
CREATED = Band(SIZE - 1e-8, SIZE + 1e-8, "bn", "identity", IDENTITY)
REVERSED = Band(-1e-8, 1e-8, "bn", "identity", IDENTITY)
FULL = Band(95.0, 105.0, "bn", "judgement", "the loop with nobody else reacting: +100 and back, within 5")
GONE = Band(-5.0, 5.0, "bn", "judgement", "the loop with nobody else reacting: +100 and back, within 5")
QUIET = Band(-1.0, 1.0, "bp", "judgement", "no duration and no bills change hands in the market")


def run(bench: Bench) -> list[Check]:
    """Rows of the experiment."""
    pair = bench.pair("fed_loop")
    bought = [pair["money_by__fed_treasuries"][1], pair["money_by__fed_treasuries"][1:].sum()]
    reacting = "prices react: cheaper overnight cash lets money funds swap repo for bills, and banks lend in their place"
    return [
        CREATED.check("E1", "week of issue", "money created by the Fed's bills", bought[0]),
        REVERSED.check("E1", "after redemption", "money created by the Fed's bills, cumulated", bought[1]),
        FULL.check("E1", "week of issue", "reserves", pair.at("reserves", 1), miss=reacting),
        FULL.check("E1", "week of issue", "money", pair.at("money", 1), miss=reacting),
        GONE.check("E1", "after a year", "reserves", pair.at("reserves"), miss=reacting),
        GONE.check("E1", "after a year", "money", pair.at("money"), miss=reacting),
        QUIET.check("E1", "quarter", "yield_bonds", pair.mean("yield_bonds", 1, 13, "bp")),
    ]


EXPERIMENT = Experiment(
    "E1",
    "The monetisation loop",
    "The Treasury issues, the Fed buys, money appears; at maturity it goes back. Does the loop close, and does anybody notice?",
    run,
    ("fed_loop",),
)
