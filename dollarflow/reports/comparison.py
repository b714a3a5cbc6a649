"""What two runs differ by: headline variables, sources of M2, holders of the debt, and balance sheets, from the two folders."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pandas as pd

from dollarflow.charts.chart import Chart
from dollarflow.charts.differences import DIFFERENCES
from dollarflow.charts.figures import Figures, Missing
from dollarflow.charts.matrices import SUM, Books
from dollarflow.reports.headline import Line, differences
from dollarflow.reports.measures import written

ELSEWHERE = ("difference_holders",)
"""Differences that a chart of the page's other sections shows."""
LEAST = 0.05
"""Difference in USD bn below which a line or an entry of the table of balance sheets is left out."""


@dataclass(frozen=True)
class Compared:
    """A comparison ready for the page.

    Parameters
    ----------
    base, changed
        What the runs are called.
    lines
        Headline variables: at the end of both, difference at the end, on average, largest.
    charts
        Differences over time.
    heads, sheet
        The difference of the balance sheets at the end: sectors, and lines of texts.
    day
        The end.
    mechanisms
        By variable: what each mechanism adds at the end; empty where it was not asked for.
    """

    base: str
    changed: str
    lines: list[Line]
    charts: tuple[Chart, ...]
    heads: list[str]
    sheet: list[Line]
    day: str
    mechanisms: Any = None


def compared(base: Figures, changed: Figures, mechanisms: Any = None) -> Compared:
    """Everything that the page shows about two runs."""
    heads, sheet = sheets(base, changed)
    charts = []
    for name, make in DIFFERENCES.items():
        try:
            if name not in ELSEWHERE:
                charts.append(make(base, changed))
        except Missing:
            continue
    lines = differences(base, changed)
    return Compared(base.label, changed.label, lines, tuple(charts), heads, sheet, changed.result.dates[-1], mechanisms)


def sheets(base: Figures, changed: Figures) -> tuple[list[str], list[Line]]:
    """The difference of the balance-sheet matrices at the end, lines without any left out."""
    one, other = (Books(run).balance_sheet(run.periods).with_sums() for run in (changed, base))
    frame = one.sub(other, fill_value=0.0).reindex(index=one.index, columns=one.columns).drop(columns=SUM)
    lines = [
        Line(str(name), tuple(entry(float(v)) for v in row)) for name, row in frame.iterrows() if name != SUM and (row.abs() > LEAST).any()
    ]
    return [str(name) for name in frame.columns], lines


def entry(value: float) -> str:
    """A difference in USD bn; empty where it is too small to matter."""
    return written(value, 1, signed=True) if abs(value) > LEAST and pd.notna(value) else ""
