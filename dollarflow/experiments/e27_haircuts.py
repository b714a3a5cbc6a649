"""E27: a minimum haircut of two per cent on hedge funds' repo."""

from __future__ import annotations

from dollarflow.experiments.bench import Bench
from dollarflow.experiments.check import Band, Check, Experiment

LATER = "2026-07-08"
BOOK = Band(-50.0, -25.0, "%", "published", "FEDS Notes, 8 September 2023: leverage of the trade with higher haircuts")
BASIS = Band(
    10.0, 20.0, "bp", "judgement", "capital of 13 per cent a year on one and a half points of haircut: 20 bp, less what funds absorb"
)
YIELD = Band(3.0, 5.0, "bp", "judgement", "gamma on the duration that leaves the funds")


def run(bench: Bench) -> list[Check]:
    """Rows of the experiment."""
    pair = bench.pair("haircut_floor")
    period = pair.period(LATER)
    base, changed = pair.base, pair.changed
    fall = 100.0 * (changed["hf_book"][period] / base["hf_book"][period] - 1)
    limit = 100.0 * (changed["hf_capacity"][period] / base["hf_capacity"][period] - 1)
    used = 100.0 * base["hf_book"][period] / base["hf_capacity"][period]
    leverage = base["hf_leverage"][period]
    return [
        BOOK.check(
            "E27",
            "half a year later",
            "hf_book",
            fall,
            miss=f"at a leverage of {leverage:.0f} on the gross book most equity is a buffer beyond haircut and margin: the floor takes "
            f"{-limit:.0f} % of capacity, of which {used:.0f} % was used",
        ),
        BASIS.check("E27", "half a year later", "basis", pair.at("basis", LATER, "bp")),
        YIELD.check(
            "E27",
            "largest of the year",
            "yield_bonds",
            pair.largest("yield_bonds", unit="bp"),
            miss="asset managers who lose futures buy cash bonds instead (futures and cash are substitutes), so that duration stays held; "
            "what moves yields is the sale of the other hedged leg",
        ),
    ]


EXPERIMENT = Experiment(
    "E27",
    "A haircut floor of two per cent",
    "Hedge funds buy with borrowed money: what would a minimum of own money do to their book, to the basis and to yields?",
    run,
    ("haircut_floor",),
)
