"""E14: receipts one per cent of GDP higher, and lower."""

from __future__ import annotations

from dollarflow.experiments.bench import Bench, Pair
from dollarflow.experiments.check import Band, Check, Experiment

CLOSED = Band(-1e-6, 1e-6, "bn", "identity", "deficit is outlays and interest less receipts and remittances")
LOWER = Band(-345.0, -310.0, "bn", "computed", "one per cent of a GDP of 31 to 32 tn, and the interest saved", restates="the tax rate")
HIGHER = Band(310.0, 345.0, "bn", "computed", "one per cent of a GDP of 31 to 32 tn, and the interest on it", restates="the tax rate")
BILLS = Band(None, 0.0, "bn", "judgement", "bills are the residual of financing")
RESERVES = Band(-25.0, 25.0, "bn", "judgement", "what is collected is what is no longer borrowed")


def unexplained(pair: Pair) -> float:
    """The change of the deficit beyond receipts, interest, remittances and withheld outlays, bn over the year."""
    spent = ("government_purchases", "transfers", "treasury_interest")
    return float(pair.total("deficit") - sum(pair.total(name) for name in spent) + pair.total("receipts") + pair.total("fed_remittance"))


def run(bench: Bench) -> list[Check]:
    """Rows of the experiment."""
    up, down = bench.pair("tax_up"), bench.pair("deficit_up")
    return [
        LOWER.check("E14", "taxes up, first year", "deficit", up.total("deficit")),
        HIGHER.check("E14", "taxes down, first year", "deficit", down.total("deficit")),
        CLOSED.check("E14", "taxes up, first year", "deficit less its parts", unexplained(up)),
        BILLS.check("E14", "taxes up, after a year", "bills", up.at("bills")),
        RESERVES.check(
            "E14",
            "taxes up, mean of the year",
            "reserves",
            up.mean("reserves"),
            miss="fewer bills lower SOFR, money funds leave more at the ON RRP, and reserve management buys less",
        ),
    ]


EXPERIMENT = Experiment(
    "E14",
    "Taxes up or down by one per cent of GDP",
    "Governments spend from taxes or from debt: what does the other choice do to debt, bills and reserves?",
    run,
    ("tax_up", "deficit_up"),
)
