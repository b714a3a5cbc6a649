"""A solved and audited path with what it came from, and its tables and graphs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from model.language.accounts import Chart
from model.periods.path import Path
from model.scenarios.scenario import Scenario

if TYPE_CHECKING:
    import networkx as nx
    import pandas as pd

GRAPHS = ("holdings", "flows")


@dataclass(frozen=True)
class Solved:
    """An audited path and what it came from; immutable. What reads one (tables, displays, manifests) asks for no more than this.

    Parameters
    ----------
    path
        Values by period with certificates.
    chart
        The chart of accounts behind it.
    scenario
        What was asked.
    clock
        ``weekly``, ``monthly``, ``quarterly`` or ``daily``.
    opening
        Values in period 0.
    overrides
        What the caller set beside the scenario, as text.
    checks, violations
        Names of the audit's checks and what they found.
    """

    path: Path
    chart: Chart
    scenario: Scenario
    clock: str
    opening: Mapping[str, float]
    overrides: Mapping[str, str] = field(default_factory=dict)
    checks: tuple[str, ...] = ()
    violations: tuple[Any, ...] = ()

    def __repr__(self) -> str:
        span = f"{self.dates[0]} to {self.dates[-1]}, " if self.dates else ""
        verdict = "audit passed" if self.sound else f"audit failed, violations: {len(self.violations)}"
        return f"{type(self).__name__}({self.scenario.name}: {span}{self.path.periods} periods, {self.clock} clock, {verdict})"

    def __getitem__(self, name: str) -> NDArray[np.float64]:
        """A variable's values by period, opening first."""
        return self.path[name]

    @property
    def frame(self) -> pd.DataFrame:
        """Every variable by date: USD bn, decimals per year."""
        return self.path.frame

    @property
    def dates(self) -> tuple[date, ...]:
        """Date of each period, the opening's first."""
        return self.path.dates or ()

    @property
    def sound(self) -> bool:
        """True where the audit found nothing."""
        return not self.violations

    def row(self, when: int | date | str) -> dict[str, float]:
        """Every variable in one period."""
        return self.path.row(when)

    def balance_sheet(self, when: int | date | str) -> pd.DataFrame:
        """Instruments by sectors at the end of a period: assets positive, liabilities negative, USD bn.

        Parameters
        ----------
        when
            Period number, or a date: the period in which it lies, the first that ends on or after it.

        Raises
        ------
        ValueError
            A text that is no date, or a date outside the path.
        """
        import pandas as pd

        row = self.path.row(when)
        sectors = [s.name for s in self.chart.sectors]
        instruments = [i.name for i in self.chart.instruments]
        figures = np.zeros((len(instruments), len(sectors)))
        for cell in self.chart.cells():
            figures[instruments.index(cell.instrument), sectors.index(cell.holder)] += row[cell.key]
            figures[instruments.index(cell.instrument), sectors.index(cell.issuer)] -= row[cell.key]
        return pd.DataFrame(figures, index=pd.Index(instruments, name="instrument"), columns=pd.Index(sectors))

    def graph(self, when: int | date | str, kind: str = "holdings") -> nx.MultiDiGraph[str]:
        """The holdings (issuer to holder) or flow (payer to payee) graph of a period.

        Parameters
        ----------
        when
            Period number, or a date: the first period that ends on or after it.
        kind
            ``holdings`` or ``flows``.
        """
        from model.accounting.graphs import flow_graph, holdings_graph

        if kind not in GRAPHS:
            raise ValueError(f"no graph is named {kind!r}; known: {', '.join(GRAPHS)}")
        draw = holdings_graph if kind == "holdings" else flow_graph
        return draw(self.chart, self.path.row(when))
