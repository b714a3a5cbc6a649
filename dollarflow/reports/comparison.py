"""What two runs differ by: headline variables, sources of M2, holders of the debt, and balance sheets, from the two folders."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pandas as pd

from dollarflow.charts.chart import Chart, Panel
from dollarflow.charts.figures import TREASURIES, Figures, Missing
from dollarflow.charts.matrices import SUM, Books
from dollarflow.charts.money import m2_by_financier
from dollarflow.reports.headline import Line, differences
from dollarflow.reports.measures import BASIS_POINTS, BILLIONS, written
from dollarflow.reports.palette import BLACK

RATES = ("sofr", "effr", "bill_rate", "yield_notes", "yield_bonds")
FILES = ("path.csv", "holdings.csv", "manifest.json")
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
    charts = [rates(base, changed)]
    for make in (money, holders):
        try:
            charts.append(make(base, changed))
        except Missing:
            continue
    kept = tuple(one for one in charts if one.panels)
    return Compared(base.label, changed.label, differences(base, changed), kept, heads, sheet, changed.result.dates[-1], mechanisms)


def rates(base: Figures, changed: Figures) -> Chart:
    """Rates, changed less base."""
    both = [name for name in RATES if name in base.path and name in changed.path]
    frame = changed.path[both] - base.path[both]
    panels = (Panel("Rates, changed less base", BASIS_POINTS, frame),) if both else ()
    return Chart("difference_rates", "Rates", "The changed run less the base.", panels)


def money(base: Figures, changed: Figures) -> Chart:
    """Sources of M2 by financier since the opening, changed less base: they add up to the difference in M2."""
    frame = (m2_by_financier(changed) - m2_by_financier(base)).cumsum()
    opening = float(changed.path["m2"].iloc[0] - base.path["m2"].iloc[0])
    if opening:
        frame["opening"] = opening
    frame["m2"] = frame.sum(axis=1)
    note = "Which balance sheets created more or less of the money; the parts add up to the difference in M2."
    panel = Panel("M2 by financier since the opening, changed less base", BILLIONS, frame, colours={"m2": BLACK}, dashed=("m2",))
    return Chart("difference_m2", "M2 decomposed by financier", note, (panel,), FILES)


def holders(base: Figures, changed: Figures) -> Chart:
    """Treasuries at face by holder, changed less base: they add up to the difference in the debt."""
    one, other = (run.held("holder", instruments=TREASURIES, face=True) for run in (changed, base))
    frame = one.sub(other, fill_value=0.0)
    frame["debt"] = frame.sum(axis=1)
    note = "Who holds more or less of the debt, at face; the parts add up to the difference in the debt."
    panel = Panel("Treasuries by holder, changed less base", BILLIONS, frame, colours={"debt": BLACK}, dashed=("debt",))
    return Chart("difference_holders", "Holders of the debt", note, (panel,), FILES)


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
