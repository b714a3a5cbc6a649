"""The network of debts between institutions, read from the holdings of a generated economy."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import scipy.sparse as sparse
from numpy.typing import NDArray

from model.language.accounts import Valuation, value
from model.members.path import MemberPath

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Obligations:
    """Debts between n institutions and with the rest of the economy.

    Parameters
    ----------
    names, sectors
        Of each institution.
    debts
        ``debts[i, j]`` is what i owes j, USD bn, shape (n, n).
    outside_assets
        Claims on, and securities of, everybody else, shape (n,).
    outside_debts
        What is owed to everybody else, shape (n,).
    """

    names: tuple[str, ...]
    sectors: tuple[str, ...]
    debts: sparse.csr_array
    outside_assets: Floats
    outside_debts: Floats

    @cached_property
    def owed(self) -> Floats:
        """Each institution's debts to all."""
        return np.asarray(self.debts.sum(axis=1)).ravel() + self.outside_debts

    @cached_property
    def claims(self) -> Floats:
        """Each institution's claims on the others."""
        return np.asarray(self.debts.sum(axis=0), dtype=np.float64).ravel()

    @property
    def capital(self) -> Floats:
        """Assets less debts."""
        return self.outside_assets + self.claims - self.owed


def obligations(path: MemberPath, period: int, sectors: Sequence[str]) -> Obligations:
    """The debts between the members of some sectors at the end of a period; equity is capital, not debt.

    Parameters
    ----------
    path
        A simulation.
    period
        0 is the opening.
    sectors
        Whose members are institutions; the others are the rest of the economy.
    """
    people = path.lifted.population
    start = dict(zip(sectors, np.cumsum([0, *(people.size(s) for s in sectors)]).tolist(), strict=False))
    count = sum(people.size(s) for s in sectors)
    names = tuple(people.name(s, i) for s in sectors for i in range(people.size(s)))
    kinds = tuple(s for s in sectors for _ in range(people.size(s)))
    rows, columns, amounts = [], [], []
    assets, debts = np.zeros(count), np.zeros(count)
    for cell in people.chart.cells():
        if people.chart.instrument(cell.instrument).valuation is Valuation.EQUITY and cell.issuer in start:
            continue
        stock = path[value(cell).base][period]
        issuer, holder = people.side(cell, "issuer"), people.side(cell, "holder")
        if cell.issuer in start and cell.holder in start:
            rows.append(start[cell.issuer] + issuer)
            columns.append(start[cell.holder] + holder)
            amounts.append(stock)
        elif cell.holder in start:
            np.add.at(assets, start[cell.holder] + holder, stock)
        elif cell.issuer in start:
            np.add.at(debts, start[cell.issuer] + issuer, stock)
    entries = np.maximum(np.concatenate(amounts), 0.0) if amounts else np.zeros(0)
    places = (np.concatenate(rows), np.concatenate(columns)) if rows else (np.zeros(0, int), np.zeros(0, int))
    return Obligations(names, kinds, sparse.csr_array((entries, places), shape=(count, count)), assets, debts)
