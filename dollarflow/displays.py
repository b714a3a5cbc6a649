"""Notebook displays of a simulation and of two compared."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from model.language.displays import table

if TYPE_CHECKING:
    from dollarflow.comparison import Comparison
    from dollarflow.solved import Solved


def simulation_html(run: Solved) -> str:
    """The table of ``dollarflow run``: headline variables at the quarter points, headline facts and the audit's verdict."""
    from dollarflow.summary import headline, unfilled, unobserved, verdict
    from dollarflow.summary import table as lines

    rows = lines(run)
    width = max(len(row) for row in rows)
    span = f"{run.dates[0]} to {run.dates[-1]}, {run.path.periods} periods, {run.clock} clock" if run.dates else ""
    body = [(*row, *[""] * (width - len(row))) for row in rows[1:]]
    told = "".join(f"<p>{escape(line)}</p>" for line in (*headline(run), *unfilled(run), *unobserved(run), *verdict(run)))
    return table(rows[0], body, f"{run.scenario.title} ({run.scenario.name}): {span}", figures=True) + told


def comparison_html(comparison: Comparison) -> str:
    """The first table of ``dollarflow compare``: by how much headline variables differ at the end, on average and at most."""
    from dollarflow.differences import differing

    last = len(comparison.base.dates) - 1
    rows = differing(comparison, last) or [("nothing differs", "", "", "")]
    return table(("", "at the end", "average", "largest"), rows, comparison.title, figures=True)
