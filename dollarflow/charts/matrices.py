"""Balance-sheet and transaction-flow matrices with figures, from the cells and payments of a result folder."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from dollarflow.charts.figures import Figures
from dollarflow.charts.names import label, within
from dollarflow.charts.spans import Span

if TYPE_CHECKING:
    from numpy.typing import NDArray

WORTH, SUM = "Net worth, with a minus", "Sum"
TITLES = {"balance_sheet": "Balance sheets", "transaction_flows": "Transaction flows"}


@dataclass(frozen=True)
class Figured:
    """A matrix with figures.

    Parameters
    ----------
    title
        What it shows and when.
    frame
        Lines by sectors, USD bn, without sums.
    rules
        Lines above which a rule is drawn.
    """

    title: str
    frame: pd.DataFrame
    rules: tuple[int, ...] = ()

    def with_sums(self) -> pd.DataFrame:
        """The matrix with the sum of each line and of each column: all zero in a sound result."""
        table = self.frame.copy()
        table.columns = pd.Index([label(str(name)) for name in table.columns])
        table[SUM] = table.sum(axis=1)
        table.loc[SUM] = table.sum(axis=0)
        return table


@dataclass(frozen=True)
class Books:
    """Cells and payments as arrays over periods, so that a matrix of any span is a sum.

    Parameters
    ----------
    figures
        The result.
    """

    figures: Figures

    def balance_sheet(self, period: int) -> Figured:
        """Stocks at the end of a period: assets +, liabilities −; the last line takes net worth off."""
        table = self.figures.holdings
        cells = table[table["period"] == period]
        grid = self._grid(self.figures.instruments)
        np.add.at(grid.values, (self._rows(cells, self.figures.instruments), self._columns(cells["holder"])), cells["value"].to_numpy())
        np.add.at(grid.values, (self._rows(cells, self.figures.instruments), self._columns(cells["issuer"])), -cells["value"].to_numpy())
        frame = grid.frame()
        frame.loc[WORTH] = -frame.sum(axis=0)
        return Figured(f"{TITLES['balance_sheet']}, end of {self._day(period)}, USD billion", frame, (len(frame) - 1,))

    def transaction_flows(self, span: Span) -> Figured:
        """Payments and transactions over a span: receipts and issues +, payments and acquisitions −."""
        paid = self._within(self.figures.payments, span)
        keys = [f"{kind}|{item}" for kind, item in zip(paid["kind"], paid["instrument"], strict=True)]
        lines = list(dict.fromkeys(keys))
        current = self._grid(lines)
        places = {name: place for place, name in enumerate(lines)}
        rows = np.array([places[key] for key in keys], dtype=int)
        np.add.at(current.values, (rows, self._columns(paid["payee"])), paid["amount"].to_numpy())
        np.add.at(current.values, (rows, self._columns(paid["payer"])), -paid["amount"].to_numpy())
        traded = self._within(self.figures.transactions, span)
        capital = self._grid(self.figures.instruments)
        np.add.at(
            capital.values, (self._rows(traded, self.figures.instruments), self._columns(traded["issuer"])), traded["amount"].to_numpy()
        )
        np.add.at(
            capital.values, (self._rows(traded, self.figures.instruments), self._columns(traded["holder"])), -traded["amount"].to_numpy()
        )
        above = current.frame()
        above.index = pd.Index([_paid(name) for name in lines])
        below = capital.frame()
        below.index = pd.Index([f"Δ {name}" for name in below.index])
        when = self._day(span.last) if span.first == span.last else f"{self._day(span.first)} to {self._day(span.last)}"
        return Figured(f"{TITLES['transaction_flows']}, {when}, USD billion", pd.concat([above, below]), (len(above),))

    def _day(self, period: int) -> str:
        return self.figures.result.dates[period]

    def _within(self, table: pd.DataFrame, span: Span) -> pd.DataFrame:
        return table[(table["period"] >= span.first) & (table["period"] <= span.last)]

    def _grid(self, lines: list[str]) -> _Grid:
        return _Grid(tuple(lines), tuple(self.figures.sectors), np.zeros((len(lines), len(self.figures.sectors))))

    def _rows(self, table: pd.DataFrame, lines: list[str]) -> NDArray[np.int64]:
        places = {name: place for place, name in enumerate(lines)}
        return np.array([places[name] for name in table["instrument"]], dtype=np.int64)

    def _columns(self, names: pd.Series[str]) -> NDArray[np.int64]:
        places = {name: place for place, name in enumerate(self.figures.sectors)}
        return np.array([places[name] for name in names], dtype=np.int64)


@dataclass(frozen=True)
class _Grid:
    lines: tuple[str, ...]
    sectors: tuple[str, ...]
    values: NDArray[np.float64]

    def frame(self) -> pd.DataFrame:
        return pd.DataFrame(self.values, index=pd.Index([label(name) for name in self.lines]), columns=pd.Index(self.sectors))


def _paid(key: str) -> str:
    kind, _, instrument = key.partition("|")
    if not instrument:
        return label(kind)
    return f"{label(kind)}, {within(label(instrument))}"
