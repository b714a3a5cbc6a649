"""The dollar system's chart of accounts where institutions can fail: fund shares float, repo can be written off, deposits are safe."""

from __future__ import annotations

from dataclasses import replace

from equations import accounts
from equations.accounts import BANKS, DT, HF, MMF, TREASURY
from model.language.accounts import Chart, Flow, Valuation

GUARANTEE = Flow("transfer", TREASURY, BANKS, "deposits", "what the guarantee of deposits pays for failed banks")
FLOWS = (
    accounts.REMITTANCE,
    accounts.BANK_OPEX,
    accounts.MMF_INCOME,
    accounts.MMF_INCOME_ROW,
    accounts.VARIATION_MARGIN,
    GUARANTEE,
)
VALUATIONS = {"mmf_shares": Valuation.EQUITY, "repo_triparty": Valuation.BOOK, "repo_dvp": Valuation.BOOK}

CHART = Chart(
    accounts.SECTORS,
    tuple(replace(item, valuation=VALUATIONS.get(item.name, item.valuation)) for item in accounts.INSTRUMENTS),
    FLOWS,
    period=DT,
)
SEVERAL = (BANKS, MMF, HF)
"""Sectors that have members."""
