"""The books of a path as arrays: stocks, transactions, revaluations and payments, periods by cells."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from model.accounting.identities import Payment, payments
from model.accounting.violation import FLOOR
from model.language.accounts import Cell, Chart, Valuation, revaluation, transaction, value
from model.periods.path import Path

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Books:
    """Columns of a path arranged by its chart of accounts.

    Parameters
    ----------
    path, chart
        Where the figures come from and how they are arranged.
    """

    path: Path
    chart: Chart

    @cached_property
    def cells(self) -> tuple[Cell, ...]:
        """Every cell, in order of declaration."""
        return tuple(self.chart.cells())

    @cached_property
    def sectors(self) -> tuple[str, ...]:
        """Names of the sectors, in order of declaration."""
        return tuple(s.name for s in self.chart.sectors)

    @cached_property
    def paid(self) -> tuple[Payment, ...]:
        """Every payment, in order of declaration."""
        return payments(self.chart)

    @property
    def dates(self) -> tuple[date, ...] | None:
        """The path's dates, opening first."""
        return self.path.dates

    def block(self, names: Sequence[str]) -> Floats:
        """Values of several variables, shape (periods + 1, names)."""
        return np.stack([self.path[name] for name in names], axis=1) if names else np.zeros((len(self.path.values), 0))

    @cached_property
    def stocks(self) -> Floats:
        """End-of-period values, opening first, shape (periods + 1, cells)."""
        return self.block([value(cell).base for cell in self.cells])

    @cached_property
    def transactions(self) -> Floats:
        """Net acquisitions from period 1 on, shape (periods, cells)."""
        return self.block([transaction(cell).base for cell in self.cells])[1:]

    @cached_property
    def revaluations(self) -> Floats:
        """Revaluations from period 1 on, shape (periods, cells); zero for par cells."""
        result = np.zeros((self.path.periods, len(self.cells)))
        for i, cell in enumerate(self.cells):
            if self.chart.instrument(cell.instrument).valuation is not Valuation.PAR:
                result[:, i] = self.path[revaluation(cell).base][1:]
        return result

    @cached_property
    def amounts(self) -> Floats:
        """Payments from period 1 on, payer to payee, shape (periods, payments)."""
        return self.block([p.variable.base for p in self.paid])[1:]

    @cached_property
    def dt(self) -> Floats:
        """Length of each period, opening first, years, shape (periods + 1,)."""
        return self.path[self.chart.period.base]

    @cached_property
    def holder(self) -> Floats:
        """1 where a sector holds a cell, shape (cells, sectors)."""
        return np.array([[float(c.holder == s) for s in self.sectors] for c in self.cells]).reshape(len(self.cells), len(self.sectors))

    @cached_property
    def issuer(self) -> Floats:
        """1 where a sector issued a cell, shape (cells, sectors)."""
        return np.array([[float(c.issuer == s) for s in self.sectors] for c in self.cells]).reshape(len(self.cells), len(self.sectors))

    @cached_property
    def payee(self) -> Floats:
        """1 where a sector receives a payment, shape (payments, sectors)."""
        return np.array([[float(p.payee == s) for s in self.sectors] for p in self.paid]).reshape(len(self.paid), len(self.sectors))

    @cached_property
    def payer(self) -> Floats:
        """1 where a sector makes a payment, shape (payments, sectors)."""
        return np.array([[float(p.payer == s) for s in self.sectors] for p in self.paid]).reshape(len(self.paid), len(self.sectors))

    @cached_property
    def size(self) -> Floats:
        """What rounding is measured against: a small share of all stocks, shape (periods + 1, 1)."""
        return np.asarray(FLOOR * np.abs(self.stocks).sum(axis=1, keepdims=True))
