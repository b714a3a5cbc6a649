"""The books of a path read from its column names alone: no chart of accounts, no equation of the model is used."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from model.periods.path import Path

Floats = NDArray[np.float64]
SECTORS = ("fed", "treasury", "banks", "mmf", "hedge_funds", "foreign_official", "rest_of_world", "private")
COUPONS = ("notes", "bonds")
EQUITIES = ("bank_equity", "hedge_fund_equity")
INSTRUMENTS = (
    "currency",
    "reserves",
    "tga",
    "on_rrp",
    "foreign_repo_pool",
    "fed_other_deposits",
    "srf",
    "discount_window",
    "bills",
    *COUPONS,
    "agency",
    "deposits",
    "mmf_shares",
    "repo_triparty",
    "repo_dvp",
    "loans",
    "other",
    *EQUITIES,
    "fed_equity",
    "external_other",
)
RATES = {
    "reserves": "iorb",
    "on_rrp": "on_rrp_rate",
    "foreign_repo_pool": "frp_rate",
    "fed_other_deposits": "other_deposit_rate",
    "srf": "srf_rate",
    "discount_window": "dw_rate",
    "bills": "bill_average_rate",
    "deposits": "deposit_rate",
    "repo_triparty": "triparty_rate",
    "repo_dvp": "dvp_rate",
    "loans": "loan_rate",
    "agency": "agency_rate",
    "other": "other_rate",
}


def split(name: str) -> tuple[str, str, str] | None:
    """Instrument, issuer and holder where a column is a cell of the balance sheet."""
    parts = name.split("__")
    if len(parts) == 3 and parts[0] in INSTRUMENTS and parts[1] in SECTORS and parts[2] in SECTORS:
        return parts[0], parts[1], parts[2]
    return None


@dataclass(frozen=True)
class Books:
    """Stocks, transactions, revaluations and payments of a path."""

    path: Path

    @cached_property
    def cells(self) -> dict[str, tuple[str, str, str]]:
        """Cells by column name."""
        return {name: found for name in self.path.columns if (found := split(name)) is not None}

    @cached_property
    def payments(self) -> dict[str, tuple[str, str]]:
        """Payer and payee of each payment: interest runs from issuer to holder, other payments name both at the end."""
        found = {}
        for name in self.path.columns:
            if name.startswith("int__"):
                cell = split(name.removeprefix("int__"))
                assert cell is not None, name
                found[name] = (cell[1], cell[2])
            elif name.startswith("pay__"):
                payer, payee = name.split("__")[-2:]
                assert payer in SECTORS, name
                assert payee in SECTORS, name
                found[name] = (payer, payee)
        return found

    def stock(self, key: str) -> Floats:
        """End-of-period values of a cell."""
        return self.path[key]

    def bought(self, key: str) -> Floats:
        """Net acquisitions of a cell, period 1 on."""
        return np.asarray(self.path[f"{key}__tr"][1:])

    def gained(self, key: str) -> Floats:
        """Revaluations of a cell, period 1 on; zero where it has none."""
        name = f"{key}__rv"
        return np.asarray(self.path[name][1:]) if name in self.path else np.zeros(self.path.periods)

    def saving(self, sector: str) -> Floats:
        """Payments received less payments made, period 1 on."""
        total = np.zeros(self.path.periods)
        for name, (payer, payee) in self.payments.items():
            if payee == sector:
                total += self.path[name][1:]
            if payer == sector:
                total -= self.path[name][1:]
        return total

    def traffic(self, sector: str) -> Floats:
        """Sum of the sizes of a sector's payments, period 1 on."""
        total = np.zeros(self.path.periods)
        for name, ends in self.payments.items():
            if sector in ends:
                total += np.abs(self.path[name][1:])
        return total
