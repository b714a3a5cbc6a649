"""Panels as plotly figures: traces and layout that the page hands to plotly.js as they are."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from dollarflow.charts.chart import Kind, Panel, written_date
from dollarflow.reports.measures import Measure
from dollarflow.reports.palette import INK, LIGHT, SOFT, stroke

if TYPE_CHECKING:
    import pandas as pd
    from plotly.graph_objects import Figure

HEIGHT = 300
"""Of a panel, pixels."""
DIGITS = 7
"""Significant digits of a drawn figure."""
FEW = 2
"""Periods up to which lines have marks, so that they are seen."""
IDLE = "zero throughout"
"""What a panel says that has nothing but zeros."""
SHADE = "rgba(0,0,0,0.06)"
FONT = "system-ui, -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', Arial, sans-serif"
AXIS = {
    "gridcolor": "#E3E3E3",
    "linecolor": "#8A8A8A",
    "zerolinecolor": "#8A8A8A",
    "automargin": True,
    "ticks": "outside",
    "tickcolor": "#8A8A8A",
}


IDLE_NOTE = {"text": IDLE, "xref": "paper", "yref": "paper", "x": 0.5, "y": 0.5, "yshift": 14, "showarrow": False, "font": {"color": SOFT}}


@dataclass(frozen=True)
class Entry:
    """An entry of a panel's legend.

    Parameters
    ----------
    key, label, colour
        The series, what it is called and the colour in which it is drawn.
    dash
        ``solid``, ``dash`` or ``dashdot`` of a line; empty for an area or a bar.
    """

    key: str
    label: str
    colour: str
    dash: str = ""


def plotly_figure(panel: Panel) -> Figure:
    """A panel as a plotly figure, without legend or title: the page writes them beside it."""
    import plotly.graph_objects as go

    days = [written_date(day) for day in panel.frame.index]
    draw = {Kind.BARS: bars, Kind.STACK: stack}.get(panel.drawn, lines)
    return go.Figure({"data": draw(panel, days), "layout": layout(panel)})


def layout(panel: Panel) -> dict[str, Any]:
    """Axes with unit, small margins, one box for all series under the pointer."""
    vertical: dict[str, Any] = {**AXIS, "title": {"text": panel.measure.axis, "font": {"size": 12}, "standoff": 8}}
    if panel.drawn is Kind.LOG:
        vertical |= {"type": "log", "dtick": decades(panel.frame), "exponentformat": "power", "range": log_range(panel.frame)}
    else:
        vertical |= {"tickformat": ",.10~f", "rangemode": "tozero" if panel.zero else "normal"}
    if panel.idle:
        vertical |= {"range": [-1, 1], "tickvals": [0]}
    return {
        "template": None,
        "showlegend": False,
        "height": HEIGHT,
        "margin": {"l": 48, "r": 12, "t": 10, "b": 32},
        "font": {"family": FONT, "size": 12, "color": INK},
        "paper_bgcolor": "rgba(0,0,0,0)",
        "plot_bgcolor": "rgba(0,0,0,0)",
        "hovermode": "x unified",
        "hoverlabel": {"font": {"size": 12}},
        "barmode": "relative",
        "bargap": 0.2,
        "dragmode": False,
        "annotations": [IDLE_NOTE] if panel.idle else [],
        "xaxis": {**AXIS, "type": "category" if panel.drawn is Kind.BARS else "date", "showgrid": False, "tickangle": 0}
        | ({} if panel.drawn is Kind.BARS else {"hoverformat": "%Y-%m-%d"}),
        "yaxis": vertical,
    }


def decades(frame: pd.DataFrame) -> int:
    """Powers of ten between the marks of a logarithmic axis."""
    low, high = log_range(frame)
    return max(1, round((high - low) / 5))


def log_range(frame: pd.DataFrame) -> list[float]:
    """Whole powers of ten around positive figures."""
    values = frame.to_numpy(dtype=float)
    values = values[np.isfinite(values) & (values > 0)]
    low, high = (float(values.min()), float(values.max())) if len(values) else (1e-16, 1e-15)
    bottom, top = float(np.floor(np.log10(low))), float(np.ceil(np.log10(high)))
    return [bottom - 0.05, max(top, bottom + 2.0) + 0.05]


def lines(panel: Panel, days: list[str]) -> list[dict[str, Any]]:
    """Lines, the band's edges first, the base's dotted ones under the others."""
    traces = []
    for name in panel.moved:
        before = panel.before[name] if panel.before is not None else panel.frame[name]
        style = {"color": stroke(panel.colour(name)), "width": 1.2, "dash": "dot", "shape": shape(panel, name)}
        base = {"name": f"{panel.label(name)}, base", "y": shown(before, panel.measure), "x": [written_date(day) for day in before.index]}
        traces.append(trace(panel, name, days) | base | {"mode": "lines", "line": style})
    for name in sorted(panel.frame.columns, key=lambda name: name not in (panel.band or ())):
        bound = name in (panel.band or ())
        style = {
            "color": edge(panel, name),
            "width": 3 if bound else 2,
            "dash": panel.dash(name),
            "shape": shape(panel, name),
        }
        filled = {"fill": "tonexty", "fillcolor": SHADE} if panel.band is not None and name == panel.band[1] else {}
        traces.append(trace(panel, name, days) | filled | {"mode": "lines" if len(days) > FEW else "lines+markers", "line": style})
    return traces


def stack(panel: Panel, days: list[str]) -> list[dict[str, Any]]:
    """Areas on one another, totals as lines."""
    area = {"mode": "lines", "stackgroup": "parts", "line": {"color": "white", "width": 0.6}}
    areas = [trace(panel, name, days) | area | {"fillcolor": panel.colour(name)} for name in panel.parts.columns]
    return [*areas, *(trace(panel, name, days) | {"mode": "lines", "line": total(panel, name, 2.0)} for name in panel.lines)]


def bars(panel: Panel, days: list[str]) -> list[dict[str, Any]]:
    """Bars from zero in both directions, totals as marks on a line."""
    parts = []
    for name in panel.parts.columns:
        fill = {"color": panel.colour(name), "line": {"color": "white", "width": 0.5}}
        parts.append(trace(panel, name, days) | {"type": "bar", "marker": fill})
    mark = {"symbol": "diamond", "size": 7, "line": {"color": "white", "width": 1}}
    totals = [trace(panel, name, days) | {"mode": "lines+markers", "line": total(panel, name, 1.5), "marker": mark} for name in panel.lines]
    return [*parts, *totals]


def trace(panel: Panel, name: str, days: list[str]) -> dict[str, Any]:
    """What every trace of a series has."""
    return {
        "type": "scatter",
        "x": days,
        "y": shown(panel.frame[name], panel.measure),
        "name": panel.label(name),
        "meta": name,
        "hovertemplate": hover(panel.measure),
    }


def total(panel: Panel, name: str, width: float) -> dict[str, Any]:
    """The line of a total."""
    return {"color": stroke(panel.colour(name)), "width": width, "dash": "dash" if name in panel.dashed else "solid"}


def shape(panel: Panel, name: str) -> str:
    """Steps for rates that hold over a period, straight lines for the others."""
    return "vh" if name in panel.steps else "linear"


def hover(measure: Measure) -> str:
    """A figure under the pointer with its unit."""
    decimals = 2 if measure.name in ("percent", "ratio", "bn_in_tn", "share") else 1
    pattern = ".1e" if measure.name in ("residual", "gap") else f",.{decimals}f"
    unit = {"percent": "%", "share": "%", "bp": "bp", "bn_in_tn": "tn", "bn": "bn", "gap": "bn", "bn_a_year": "bn/yr"}.get(measure.name, "")
    return f"%{{y:{pattern}}} {unit}".rstrip()


def shown(series: pd.Series[float], measure: Measure) -> list[float | None]:
    """A series as it is drawn, rounded to what a reader can see; None where there is no figure."""
    scaled = np.asarray(series, dtype=float) * measure.scale
    return [rounded(value) if np.isfinite(value) else None for value in scaled.tolist()]


def rounded(value: float, digits: int = DIGITS) -> float:
    """A figure to significant digits.

    Examples
    --------
    >>> rounded(4.0300000000001), rounded(-31484.156443)
    (4.03, -31484.16)
    """
    return float(f"{value:.{digits}g}")


def legend(panel: Panel) -> list[Entry]:
    """The entries of a panel's legend, from top to bottom as drawn."""
    names = [*panel.parts.columns[::-1]] if panel.drawn is Kind.STACK else list(panel.parts.columns)
    if panel.drawn in (Kind.STACK, Kind.BARS):
        entries = [Entry(name, panel.label(name), panel.colour(name)) for name in names]
    else:
        entries = [Entry(name, panel.label(name), edge(panel, name), panel.dash(name)) for name in names]
    return [*(Entry(name, panel.label(name), stroke(panel.colour(name)), panel.dash(name)) for name in panel.lines), *entries]


def edge(panel: Panel, name: str) -> str:
    """The colour of a line."""
    return LIGHT if name in (panel.band or ()) else stroke(panel.colour(name))
