"""A result folder read back: tables as text, the manifest's entries, and the graphs of a period."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dollarflow.results.audit import NotAResult
from dollarflow.results.entries import ManifestEntries
from dollarflow.results.schema import HOLDINGS, MANIFEST, PATH, PAYMENTS, TRANSACTIONS, line_of
from dollarflow.results.seals import read_manifest
from dollarflow.results.sheets import Sheet, read_sheet

if TYPE_CHECKING:
    import networkx as nx

TRANSACTION, HOLDING = "transaction", "holding"


class UnreadableResult(ValueError):
    """A result folder with a file that is missing or garbled; the message names it."""


@dataclass(frozen=True)
class Result:
    """A result folder.

    Parameters
    ----------
    folder
        Its place.
    """

    folder: Path

    @cached_property
    def _manifest(self) -> tuple[dict[str, Any], ManifestEntries]:
        whole, entries, findings = read_manifest(self._bytes(MANIFEST))
        if entries is None:
            raise UnreadableResult(f"{self.folder / MANIFEST}: {findings[0].message}; run dollarflow audit {self.folder}")
        return whole, entries

    @property
    def manifest(self) -> dict[str, Any]:
        """Everything that the manifest holds."""
        return self._manifest[0]

    @property
    def sectors(self) -> list[str]:
        """Names of the sectors."""
        return self._manifest[1].accounts.sectors

    @cached_property
    def units(self) -> dict[str, str]:
        """Unit of each variable, ``1`` for pure numbers; empty where the manifest has none."""
        listed = self.manifest.get("units")
        return {name: unit for unit, names in listed.items() for name in str(names).split()} if isinstance(listed, dict) else {}

    def sheet(self, name: str) -> Sheet:
        """One of the tables.

        Raises
        ------
        UnreadableResult
            The file is missing or not a table.
        """
        sheet = Sheet(name, self._bytes(name))
        for finding in sheet.form():
            raise UnreadableResult(
                f"{self.folder / finding.file} line {finding.line}: {finding.message}; run dollarflow audit {self.folder}"
            )
        return sheet

    @cached_property
    def dates(self) -> list[str]:
        """Date of each period."""
        return self.sheet(PATH).columns.get("date", [])

    @property
    def periods(self) -> int:
        """Number of the last period."""
        return len(self.dates) - 1

    def holdings_graph(self, period: int) -> nx.MultiDiGraph[str]:
        """Who owes what to whom at the end of a period: edges issuer to holder."""
        graph = self._nodes(period)
        for line, row in self._rows(HOLDINGS, period):
            figures = {name: self._number(HOLDINGS, line, name, row[name]) for name in ("value", "face", "coupon") if row[name]}
            graph.add_edge(row["issuer"], row["holder"], key=row["instrument"], instrument=row["instrument"], kind=HOLDING, **figures)
        return graph

    def flow_graph(self, period: int) -> nx.MultiDiGraph[str]:
        """Who paid whom in a period, acquisitions of claims included: edges payer to payee, every node nets to zero."""
        graph = self._nodes(period)
        for line, row in self._rows(PAYMENTS, period):
            self._pay(
                graph, row["kind"], row["instrument"], row["payer"], row["payee"], self._number(PAYMENTS, line, "amount", row["amount"])
            )
        for line, row in self._rows(TRANSACTIONS, period):
            amount = self._number(TRANSACTIONS, line, "amount", row["amount"])
            payer, payee = (row["holder"], row["issuer"]) if amount >= 0 else (row["issuer"], row["holder"])
            self._pay(graph, TRANSACTION, row["instrument"], payer, payee, abs(amount))
        return graph

    @staticmethod
    def _pay(graph: nx.MultiDiGraph[str], kind: str, instrument: str, payer: str, payee: str, amount: float) -> None:
        key = f"{kind}:{instrument}"
        if graph.has_edge(payer, payee, key):
            graph.edges[payer, payee, key]["value"] += amount
        else:
            graph.add_edge(payer, payee, key=key, instrument=instrument, kind=kind, value=amount)

    def _nodes(self, period: int) -> nx.MultiDiGraph[str]:
        import networkx as nx

        graph: nx.MultiDiGraph[str] = nx.MultiDiGraph(period=period, date=self.dates[period])
        graph.add_nodes_from(self.sectors)
        return graph

    def _rows(self, name: str, period: int) -> Iterator[tuple[int, dict[str, str]]]:
        sheet = self.sheet(name)
        for number, fields in enumerate(sheet.rows):
            if fields[0] == str(period):
                yield line_of(number), dict(zip(sheet.header, fields, strict=True))

    def _number(self, name: str, line: int, column: str, field: str) -> float:
        try:
            found = float(field)
            if not math.isfinite(found):
                raise ValueError
        except ValueError:
            place = self.folder / name
            raise UnreadableResult(
                f"{place} line {line}, column {column}: {field!r} is not a number; run dollarflow audit {self.folder}"
            ) from None
        return found

    def _bytes(self, name: str) -> bytes:
        try:
            return read_sheet(self.folder, name).content
        except OSError as error:
            raise UnreadableResult(f"{self.folder / name}: {error.strerror}") from None


def read_result(folder: Path) -> Result:
    """A result folder.

    Raises
    ------
    NotAResult
        ``folder`` is no folder, or has no manifest.
    """
    if not folder.is_dir():
        raise NotAResult(f"{folder} is not a folder")
    if not (folder / MANIFEST).is_file():
        raise NotAResult(f"{folder} is not a result folder: it has no {MANIFEST}")
    return Result(folder)
