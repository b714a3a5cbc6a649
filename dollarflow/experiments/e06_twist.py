"""E6: notes exchanged for bonds at equal cash."""

from __future__ import annotations

from dollarflow.experiments.bench import Bench
from dollarflow.experiments.check import Band, Check, Experiment
from dollarflow.simulation import Simulation

END = "2026-12-30"
RESERVES = Band(-20.0, 20.0, "bn", "judgement", "about zero: equal cash on both sides")
SLOPE = Band(-10.0, -5.0, "bp", "judgement", "Maturity Extension Program of 2011-2012, scaled to 400 bn")
DURATION = Band(0.7, 1.3, "yr", "judgement", "Maturity Extension Program: about one year on the portfolio of 2011")
INCOME = Band(None, 0.0, "bn", "judgement", "a longer portfolio loses more when overnight rates are high")


def fed_duration(run: Simulation, when: str) -> float:
    """Mean duration of the Fed's notes and bonds, years, faces as weights."""
    row = run.row(when)
    numbers = dict(zip(run.path.parameter_names, run.path.parameter_rows[1], strict=True))
    faces = {k: row[f"{k}__treasury__fed__face"] for k in ("notes", "bonds")}
    return float(sum(faces[k] * numbers[f"duration_{k}"] for k in faces) / sum(faces.values()))


def run(bench: Bench) -> list[Check]:
    """Rows of the experiment."""
    pair = bench.pair("twist")
    slope = pair.at("yield_bonds", END, "bp") - pair.at("yield_notes", END, "bp")
    longer = fed_duration(pair.changed, END) - fed_duration(pair.base, END)
    held = pair.base.row(END)["notes__treasury__fed__face"] + pair.base.row(END)["bonds__treasury__fed__face"]
    return [
        RESERVES.check("E6", "last purchase", "reserves", pair.at("reserves", END)),
        SLOPE.check(
            "E6",
            "last purchase",
            "bond less note yield",
            slope,
            miss="400 bn take only 175 bn of 10-year equivalents, 0.5 % of GDP, from the public; at gamma of 4 bp that is 2 bp. "
            "The programme of 2011 took papers under 3 for papers over 6 years, twice that distance, at a GDP half as large",
        ),
        DURATION.check(
            "E6",
            "last purchase",
            "duration of the Fed's coupons",
            longer,
            miss=f"400 of {held:.0f} bn move by 3.5 years between two classes; the programme moved more of a smaller portfolio further",
        ),
        INCOME.check(
            "E6",
            "during the exchange",
            "fed_net_income",
            pair.total("fed_net_income", 1, END),
            note="notes with low coupons are sold below their book value.",
        ),
        INCOME.check(
            "E6",
            "the year after",
            "fed_net_income",
            pair.total("fed_net_income", END),
            miss="bonds yield more than the notes that were sold, and overnight rates stay where they are: the loss is taken at the sale, "
            "and more carry follows",
        ),
    ]


EXPERIMENT = Experiment(
    "E6",
    "Twist: 400 bn of notes for bonds",
    "Can the Fed lower long yields without money, and what does it pay for it?",
    run,
    ("twist",),
)
