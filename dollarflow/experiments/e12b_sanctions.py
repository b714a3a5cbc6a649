"""E12b: reserve managers lower the dollar's share by five percentage points in five years."""

from __future__ import annotations

from dollarflow.experiments.bench import Bench
from dollarflow.experiments.check import Band, Check, Experiment

END = "2030-12-31"
YIELD = Band(6.0, 12.0, "bp", "judgement", "gamma of 4 to 8 bp on what officials would hold less")
DOLLAR = Band(-3.0, -1.0, "%", "judgement", "a fall of one to three per cent")
OFFICIAL = Band(-10.0, 10.0, "%", "published", "COFER 58 to 57 per cent of reserves, official Treasuries flat at 3.9 tn from 2021 to 2025")
UNPAID = Band(-1e-9, 1e-9, "bn", "judgement", "no collapse: every issue is placed and every outlay paid")


def run(bench: Bench) -> list[Check]:
    """Rows of the experiment."""
    pair = bench.pair("sanctions")
    row, opening = pair.changed.row(END), pair.changed.row(0)
    faces = [f"{k}__treasury__foreign_official__face" for k in ("notes", "bonds")]
    held = sum(row[name] for name in faces) / sum(opening[name] for name in faces) - 1
    less = -sum(pair.at(name, END) for name in faces)
    dollar = 100.0 * (row["dollar"] / pair.base.row(END)["dollar"] - 1)
    return [
        YIELD.check(
            "E12b",
            "after five years",
            "yield_bonds",
            pair.at("yield_bonds", END, "bp"),
            miss=f"managers move by a third a year, first out of other dollar claims: by then they hold {less:.0f} bn less of coupons, "
            "0.3 % of GDP, where the band takes the whole adjustment at once and up to twice gamma",
        ),
        DOLLAR.check(
            "E12b",
            "after five years",
            "dollar",
            dollar,
            miss="the dollar follows the rate gap and the convenience yield (O3); the currency composition of reserves has no way into it",
        ),
        OFFICIAL.check(
            "E12b",
            "after five years, against the opening",
            "official notes and bonds",
            100.0 * held,
            miss="35 % of a surplus of 4 % of GDP becomes reserves (O1); from 2021 to 2025 they did not grow: private foreigners took it",
        ),
        UNPAID.check("E12b", "five years", "unpaid outlays", float(pair.changed["unpaid"][1:].max())),
    ]


EXPERIMENT = Experiment(
    "E12b",
    "Sanctions: five points less of dollars in reserves",
    "If reserve managers turn from Treasuries to gold for five years, does the dollar's position break?",
    run,
    ("sanctions",),
)
