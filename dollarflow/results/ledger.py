"""A solved path as the five tables of a result folder.

Amounts are USD billions, rates decimals per year; every number is written with the shortest text that reads back to the same
double. Period 0 is the opening: the flow tables start at period 1.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from dollarflow.results.schema import CELL, COLUMNS, HOLDINGS, LEAD, PATH, PAYMENTS, REVALUATIONS, TABLES, TRANSACTIONS
from model.accounting.identities import payments
from model.language.accounts import Cell, Chart, Valuation, coupon, face, revaluation, transaction, value
from model.periods.path import Path

ZERO = "0.0"


class MissingFigure(ValueError):
    """A path that has no number where a result folder needs one."""


def texts(numbers: NDArray[np.float64]) -> list[str]:
    """The shortest decimal text of each double; negative zero is written as zero, not-a-number as nothing.

    Examples
    --------
    >>> texts(np.array([0.1, -0.0, float("nan")]))
    ['0.1', '0.0', '']
    """
    positive_zeros = numbers + 0.0
    return ["" if word == "nan" else word for word in map(repr, positive_zeros.tolist())]


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

    @cached_property
    def words(self) -> dict[str, list[str]]:
        """The text of every number of each variable, opening included."""
        values = np.asarray(self.path.values, dtype=np.float64)
        return {name: texts(values[:, column]) for column, name in enumerate(self.path.columns)}

    def figures(self, name: str, first: int = 1) -> list[str]:
        """A variable's numbers from period ``first`` as text; an absent or not finite one is an error."""
        if name not in self.words:
            raise MissingFigure(f"the path has no variable {name!r}, which the result folder needs")
        numbers = np.asarray(self.path[name], dtype=np.float64)[first:]
        if not np.isfinite(numbers).all():
            period = first + int(np.flatnonzero(~np.isfinite(numbers))[0])
            raise MissingFigure(f"{name!r} has no number in period {period} ({self.dates[period] or 'undated'})")
        return self.words[name][first:]

    def wide(self) -> Table:
        """path.csv: one row a period, one column a variable; a variable unknown in the opening is empty there."""
        values = np.asarray(self.path.values, dtype=np.float64)
        if not np.isfinite(values[1:]).all():
            row, column = np.argwhere(~np.isfinite(values[1:]))[0]
            raise MissingFigure(f"{self.path.columns[column]!r} has no number in period {row + 1}")
        periods = [str(p) for p in range(len(values))]
        return Table(PATH, (*LEAD, *self.path.columns), (periods, self.dates, *self.words.values()))

    def holdings(self) -> Table:
        """holdings.csv: every cell at the end of every period."""
        cells = list(self.chart.cells())
        figures: list[list[list[str]]] = []
        for cell in cells:
            coupons = self.chart.instrument(cell.instrument).valuation is Valuation.COUPON
            names = (value(cell).base, face(cell).base, coupon(cell).base) if coupons else (value(cell).base,)
            found = [self.figures(name, 0) for name in names]
            figures.append(found if coupons else [found[0], [""] * len(found[0]), [""] * len(found[0])])
        return self._long(HOLDINGS, [(c.instrument, c.issuer, c.holder) for c in cells], figures, first=0)

    def amounts(self, name: str) -> Table:
        """transactions.csv or revaluations.csv: every cell in every period; par instruments revalue by exactly zero."""
        cells = list(self.chart.cells())
        figures = [[self._amount(name, cell)] for cell in cells]
        return self._long(name, [(c.instrument, c.issuer, c.holder) for c in cells], figures, first=1)

    def _amount(self, name: str, cell: Cell) -> list[str]:
        if name == TRANSACTIONS:
            return self.figures(transaction(cell).base)
        if self.chart.instrument(cell.instrument).valuation is Valuation.PAR:
            return [ZERO] * (len(self.path.values) - 1)
        return self.figures(revaluation(cell).base)

    def payments(self) -> Table:
        """payments.csv: every payment with its legs swapped where the amount is negative."""
        legs: list[tuple[str, str, str, str]] = []
        amounts: list[list[str]] = []
        for payment in payments(self.chart):
            legs.append((payment.kind, payment.instrument, payment.payer, payment.payee))
            amounts.append(self.figures(payment.variable.base))
        rows: list[tuple[str, ...]] = []
        for period in range(1, len(self.path.values)):
            for (kind, instrument, payer, payee), words in zip(legs, amounts, strict=True):
                word = words[period - 1]
                source, target = (payee, payer) if word.startswith("-") else (payer, payee)
                rows.append((str(period), self.dates[period], kind, instrument, source, target, word.removeprefix("-")))
        return Table(PAYMENTS, COLUMNS[PAYMENTS], _columns(rows, COLUMNS[PAYMENTS]))

    def _long(self, name: str, keys: list[tuple[str, str, str]], figures: list[list[list[str]]], first: int) -> Table:
        """A table with one row a period and cell; ``figures[i][j]`` has cell i's texts of the j-th figure from period ``first``."""
        periods = range(first, len(self.path.values))
        places = ([str(period) for period in periods for _ in keys], [self.dates[period] for period in periods for _ in keys])
        names = ([key[part] for key in keys] * len(periods) for part in range(len(CELL)))
        kinds = range(len(COLUMNS[name]) - len(places) - len(CELL))
        amounts = ([word for row in zip(*(cell[kind] for cell in figures), strict=True) for word in row] for kind in kinds)
        return Table(name, COLUMNS[name], (*places, *names, *amounts))


def _columns(rows: list[tuple[str, ...]], header: tuple[str, ...]) -> tuple[list[str], ...]:
    """Rows turned into one list of fields a column, empty lists where there is no row."""
    return tuple(list(fields) for fields in zip(*rows, strict=True)) if rows else tuple([] for _ in header)
