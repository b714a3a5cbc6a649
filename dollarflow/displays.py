"""Notebook displays of states and simulations."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from model.displays import SHOWN, more, table

if TYPE_CHECKING:
    from dollarflow.simulation import Simulation
    from dollarflow.state import State


def state_html(state: State) -> str:
    """Totals and rates first, then cells; what the caller changed is marked."""
    names = sorted(state.values, key=lambda name: "__" in name)
    rows = [(name, float(state.values[name]), "changed" if name in state.changes else "") for name in names[: 2 * SHOWN]]
    origin = "calibrated balance sheets" if state.calibrated else "a model of one's own"
    caption = f"State of {state.date}: {len(state.values):,} values ({origin}); USD bn, decimals per year"
    return table(("variable", "value", ""), rows, caption) + more(len(names) - len(rows), "values")


def simulation_html(run: Simulation) -> str:
    """The table of ``dollarflow run``: headline variables at the quarter points, headline facts and the audit's verdict."""
    from dollarflow.summary import headline, unfilled, verdict
    from dollarflow.summary import table as lines

    rows = lines(run)
    width = max(len(row) for row in rows)
    span = f"{run.dates[0]} to {run.dates[-1]}, {run.path.periods} periods, {run.clock} clock" if run.dates else ""
    body = [(*row, *[""] * (width - len(row))) for row in rows[1:]]
    told = "".join(f"<p>{escape(line)}</p>" for line in (*headline(run), *unfilled(run), *verdict(run)))
    return table(rows[0], body, f"{run.scenario.title} ({run.scenario.name}): {span}", figures=True) + told
