"""A solved path as the five tables of a result folder.

Amounts are USD billions, rates decimals per year; every number is written with the shortest text that reads back to the same
double. Period 0 is the opening: the flow tables start at period 1.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from dollarflow.results.schema import COLUMNS, HOLDINGS, LEAD, PATH, PAYMENTS, REVALUATIONS, TABLES, TRANSACTIONS
from model.accounting.identities import payments
from model.language.accounts import Cell, Chart, Valuation, coupon, face, revaluation, transaction, value
from model.periods.path import Path

ZERO = "0.0"


class MissingFigure(ValueError):
    """A path that has no number where a result folder needs one."""


def text(number: float) -> str:
    """The shortest decimal text of a double; negative zero is written as zero, not-a-number as nothing.

    Examples
    --------
    >>> text(0.1), text(-0.0), text(float("nan"))
    ('0.1', '0.0', '')
    """
    if number == 0.0:
        return ZERO
    return "" if math.isnan(number) else float.__repr__(float(number))


@dataclass(frozen=True)
class Table:
    """A table as text: ``columns[j][i]`` is the field of column j in data row i."""

    name: str
    header: tuple[str, ...]
    columns: tuple[list[str], ...]

    @cached_property
    def lines(self) -> list[str]:
        """The data lines without line ends."""
        return [",".join(fields) for fields in zip(*self.columns, strict=True)]

    @cached_property
    def content(self) -> bytes:
        """The file's bytes: header and lines, each ended by a line feed."""
        return ("\n".join([",".join(self.header), *self.lines]) + "\n").encode()


@dataclass(frozen=True)
class Ledger:
    """The tables of a path over a chart of accounts.

    Parameters
    ----------
    path
        A solved path with dates.
    chart
        The chart behind it.

    Raises
    ------
    MissingFigure
        A cell or payment without a finite number in some period.
    """

    path: Path
    chart: Chart

    @property
    def tables(self) -> Iterator[Table]:
        """The five tables in the order in which the folder lists them."""
        for name in TABLES:
            yield self.table(name)

    def table(self, name: str) -> Table:
        """The table of one file."""
        makers: dict[str, Callable[[], Table]] = {
            PATH: self.wide,
            HOLDINGS: self.holdings,
            TRANSACTIONS: lambda: self.amounts(TRANSACTIONS),
            REVALUATIONS: lambda: self.amounts(REVALUATIONS),
            PAYMENTS: self.payments,
        }
        return makers[name]()

    @cached_property
    def dates(self) -> list[str]:
        """ISO date of each period; empty texts where the path is not dated."""
        dates = self.path.dates
        return [""] * len(self.path.values) if dates is None else [d.isoformat() for d in dates]

    def series(self, name: str, first: int = 1) -> NDArray[np.float64]:
        """A variable's numbers from period ``first``; an absent or not finite one is an error."""
        if name not in self.path.columns:
            raise MissingFigure(f"the path has no variable {name!r}, which the result folder needs")
        numbers = np.asarray(self.path[name], dtype=np.float64)[first:]
        if not np.isfinite(numbers).all():
            period = first + int(np.flatnonzero(~np.isfinite(numbers))[0])
            raise MissingFigure(f"{name!r} has no number in period {period} ({self.dates[period] or 'undated'})")
        return numbers

    def wide(self) -> Table:
        """path.csv: one row a period, one column a variable; a variable unknown in the opening is empty there."""
        values = np.asarray(self.path.values, dtype=np.float64)
        if not np.isfinite(values[1:]).all():
            row, column = np.argwhere(~np.isfinite(values[1:]))[0]
            raise MissingFigure(f"{self.path.columns[column]!r} has no number in period {row + 1}")
        figures = [[text(number) for number in values[:, j].tolist()] for j in range(values.shape[1])]
        periods = [str(p) for p in range(len(values))]
        return Table(PATH, (*LEAD, *self.path.columns), (periods, self.dates, *figures))

    def holdings(self) -> Table:
        """holdings.csv: every cell at the end of every period."""
        cells = list(self.chart.cells())
        figures: list[list[list[str]]] = []
        for cell in cells:
            coupons = self.chart.instrument(cell.instrument).valuation is Valuation.COUPON
            names = (value(cell).base, face(cell).base, coupon(cell).base) if coupons else (value(cell).base,)
            found = [[text(x) for x in self.series(name, 0).tolist()] for name in names]
            figures.append(found if coupons else [found[0], [""] * len(found[0]), [""] * len(found[0])])
        return self._long(HOLDINGS, [(c.instrument, c.issuer, c.holder) for c in cells], figures, first=0)

    def amounts(self, name: str) -> Table:
        """transactions.csv or revaluations.csv: every cell in every period; par instruments revalue by exactly zero."""
        cells = list(self.chart.cells())
        figures = [[self._amount(name, cell)] for cell in cells]
        return self._long(name, [(c.instrument, c.issuer, c.holder) for c in cells], figures, first=1)

    def _amount(self, name: str, cell: Cell) -> list[str]:
        if name == TRANSACTIONS:
            return [text(x) for x in self.series(transaction(cell).base).tolist()]
        if self.chart.instrument(cell.instrument).valuation is Valuation.PAR:
            return [ZERO] * (len(self.path.values) - 1)
        return [text(x) for x in self.series(revaluation(cell).base).tolist()]

    def payments(self) -> Table:
        """payments.csv: every payment with its legs swapped where the amount is negative."""
        legs: list[tuple[str, str, str, str]] = []
        series: list[NDArray[np.float64]] = []
        for payment in payments(self.chart):
            legs.append((payment.kind, payment.instrument, payment.payer, payment.payee))
            series.append(self.series(payment.variable.base))
        rows: list[tuple[str, ...]] = []
        for period in range(1, len(self.path.values)):
            for (kind, instrument, payer, payee), numbers in zip(legs, series, strict=True):
                number = float(numbers[period - 1])
                source, target = (payee, payer) if number < 0 else (payer, payee)
                rows.append((str(period), self.dates[period], kind, instrument, source, target, text(abs(number))))
        return Table(PAYMENTS, COLUMNS[PAYMENTS], _columns(rows, COLUMNS[PAYMENTS]))

    def _long(self, name: str, keys: list[tuple[str, str, str]], figures: list[list[list[str]]], first: int) -> Table:
        rows: list[tuple[str, ...]] = []
        for period in range(first, len(self.path.values)):
            for key, columns in zip(keys, figures, strict=True):
                rows.append((str(period), self.dates[period], *key, *(column[period - first] for column in columns)))
        return Table(name, COLUMNS[name], _columns(rows, COLUMNS[name]))


def _columns(rows: list[tuple[str, ...]], header: tuple[str, ...]) -> tuple[list[str], ...]:
    """Rows turned into one list of fields a column, empty lists where there is no row."""
    return tuple(list(fields) for fields in zip(*rows, strict=True)) if rows else tuple([] for _ in header)
