"""Who financed the debt: double entry (J2), financiers switched off (J3), how much more each could lend (J4), windows of (J1)."""

from __future__ import annotations

from dollarflow.attribution.buyers import marginal_buyers, marginal_money
from dollarflow.attribution.capacity import capacity
from dollarflow.attribution.financiers import Attribution, attribute
from dollarflow.attribution.financing import financing_table
from dollarflow.attribution.ledger import Ledger, ledger_system
from dollarflow.attribution.runs import Inputs, NoInputs, Run, run_of_folder, run_of_simulation
from dollarflow.attribution.shapley import shapley
from dollarflow.attribution.windows import absorbed, by_financier, m2_created, mu, sources, srf_share

__all__ = [
    "Attribution",
    "Inputs",
    "Ledger",
    "NoInputs",
    "Run",
    "absorbed",
    "attribute",
    "by_financier",
    "capacity",
    "financing_table",
    "ledger_system",
    "m2_created",
    "marginal_buyers",
    "marginal_money",
    "mu",
    "run_of_folder",
    "run_of_simulation",
    "shapley",
    "sources",
    "srf_share",
]
