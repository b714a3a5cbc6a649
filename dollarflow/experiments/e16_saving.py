"""E16: personal saving is smaller than the deficit, and auctions clear."""

from __future__ import annotations

import numpy as np

from dollarflow.experiments.bench import Bench
from dollarflow.experiments.check import Band, Check, Experiment
from dollarflow.simulation import Simulation
from equations.accounts import SECTORS

RATE = 0.046
DPI = 0.735
CLOSED = Band(-1e-6, 1e-6, "bn", "identity", "every payment has two sides: the balances of all sectors sum to zero")
PLACED = Band(-1e-6, 1e-6, "bn", "identity", "what is issued is held by somebody")
DEFICIT = Band(5.5, 6.5, "%", "published", "second essay: a deficit of 6 per cent of GDP", in_sample=True)
PERSONAL = Band(
    0.95, 1.15, "USD tn", "computed", "4.6 per cent of disposable personal income (BEA), 73.5 per cent of GDP", restates="the essay's rate"
)
SHIFT = Band(280.0, 330.0, "bn", "computed", "one per cent of GDP", restates="import_share")
QUIET = Band(
    -2.0,
    2.0,
    "bp",
    "judgement",
    "who saves does not decide who holds: the price of the debt hardly moves",
    restates="demand for coupons, scaled by GDP alone",
)
NOT_TESTING = (
    "no shift of saving could move it: demand for coupons is scaled by GDP, not by wealth, and foreigners' external_other, which pays "
    "no interest and has no price, takes whatever residents do not save."
)


def balances(run: Simulation) -> dict[str, float]:
    """Financial balances over the run, bn, by sector."""
    return {s.name: float((run[f"balance__{s.name}"] * run["dt"])[1:].sum()) for s in SECTORS}


def placed(run: Simulation) -> float:
    """Net issue less what all holders acquired, bn, largest of all periods."""
    prefixes = ("bills__treasury__", "notes__treasury__", "bonds__treasury__")
    trades = [run[name][1:] for name in run.path.columns if name.startswith(prefixes) and name.endswith("__tr")]
    return float(np.abs(np.diff(run["debt"]) - np.sum(trades, axis=0)).max())


def run(bench: Bench) -> list[Check]:
    """Rows of the experiment."""
    pair = bench.pair("low_saving")
    base = pair.base
    own = balances(base)
    year = slice(1, base.path.periods + 1)
    everybody = np.sum([base[f"balance__{s.name}"][year] for s in SECTORS], axis=0)
    gdp = float((base["gdp"] * base["dt"])[year].sum())
    deficit = float((base["deficit"] * base["dt"])[year].sum())
    personal = RATE * DPI * gdp
    abroad = own["rest_of_world"] + own["foreign_official"]
    intermediaries = own["banks"] + own["mmf"] + own["hedge_funds"] + own["fed"]
    words = (
        f"Of a deficit of {deficit:.0f} bn foreigners' saving matches {abroad:.0f}, residents' balance (households and firms, after "
        f"investment) {own['private']:.0f} and intermediaries' {intermediaries:.0f}."
    )
    return [
        DEFICIT.check("E16", "baseline, first year", "deficit over GDP", 100.0 * deficit / gdp),
        PERSONAL.check("E16", "4.6 per cent, first year", "personal saving", personal / 1000.0, note=words),
        CLOSED.check("E16", "baseline, largest week", "sum of all balances", float(np.abs(everybody).max())),
        PLACED.check("E16", "saving lower by 1 % of GDP", "net issue less purchases of all holders, largest week", placed(pair.changed)),
        SHIFT.check("E16", "saving lower by 1 % of GDP", "foreign_surplus", pair.total("foreign_surplus")),
        QUIET.check("E16", "saving lower by 1 % of GDP", "yield_bonds", pair.at("yield_bonds", unit="bp"), note=NOT_TESTING),
    ]


EXPERIMENT = Experiment(
    "E16",
    "A saving rate of 4.6 per cent against a deficit of six per cent of GDP",
    "The second essay concludes that private savers cannot be the marginal buyer. Which rates does it compare, and who absorbs the rest?",
    run,
    ("low_saving",),
)
