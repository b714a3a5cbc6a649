"""The figures of a result folder as frames: everything that a chart or a report may use, and nothing else."""

from __future__ import annotations

import io
import math
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dollarflow.departures import in_words
from dollarflow.results.reader import Result, UnreadableResult, read_result
from dollarflow.results.schema import HOLDINGS, PATH, PAYMENTS, TRANSACTIONS

if TYPE_CHECKING:
    import pandas as pd

TEXTS = ("date", "kind", "instrument", "issuer", "holder", "payer", "payee")
TREASURIES = ("bills", "notes", "bonds")


class Missing(ValueError):
    """A chart or table that needs figures which the result folder lacks; the message names them."""


@dataclass(frozen=True)
class Figures:
    """A result folder's tables.

    Amounts are USD bn, rates decimals per year. In an altered folder an amount that is no number counts as zero, a variable
    that is none is not-a-number, and rows of unknown sectors, instruments or periods are left out: the audit names them.

    Parameters
    ----------
    result
        The folder.
    """

    result: Result

    @property
    def folder(self) -> Path:
        """The folder's place."""
        return self.result.folder

    @property
    def manifest(self) -> dict[str, Any]:
        """What was run, parameters, certificates, digests."""
        return self.result.manifest

    @property
    def scenario(self) -> dict[str, Any]:
        """The manifest's account of the scenario."""
        return dict(self.manifest.get("scenario", {}))

    @property
    def hidden(self) -> dict[str, dict[str, Any]]:
        """Gaps of the hidden identities by name; of a result that states only the largest of them all, that one."""
        found = self.manifest.get("certificates", {}).get("hidden", {})
        return found if isinstance(found, dict) else {"balance_sheets": {"largest_gap": found}}

    @property
    def label(self) -> str:
        """A short name of the run: its scenario, with the caller's settings."""
        name = str(self.scenario.get("name", "")) or self.folder.name
        return f"{name} {in_words(self.scenario.get('overrides', {}))}".rstrip()

    @property
    def sectors(self) -> list[str]:
        """Names of the sectors, in the chart's order."""
        return self.result.sectors

    @property
    def instruments(self) -> list[str]:
        """Names of the instruments, in the chart's order."""
        return list(self.manifest["accounts"]["instruments"])

    @cached_property
    def path(self) -> pd.DataFrame:
        """``path.csv`` by date: every variable, one row a period, the opening first."""
        import pandas as pd

        table = self._table(PATH)
        try:
            index = pd.DatetimeIndex(pd.to_datetime(table.pop("date"), format="%Y-%m-%d"), name="date")
        except ValueError as error:
            raise UnreadableResult(f"{self.folder / PATH}: {error}; run dollarflow audit {self.folder}") from None
        table.index = index
        return table.drop(columns="period")

    @property
    def dates(self) -> pd.DatetimeIndex:
        """The end of each period, the opening's date first."""
        import pandas as pd

        return pd.DatetimeIndex(self.path.index)

    @property
    def periods(self) -> int:
        """Number of the last period."""
        return len(self.path) - 1

    @cached_property
    def holdings(self) -> pd.DataFrame:
        """``holdings.csv``: a row a cell and period; value, face and coupon."""
        return self._table(HOLDINGS)

    @cached_property
    def transactions(self) -> pd.DataFrame:
        """``transactions.csv``: a row a cell and period; amount."""
        return self._table(TRANSACTIONS)

    @cached_property
    def payments(self) -> pd.DataFrame:
        """``payments.csv``: a row a payment; amount."""
        return self._table(PAYMENTS)

    def series(self, *names: str) -> pd.DataFrame:
        """Columns of ``path.csv``.

        Raises
        ------
        Missing
            The result lacks one.
        """
        lacking = [name for name in names if name not in self.path.columns]
        if lacking:
            raise Missing(f"path.csv of {self.folder} has no column {', '.join(lacking)}")
        return self.path[list(names)].copy()

    def parameter(self, name: str) -> pd.Series[float]:
        """A parameter's value in each period, the opening included.

        Raises
        ------
        Missing
            The manifest has no such parameter.
        """
        import pandas as pd

        fixed, paths = self.manifest["parameters"], self.manifest["parameter_paths"]
        if name not in fixed and name not in paths:
            raise Missing(f"manifest.json of {self.folder} has no parameter {name}")
        return pd.Series(paths[name] if name in paths else fixed[name], index=self.dates, dtype=float)

    def held(self, by: str, *, instruments: tuple[str, ...] = (), face: bool = False, **cells: str) -> pd.DataFrame:
        """Stocks by date and by one of the cell's names, USD bn.

        Parameters
        ----------
        by
            ``instrument``, ``issuer`` or ``holder``.
        instruments
            Which instruments; all where none is named.
        face
            Face instead of value for those that have one.
        cells
            ``issuer`` or ``holder`` of the cells that count.

        Raises
        ------
        Missing
            There is no such cell.
        """
        table = self._chosen(self.holdings, instruments, cells)
        lacking = [name for name in instruments if by == "instrument" and name not in set(table["instrument"])]
        if lacking:
            raise Missing(f"{self.folder} has no cell of {', '.join(lacking)}")
        amount = table["face"].fillna(table["value"]) if face else table["value"]
        return self._spread(table.assign(amount=amount), by)

    def traded(self, by: str, *, instruments: tuple[str, ...] = (), **cells: str) -> pd.DataFrame:
        """Transactions by date and by one of the cell's names, USD bn; zero in the opening."""
        return self._spread(self._chosen(self.transactions, instruments, cells), by)

    def _chosen(self, table: pd.DataFrame, instruments: tuple[str, ...], cells: dict[str, str]) -> pd.DataFrame:
        if instruments:
            table = table[table["instrument"].isin(instruments)]
        for place, name in cells.items():
            table = table[table[place] == name]
        if table.empty:
            wanted = ", ".join((*instruments, *(f"{place} {name}" for place, name in cells.items())))
            raise Missing(f"{self.folder} has no cell of {wanted}")
        return table

    def _spread(self, table: pd.DataFrame, by: str) -> pd.DataFrame:
        wide = table.pivot_table(index="period", columns=by, values="amount", aggfunc="sum").reindex(range(self.periods + 1)).fillna(0.0)
        wide.index = self.dates
        order = self.instruments if by == "instrument" else self.sectors
        return wide[[name for name in order if name in wide.columns]]

    def _table(self, name: str) -> pd.DataFrame:
        import pandas as pd

        content = self.result.sheet(name).content
        table = pd.read_csv(io.BytesIO(content), dtype=dict.fromkeys(TEXTS, str), low_memory=False)
        for column in table.columns:
            if column in TEXTS:
                table[column] = table[column].fillna("")
            elif not pd.api.types.is_numeric_dtype(table[column]):
                table[column] = pd.to_numeric(table[column], errors="coerce")
        table = table.replace([math.inf, -math.inf], math.nan)
        return table if name == PATH else self._known(table)

    def _known(self, table: pd.DataFrame) -> pd.DataFrame:
        table = table[table["period"].isin(range(self.periods + 1))]
        for column in ("issuer", "holder", "payer", "payee"):
            if column in table.columns:
                table = table[table[column].isin(self.sectors)]
        table = table[table["instrument"].isin(["", *self.instruments])]
        amounts = [column for column in ("value", "amount") if column in table.columns]
        return table.fillna(dict.fromkeys(amounts, 0.0)).astype({"period": int})


def number(entry: object) -> float:
    """An entry of a manifest as a number; not-a-number where it is none."""
    return float(entry) if isinstance(entry, int | float) and not isinstance(entry, bool) else math.nan


def read_figures(folder: Path) -> Figures:
    """A result folder's tables, read when they are needed.

    Raises
    ------
    NotAResult
        ``folder`` is no folder, or has no manifest.
    """
    return Figures(read_result(folder))
