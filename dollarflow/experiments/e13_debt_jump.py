"""E13: ten per cent of GDP more debt at once, in coupons."""

from __future__ import annotations

from dollarflow.experiments.bench import Bench
from dollarflow.experiments.check import Band, Check, Experiment

QUARTER, LATER = "2026-04-08", "2026-10-28"
YIELD = Band(30.0, 40.0, "bp", "computed", "7.5 % of GDP of 10-year equivalents at gamma of 4 to 5 bp", restates="gamma")
CBO = Band(
    20.0, 30.0, "bp", "published", "Congressional Budget Office 2019 and WP 2024-05: 2 to 3 bp per percentage point of debt over GDP"
)
CONVENIENCE = Band(
    -10.0,
    -5.0,
    "bp",
    "published",
    "0.5 to 1 bp per percentage point: Krishnamurthy and Vissing-Jorgensen",
    in_sample=True,
    restates="convenience_slope",
)


def run(bench: Bench) -> list[Check]:
    """Rows of the experiment."""
    pair = bench.pair("debt_jump")
    flow = pair.at("flow_premium", QUARTER, "bp")
    others = sum(pair.at(f"{k}__treasury__{h}__face", LATER) for k in ("notes", "bonds") for h in ("banks", "hedge_funds"))
    rest = pair.at("yield_bonds", QUARTER, "bp")
    return [
        YIELD.check(
            "E13",
            "a quarter later",
            "yield_bonds",
            rest,
            note=f"of this {flow:.1f} bp is left of the concession; {pair.largest('yield_bonds', unit='bp'):.0f} bp in the week of issue.",
        ),
        YIELD.check(
            "E13",
            "three quarters later",
            "yield_bonds",
            pair.at("yield_bonds", LATER, "bp"),
            miss=f"the concession is gone, income has grown, and funds and banks, who do not follow the premium, hold {others:.0f} bn "
            "more: gamma applies to what the others must hold",
        ),
        CBO.check(
            "E13",
            "three quarters later",
            "yield_bonds",
            pair.at("yield_bonds", LATER, "bp"),
            note="proportional to gamma, which was set from other studies: half of it gives half.",
        ),
        CONVENIENCE.check("E13", "three quarters later", "convenience_yield", pair.at("convenience_yield", LATER, "bp")),
    ]


EXPERIMENT = Experiment(
    "E13",
    "Debt ten per cent of GDP higher",
    "Is the dollar permanently scarce? What happens to yields and to the convenience of Treasuries when there are many more of them?",
    run,
    ("debt_jump",),
)
