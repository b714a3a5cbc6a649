"""The accounts of a result folder as arrays, rebuilt from its files alone."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from dollarflow.results.entries import ManifestEntries
from dollarflow.results.findings import Finding
from dollarflow.results.schema import CELL, HOLDINGS, PATH, PAYMENTS, REVALUATIONS, TRANSACTIONS, line_of
from dollarflow.results.sheets import Sheet

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Key = tuple[str, str, str]


@dataclass(frozen=True)
class Cells:
    """A long table as arrays over (period, cell).

    Parameters
    ----------
    keys
        (instrument, issuer, holder) of each cell.
    figures
        By column: array (periods + 1, cells), not-a-number where the file has no row.
    lines
        The line of each figure in the file; 0 where there is none.
    findings
        What was wrong in reading.
    """

    name: str
    keys: tuple[Key, ...]
    figures: dict[str, Floats]
    lines: Ints
    findings: tuple[Finding, ...]

    @cached_property
    def at(self) -> dict[Key, int]:
        """Number of each cell."""
        return {key: k for k, key in enumerate(self.keys)}

    def aligned(self, column: str, keys: tuple[Key, ...]) -> Floats:
        """A column over other cells: zero where this table has no row."""
        source = self.figures[column]
        found = np.zeros((len(source), len(keys)))
        for k, key in enumerate(keys):
            if key in self.at:
                found[:, k] = np.nan_to_num(source[:, self.at[key]], nan=0.0)
        return found


@dataclass(frozen=True)
class Payments:
    """payments.csv as arrays over rows."""

    rows: tuple[tuple[str, str, str, str], ...]
    periods: Ints
    amounts: Floats
    findings: tuple[Finding, ...]


@dataclass(frozen=True)
class Books:
    """All figures of a result folder.

    Parameters
    ----------
    sheets
        The five tables by file name.
    manifest
        The entries of the manifest that say how instruments are valued and what they pay.
    """

    sheets: dict[str, Sheet]
    manifest: ManifestEntries

    @cached_property
    def periods(self) -> int:
        """Number of the last period."""
        return max(len(self.sheets[PATH].lines) - 1, 0)

    @cached_property
    def dates(self) -> list[str]:
        """Date of each period, as path.csv has it."""
        return self.sheets[PATH].columns.get("date", [])

    @cached_property
    def holdings(self) -> Cells:
        """Values, faces and coupons of every cell."""
        return self._cells(HOLDINGS, ("value", "face", "coupon"))

    @cached_property
    def transactions(self) -> Cells:
        """Net acquisitions of every cell."""
        return self._cells(TRANSACTIONS, ("amount",))

    @cached_property
    def revaluations(self) -> Cells:
        """Revaluations of every cell."""
        return self._cells(REVALUATIONS, ("amount",))

    @cached_property
    def payments(self) -> Payments:
        """Payments, row by row."""
        sheet = self.sheets[PAYMENTS]
        periods, findings = self._periods(sheet)
        amounts, off = sheet.numbers("amount")
        columns = [sheet.columns.get(name, []) for name in ("kind", "instrument", "payer", "payee")]
        rows = tuple(zip(*columns, strict=True))
        return Payments(rows, periods, np.nan_to_num(amounts), (*findings, *off))

    def path(self, name: str) -> Floats | None:
        """A column of path.csv, or None where there is none."""
        sheet = self.sheets[PATH]
        return sheet.numbers(name, empty=True)[0] if name in sheet.columns else None

    @cached_property
    def period_length(self) -> Floats:
        """Years in each period; the opening has the first period's where its own is empty."""
        found = self.path(self.manifest.accounts.period_length)
        if found is None:
            return np.full(self.periods + 1, np.nan)
        found = found.copy()
        if len(found) > 1 and not np.isfinite(found[0]):
            found[0] = found[1]
        return found

    def parameter(self, name: str) -> Floats:
        """A parameter in each period."""
        series = self.manifest.parameter_paths.get(name)
        if series is not None and len(series) == self.periods + 1:
            return np.array(series)
        return np.full(self.periods + 1, self.manifest.parameters.get(name, np.nan))

    def _periods(self, sheet: Sheet) -> tuple[Ints, list[Finding]]:
        """Each row's period, −1 where it is not one of the path's, with dates checked against path.csv."""
        fields, dates = sheet.columns.get("period", []), sheet.columns.get("date", [])
        known = {str(p): p for p in range(self.periods + 1)}
        found = np.array([known.get(field, -1) for field in fields], dtype=np.int64)
        findings = []
        for i in np.flatnonzero(found < 0).tolist():
            findings.append(Finding(sheet.name, line_of(i), "period", f"{fields[i]!r} is not a period of path.csv (0 to {self.periods})"))
        for i, (period, written) in enumerate(zip(found.tolist(), dates, strict=True)):
            if period >= 0 and written != self.dates[period]:
                here = self.dates[period]
                cause = f"path.csv has the date {here!r} for period {period}, other files have not"
                findings.append(Finding(sheet.name, line_of(i), "date", f"{written!r}, path.csv has {here!r} for period {period}", cause))
        return found, findings

    def _cells(self, name: str, columns: tuple[str, ...]) -> Cells:
        sheet = self.sheets[name]
        periods, findings = self._periods(sheet)
        keys: dict[Key, int] = {}
        numbers = np.array([keys.setdefault(key, len(keys)) for key in _keys(sheet)], dtype=np.int64)
        shape = (self.periods + 1, len(keys))
        lines = np.zeros(shape, dtype=np.int64)
        usable = periods >= 0
        flat = periods[usable] * max(len(keys), 1) + numbers[usable]
        unique, first, count = np.unique(flat, return_index=True, return_counts=True)
        rows = np.flatnonzero(usable)
        for cell in unique[count > 1]:
            again = int(rows[np.flatnonzero(flat == cell)[1]])
            findings.append(Finding(name, line_of(again), "", "a second row for the same cell and period"))
        lines.flat[unique] = rows[first] + 2
        figures = {}
        for column in columns:
            found, off = sheet.numbers(column, empty=column in ("face", "coupon"))
            findings.extend(off)
            table = np.full(shape, np.nan)
            table.flat[unique] = found[rows[first]]
            figures[column] = table
        return Cells(name, tuple(keys), figures, lines, tuple(findings))


def _keys(sheet: Sheet) -> Iterable[Key]:
    columns = [sheet.columns.get(name, []) for name in CELL]
    return zip(*columns, strict=True)
