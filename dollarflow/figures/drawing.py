"""Every printed figure by name: the report's charts, the flows, the cross-holdings and the matrices."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from dollarflow.charts.catalogue import CHARTS, chart
from dollarflow.charts.differences import DIFFERENCES
from dollarflow.charts.figures import Figures
from dollarflow.charts.flows import flows
from dollarflow.charts.matrices import Books
from dollarflow.charts.network import network
from dollarflow.charts.spans import Span
from dollarflow.errors import BadInput
from dollarflow.figures.files import STYLE, figure_bytes
from model.language.system import nearest

if TYPE_CHECKING:
    from matplotlib.figure import Figure


def _flows(figures: Figures, span: Span) -> Figure:
    from dollarflow.figures.diagrams import draw_flows

    return draw_flows(flows(figures, span))


def _network(figures: Figures, span: Span) -> Figure:
    from dollarflow.figures.diagrams import draw_network

    return draw_network(network(figures, span.last))


def _balance_sheet(figures: Figures, span: Span) -> Figure:
    from dollarflow.figures.diagrams import draw_matrix

    return draw_matrix(Books(figures).balance_sheet(span.last))


def _transaction_flows(figures: Figures, span: Span) -> Figure:
    from dollarflow.figures.diagrams import draw_matrix

    return draw_matrix(Books(figures).transaction_flows(span))


DIAGRAMS: Mapping[str, tuple[str, Callable[[Figures, Span], Figure]]] = {
    "flows": ("Who paid whom for what, as a Sankey diagram (--period N for one period)", _flows),
    "network": ("Cross-holdings of the sectors (--period N, default the last)", _network),
    "balance_sheet": ("Balance-sheet matrix with figures (--period N, default the last)", _balance_sheet),
    "transaction_flows": ("Transaction-flow matrix with figures (--period N for one period)", _transaction_flows),
}
"""Figures of one run and one period or span."""
TABLE = "csv"
STOCKS = ("network", "balance_sheet")
NAMES = (*CHARTS, *DIFFERENCES, *DIAGRAMS)


def check_name(name: str) -> None:
    """Refuses an unknown figure and names the nearest.

    Raises
    ------
    BadInput
        No figure has that name.
    """
    if name not in NAMES:
        raise BadInput(f"no figure is named {name!r}{nearest(name, NAMES)}; dollarflow figure --list shows all")


def figure_file(name: str, form: str, changed: Figures, base: Figures | None = None, period: int | None = None) -> bytes:
    """A figure in ``pdf``, ``svg`` or ``png``, or its figures as ``csv``.

    Parameters
    ----------
    name, form
        Which, and as what.
    changed, base
        The run; where two are compared, the changed one and its base.
    period
        For diagrams: the period; None for the last, or for flows over the whole run.

    Raises
    ------
    BadInput
        An unknown name, or a period or a second run that the figure does not take.
    Missing
        The result lacks what the figure needs.
    """
    check_name(name)
    if name in DIAGRAMS:
        if base is not None:
            raise BadInput(f"{name} shows one run; draw each folder by itself")
        if form == TABLE:
            raise BadInput(f"{name} has no table of its own: it is the folder's holdings.csv, payments.csv and transactions.csv")
        return _diagram(name, form, changed, _span(name, changed, period))
    if period is not None:
        raise BadInput(f"--period: {name} shows every period; it goes with {', '.join(DIAGRAMS)}")
    if name in DIFFERENCES:
        if base is None:
            raise BadInput(f"{name} shows two runs: name a second folder")
        drawn = DIFFERENCES[name](base, changed)
    else:
        drawn = chart(name, changed, base)
    if base is not None:
        drawn = replace(drawn, title=f"{drawn.title}: {changed.label} against {base.label}")
    if form == TABLE:
        return drawn.table().to_csv(index=False, lineterminator="\n").encode()
    import matplotlib.style

    from dollarflow.figures.panels import draw_chart

    with matplotlib.style.context(STYLE):
        return figure_bytes(draw_chart(drawn), form)


def _diagram(name: str, form: str, figures: Figures, span: Span) -> bytes:
    import matplotlib.style

    with matplotlib.style.context(STYLE):
        return figure_bytes(DIAGRAMS[name][1](figures, span), form)


def _span(name: str, figures: Figures, period: int | None) -> Span:
    last = figures.periods
    first = 0 if name in STOCKS else 1
    if period is None:
        return Span(1, last) if last or first == 0 else _refused(f"{figures.folder} has no period beyond the opening, so no flows")
    if not first <= period <= last:
        return _refused(f"--period {period}: {figures.folder} has periods {first} to {last} ({figures.result.dates[0]} is the opening)")
    return Span(period, period)


def _refused(message: str) -> Span:
    raise BadInput(message)


def listing() -> str:
    """A line a figure: its name and title."""
    width = max(map(len, NAMES))
    lines = [f"{name:<{width}}  {(function.__doc__ or '').splitlines()[0]}" for name, function in CHARTS.items()]
    lines += [f"{name:<{width}}  Two folders. {(function.__doc__ or '').splitlines()[0]}" for name, function in DIFFERENCES.items()]
    return "\n".join([*lines, *(f"{name:<{width}}  {title}" for name, (title, _) in DIAGRAMS.items())])
