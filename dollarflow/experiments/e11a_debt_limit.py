"""E11a: the debt limit binds for twenty weeks."""

from __future__ import annotations

from dollarflow.experiments.bench import Bench
from dollarflow.experiments.check import Band, Check, Experiment

BINDING, END, LIFTED, REBUILT = "2026-08-05", "2026-10-21", "2026-10-28", "2027-02-24"
EMPTY = Band(None, 50.0, "bn", "published", "H.4.1: Treasury's account of 48.5 on 31 May 2023")
CASH = Band(0.0, None, "bn", "published", "2023 and 2025: reserves and ON RRP rose as the account was spent")
SCARCE = Band(None, 0.0, "bp", "published", "2022 and 2023: bills below the ON RRP rate when they are scarce")
KINK = Band(10.0, None, "bp", "published", "May 2023: bills that matured past the day without cash paid 50 to 150 bp more")
NONE = Band(0.0, 0.0, "bp", "identity", "no premium while cash is above the safe level")
BILLS = Band(None, 0.0, "bn", "identity", "bills are the residual under the limit")
BACK = Band(None, 0.0, "bn", "published", "2023: the rebuilding was paid out of the ON RRP first")


def run(bench: Bench) -> list[Check]:
    """Rows of the experiment."""
    pair = bench.pair("debt_limit_2026")
    path = pair.changed
    binding, last, lifted, rebuilt = (pair.period(day) for day in (BINDING, END, LIFTED, REBUILT))
    spread = 1e4 * float((path["bill_rate"] - path["on_rrp_rate"])[last - 4])
    cash = pair["reserves"] + pair["on_rrp"]
    return [
        EMPTY.check("E11a", "last week of the limit", "tga", float(path["tga"][last])),
        CASH.check("E11a", "last week of the limit", "reserves and ON RRP", float(cash[last])),
        BILLS.check("E11a", "last week of the limit", "bills", float(pair["bills"][last])),
        SCARCE.check("E11a", "four weeks before the end", "bill_rate less on_rrp_rate", spread),
        NONE.check("E11a", "first week of the limit", "default_premium", 1e4 * float(path["default_premium"][binding])),
        KINK.check(
            "E11a",
            "weeks around the end",
            "default_premium, highest",
            1e4 * float(max(path["default_premium"][last - 2 : lifted + 1])),
        ),
        BACK.check("E11a", "four months after", "on_rrp, change since the end", float(path["on_rrp"][rebuilt] - path["on_rrp"][last])),
    ]


EXPERIMENT = Experiment(
    "E11a",
    "The debt limit binds for twenty weeks",
    "The Treasury may not borrow: where does its cash go, what happens to bills, and who pays for the rebuilding?",
    run,
    ("debt_limit_2026", "account_500"),
)
