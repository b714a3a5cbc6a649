"""E1: the monetisation loop, bills bought by the Fed at issue and redeemed a quarter later."""

from __future__ import annotations

from datetime import date

from dollarflow.experiments.bench import Bench, Pair, level, step, varied
from dollarflow.experiments.check import Band, Check, Experiment
from dollarflow.scenarios import scenario

SIZE, WEEKS = 100.0, 52
REDEEMED = 14
ABUNDANT = date(2021, 12, 31)
IDENTITY = "balance sheets of the Fed and of banks, consolidated"
CREATED = Band(SIZE - 1e-8, SIZE + 1e-8, "bn", "identity", IDENTITY)
REVERSED = Band(-1e-8, 1e-8, "bn", "identity", IDENTITY)
FULL = Band(95.0, 105.0, "bn", "judgement", "the loop with nobody else reacting: +100 and back, within 5")
GONE = Band(-5.0, 5.0, "bn", "judgement", "the loop with nobody else reacting: +100 and back, within 5")
QUIET = Band(-1.0, 1.0, "bp", "judgement", "no duration and no bills change hands in the market")


def abundant(bench: Bench) -> Pair:
    """The same loop at the end of 2021, when 1.9 tn lay at the ON RRP."""
    calm = scenario("calm")
    calm = calm.model_copy(update={"horizon": calm.horizon.model_copy(update={"start": ABUNDANT})})
    weekly = SIZE * WEEKS
    loop = (
        level("add__pay_tax", -SIZE, 1, 1),
        step("qe_bills", weekly, 1, 1),
        level("add__pay_tax", SIZE, REDEEMED, REDEEMED),
        step("qe_bills", -weekly, REDEEMED, REDEEMED),
    )
    return bench.pair(varied(calm, shocks=loop), calm)


def run(bench: Bench) -> list[Check]:
    """Rows of the experiment."""
    pair, flood = bench.pair("fed_loop"), abundant(bench)
    bought = [pair["money_by__fed_treasuries"][1], pair["money_by__fed_treasuries"][1:].sum()]
    funds, repo = pair.at("bills__treasury__mmf", 1), pair["money_by__bank_repo"][1]
    reacting = (
        f"prices react: SOFR falls by {-pair.at('sofr_iorb', 1, 'bp'):.1f} bp, money funds buy {funds:.0f} bn of bills with cash "
        f"that dealers had, and banks replace it ({repo:+.0f} bn of money); SRF and ON RRP take the rest of the difference"
    )
    coupons = pair.at("notes__face") + pair.at("bonds__face")
    lasting = (
        f"the calendar takes the hand-out for a part of the year's deficit, so that {coupons:.0f} bn of coupons stand in for bills: "
        "money funds lend that cash to dealers instead, and banks lend less"
    )
    return [
        CREATED.check("E1", "week of issue", "money created by the Fed's bills", bought[0]),
        REVERSED.check("E1", "after redemption", "money created by the Fed's bills, cumulated", bought[1]),
        FULL.check("E1", "cash scarce, October 2025: week of issue", "reserves", pair.at("reserves", 1), miss=reacting),
        FULL.check("E1", "cash scarce, October 2025: week of issue", "money", pair.at("money", 1), miss=reacting),
        FULL.check("E1", "cash abundant, end of 2021: week of issue", "reserves", flood.at("reserves", 1)),
        FULL.check("E1", "cash abundant, end of 2021: week of issue", "money", flood.at("money", 1)),
        GONE.check("E1", "October 2025: after a year", "reserves", pair.at("reserves"), miss=lasting),
        GONE.check("E1", "October 2025: after a year", "money", pair.at("money"), miss=lasting),
        GONE.check("E1", "end of 2021: after a year", "money", flood.at("money"), miss=lasting),
        QUIET.check("E1", "October 2025: mean of the quarter", "yield_bonds", pair.mean("yield_bonds", 1, REDEEMED - 1, "bp")),
    ]


EXPERIMENT = Experiment(
    "E1",
    "The monetisation loop",
    "The Treasury issues, the Fed buys, money appears; at maturity it goes back. Does the loop close, and does anybody notice?",
    run,
    ("fed_loop",),
)
