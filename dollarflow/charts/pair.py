"""One result folder, or two whose dates agree."""

from __future__ import annotations

from pathlib import Path

from dollarflow.charts.figures import Figures, read_figures
from dollarflow.errors import BadInput


def read_pair(folder: Path, second: Path | None) -> tuple[Figures | None, Figures]:
    """The base (None where there is one folder) and the run that is shown.

    Raises
    ------
    BadInput
        Two results with different dates.
    """
    first = read_figures(folder)
    if second is None:
        return None, first
    changed = read_figures(second)
    if first.result.dates != changed.result.dates:
        raise BadInput(f"the results differ in dates: {_span(first)} and {_span(changed)}")
    return first, changed


def _span(figures: Figures) -> str:
    dates = figures.result.dates
    return f"{figures.folder} has {len(dates) - 1} periods from {dates[0]} to {dates[-1]}" if dates else f"{figures.folder} has none"
