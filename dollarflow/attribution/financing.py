"""Table J2: the Treasury issues 100 bn; a named buyer pays with named money; double entry says what becomes of money and reserves.

Each row moves exactly the decisions that its sentence names and reads the result off the ledger of the economy.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from dollarflow.attribution.ledger import Ledger
from equations.accounts import BANKS, CHART, FED, FO, HF, MMF, PRIVATE, ROW, SPENDING
from equations.cells import held, primary, secondary
from equations.coupons import CLASSES
from model.periods.path import Path

if TYPE_CHECKING:
    import pandas as pd

AMOUNT = 100.0
READ = {
    "money": "money",
    "m2": "m2",
    "reserves": "reserves",
    "on_rrp": "on_rrp",
    "fed_assets": "fed_assets",
    "dollar_liquidity": "dollar_liquidity",
}
"""Columns of the table and the variables they are read from."""


def issue(holder: str) -> str:
    """New notes bought at issue."""
    return primary("notes", holder).base


def trade(holder: str) -> str:
    """Notes bought in the secondary market."""
    return secondary("notes", holder).base


def stock(instrument: str, holder: str, issuer: str | None = None) -> str:
    """A holding that its holder decides on."""
    return held(instrument, holder, issuer).base


SPEND = SPENDING.variable.base
SRF = stock("srf", FED, BANKS)


@dataclass(frozen=True)
class Case:
    """One row: who buys, whose money pays, and the decisions that this moves (per dollar of the amount).

    Parameters
    ----------
    name
        Identifier.
    buyer, financier
        In words.
    moves
        Decision name -> sign; budgets do the rest.

    A hedge fund that buys sells futures of the same amount to asset managers; futures are no claim, so the ledger has none.
    """

    name: str
    buyer: str
    financier: str
    moves: Mapping[str, float]

    @property
    def hedged(self) -> float:
        """Part of the purchase that is sold forward."""
        return self.moves.get(issue(HF), 0.0)


CASES = (
    Case("saver", "private saver", "own deposits", {issue(PRIVATE): 1, SPEND: 1}),
    Case("bank", "bank", "its balance sheet", {issue(BANKS): 1, SPEND: 1}),
    Case("fund_rrp", "money fund", "ON RRP", {stock("bills", MMF): 1, stock("on_rrp", MMF): -1, SPEND: 1}),
    Case("fund_repo", "money fund", "lends dealers less, banks replace it", {stock("bills", MMF): 1, SPEND: 1}),
    Case("fund_shares", "money fund", "new shares paid from deposits", {stock("bills", MMF): 1, stock("mmf_shares", PRIVATE): 1, SPEND: 1}),
    Case(
        "hedge_fund_rrp",
        "hedge fund",
        "repo from a money fund that draws its ON RRP",
        {issue(HF): 1, stock("on_rrp", MMF): -1, SPEND: 1},
    ),
    Case(
        "hedge_fund_bills",
        "hedge fund",
        "repo from a money fund that sells bills to residents",
        {issue(HF): 1, stock("bills", MMF): -1, stock("bills", PRIVATE): 1, SPEND: 1},
    ),
    Case("hedge_fund_bank", "hedge fund", "repo from a bank", {issue(HF): 1, SPEND: 1}),
    Case("hedge_fund_srf", "hedge fund", "a dealer that borrows at the SRF", {issue(HF): 1, SRF: 1, SPEND: 1}),
    Case("srf_for_bank_repo", "no purchase", "the SRF replaces repo that banks funded", {SRF: 1}),
    Case("srf_for_fund_repo", "no purchase", "the SRF replaces tri-party cash that goes to the ON RRP", {SRF: 1, stock("on_rrp", MMF): 1}),
    Case("fed_from_saver", "Fed outright", "from a non-bank seller", {issue(PRIVATE): 1, trade(PRIVATE): -1, trade(FED): 1, SPEND: 1}),
    Case("fed_from_bank", "Fed outright", "from a bank", {issue(BANKS): 1, trade(BANKS): -1, trade(FED): 1, SPEND: 1}),
    Case("official_pool", "foreign official", "foreign repo pool", {issue(FO): 1, stock("foreign_repo_pool", FO): -1, SPEND: 1}),
    Case("foreign_deposits", "rest of the world", "deposits in the United States", {issue(ROW): 1, stock("deposits", ROW): -1, SPEND: 1}),
    Case("hoard", "private saver", "own deposits, while the Treasury hoards the proceeds", {issue(PRIVATE): 1}),
)


def bearers(path: Path, base: Path, hedged: float) -> dict[str, float]:
    """Change of coupon holdings by sector after hedges, USD bn: who bears the duration of what was issued.

    Futures sold by hedge funds hand the duration of what they hedge to asset managers, in the private sector.
    """
    change = {
        c.holder: float(sum(path[held(k, c.holder).base][-1] - base[held(k, c.holder).base][-1] for k in CLASSES))
        for c in CHART.cells("notes")
    }
    change[HF] -= hedged
    change[PRIVATE] += hedged
    return {holder: amount for holder, amount in change.items() if abs(amount) > 1e-6}


def row(ledger: Ledger, case: Case, amount: float = AMOUNT) -> Path:
    """The ledger after one row's decisions."""
    return ledger.move({name: sign * amount for name, sign in case.moves.items()})


def financing_table(source: Path) -> pd.DataFrame:
    """Table J2 on the accounts of a solved path: one row a case, USD bn.

    Returns
    -------
    DataFrame
        Columns ``money`` (deposits and currency of non-banks, exact), ``m2``, ``reserves``, ``on_rrp``, ``fed_assets``,
        ``dollar_liquidity``, ``duration`` (who bears it) and ``hidden`` (largest absolute value of a hidden equation).
    """
    import pandas as pd

    ledger = Ledger(source)
    table = []
    for case in CASES:
        path = row(ledger, case)
        found: dict[str, object] = {"case": case.name, "buyer": case.buyer, "financier": case.financier}
        found |= {column: float(path[name][-1] - ledger.base[name][-1]) for column, name in READ.items()}
        found["duration"] = bearers(path, ledger.base, AMOUNT * case.hedged)
        found["hidden"] = float(np.abs(path.hidden_gaps[1:]).max())
        table.append(found)
    return pd.DataFrame(table).set_index("case")
