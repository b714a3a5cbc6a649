"""The page's charts as plotly figures: the scenario in full lines, what it is compared with in dotted ones, figures unrounded."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dollarflow.charts.names import label
from dollarflow.lab.money import m2_sources
from dollarflow.lab.solving import Answer
from dollarflow.reports.measures import BASIS_POINTS, BILLIONS, PERCENT, Measure
from dollarflow.reports.palette import BASE, BLACK, CHANGED, GREEN, LIGHT, SKY, VERMILION, colour, stroke
from dollarflow.simulation import Simulation

Floats = NDArray[np.float64]
Figure = dict[str, Any]
FONT = "system-ui, -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', Arial, sans-serif"
AXIS = {"gridcolor": "#E3E3E3", "linecolor": "#8A8A8A", "zerolinecolor": "#8A8A8A", "automargin": True, "ticks": "outside"}
HEIGHT, TALLER, TALL = 300, 360, 420
BOUNDS = ("rate_lower", "rate_upper")
SET = ("on_rrp_rate", "iorb", "srf_rate")
MARKET = ("effr", "sofr")
CASH = ("reserves", "tga", "on_rrp")
DOTTED, WIDE = {"width": 1.4, "dash": "dot"}, {"width": 2.2}


def layout(measure: Measure, height: int = HEIGHT, **more: Any) -> dict[str, Any]:
    """Axes with units, a legend above, one box for all series under the pointer."""
    return {
        "height": height,
        "margin": {"l": 56, "r": 14, "t": 8, "b": 36},
        "font": {"family": FONT, "size": 12, "color": "#1B1F24"},
        "paper_bgcolor": "rgba(0,0,0,0)",
        "plot_bgcolor": "rgba(0,0,0,0)",
        "hovermode": "x unified",
        "dragmode": False,
        "uirevision": "kept",
        "legend": {"orientation": "h", "yref": "container", "yanchor": "top", "y": 1.0, "x": 0, "font": {"size": 11}},
        "xaxis": {**AXIS, "type": "date", "showgrid": False, "nticks": 5, "tickangle": 0, "hoverformat": "%Y-%m-%d"},
        "yaxis": {**AXIS, "title": {"text": measure.axis, "standoff": 6}, "tickformat": ",.10~f"},
        **more,
    }


def days(run: Simulation) -> list[str]:
    """The run's dates as text."""
    return [day.isoformat() for day in run.dates]


def drawn(series: Floats, measure: Measure) -> list[float | None]:
    """A series as drawn, to the last digit; None where there is no figure."""
    return [float(value) if np.isfinite(value) else None for value in np.asarray(series, dtype=np.float64) * measure.scale]


def line(
    run: Simulation,
    name: str,
    measure: Measure,
    shade: str,
    *,
    base: bool = False,
    step: bool = False,
    words: str = "",
    values: Floats | None = None,
    style: Mapping[str, Any] | None = None,
    more: Mapping[str, Any] | None = None,
) -> Figure:
    """One series of one run; ``values`` where it is no variable, ``style`` of its line, ``more`` of its trace."""
    unit = {"percent": "%", "bp": "bp"}.get(measure.name, "bn")
    decimals = 3 if measure is PERCENT else 1
    called = words or label(name)
    return {
        "type": "scatter",
        "mode": "lines",
        "x": days(run),
        "y": drawn(run[name] if values is None else values, measure),
        "name": f"{called}, baseline" if base else called,
        "meta": f"{name}:{'base' if base else 'run'}",
        "line": {"color": stroke(shade), "shape": "vh" if step else "linear", **(DOTTED if base else WIDE), **(style or {})},
        "hovertemplate": f"%{{y:,.{decimals}f}} {unit}",
        "showlegend": not base,
        **(more or {}),
    }


def corridor(answer: Answer) -> Figure:
    """SOFR and EFFR within the rates that the Fed sets, per cent a year."""
    run, base = answer.run, answer.base
    fill = {"fill": "tonexty", "fillcolor": "rgba(0,0,0,0.07)"}
    traces = [
        line(run, name, PERCENT, LIGHT, step=True, style={"width": 1}, more=more) for name, more in zip(BOUNDS, ({}, fill), strict=True)
    ]
    traces += [line(run, name, PERCENT, colour(name), step=True, style={"dash": "dash", "width": 1.5}) for name in SET]
    for name in MARKET:
        traces += [line(base, name, PERCENT, colour(name), base=True), line(run, name, PERCENT, colour(name))]
    return stepped(traces, layout(PERCENT, 340))


def facility(answer: Answer) -> Figure:
    """Take-up of the standing repo facility by banks and dealers, USD bn."""
    name = "srf__banks__fed"
    shown = [
        line(answer.base, name, BILLIONS, BASE, base=True, words="Take-up", style={"width": 2}, more={"showlegend": True}),
        line(answer.run, name, BILLIONS, BLACK, words="Take-up", more={"fill": "tozeroy", "fillcolor": "rgba(86,180,233,0.25)"}),
    ]
    return stepped(shown, ranged(layout(BILLIONS), shown, least=1.0))


def spreads(answer: Answer) -> Figure:
    """SOFR less IORB, basis points."""
    shown = []
    for name, shade in (("sofr", VERMILION), ("effr", BLACK)):
        words = f"{label(name)} − IORB"
        for which, base in ((answer.base, True), (answer.run, False)):
            gap = which[name] - which["iorb"]
            shown.append(line(which, f"{name}_iorb", BASIS_POINTS, shade, base=base, words=words, values=gap))
    return stepped(shown, layout(BASIS_POINTS))


def cash(answer: Answer) -> Figure:
    """Reserves above, the Treasury's account and the ON RRP below, USD bn."""
    shown = []
    for name in CASH:
        axis: dict[str, Any] = {} if name == "reserves" else {"yaxis": "y2"}
        shown.append(line(answer.base, name, BILLIONS, colour(name), base=True, more=axis))
        shown.append(line(answer.run, name, BILLIONS, colour(name), more=axis))
    made = layout(BILLIONS, TALLER)
    above, below = made["yaxis"] | {"domain": [0.54, 1.0]}, made["yaxis"] | {"domain": [0.0, 0.44], "rangemode": "tozero"}
    return stepped(shown, made | {"yaxis": above, "yaxis2": below, "xaxis": made["xaxis"] | {"anchor": "y2"}}, steps=4)


def yields(answer: Answer) -> Figure:
    """Yields of bills, notes and bonds, per cent a year."""
    shown = []
    for name, shade in (("bill_rate", SKY), ("yield_notes", colour("yield_notes")), ("yield_bonds", GREEN)):
        shown += [line(answer.base, name, PERCENT, shade, base=True), line(answer.run, name, PERCENT, shade)]
    return stepped(shown, layout(PERCENT))


def money(answer: Answer) -> Figure:
    """What M2 changed by over the run, by whose balance sheet created it, USD bn: the bars sum to the change of M2."""
    run, base = m2_sources(answer.run), m2_sources(answer.base)
    names = [*run, "m2"]
    rows = [*(label(name) for name in run), "Change of M2"]
    shown = [
        bars(rows, [*base.values(), sum(base.values())], names, "Baseline", BASE, "base"),
        bars(rows, [*run.values(), sum(run.values())], names, "Scenario", CHANGED, "run"),
    ]
    wide = layout(BILLIONS, TALL, barmode="group", bargap=0.25, hovermode="y unified")
    wide["xaxis"] = {**AXIS, "title": {"text": "USD billion", "standoff": 6}, "tickformat": ",.10~f", "nticks": 7}
    wide["yaxis"] = {**AXIS, "autorange": "reversed", "ticks": ""}
    wide["legend"] |= {"traceorder": "normal"}
    return {"data": shown, "layout": wide}


def bars(rows: Sequence[str], values: Sequence[float], names: Sequence[str], title: str, shade: str, which: str) -> Figure:
    """Horizontal bars of one run."""
    return {
        "type": "bar",
        "orientation": "h",
        "y": list(rows),
        "x": [float(value) for value in values],
        "customdata": list(names),
        "name": title,
        "meta": f"m2:{which}",
        "marker": {"color": shade},
        "hovertemplate": "%{x:+,.1f} bn",
    }


def stepped(traces: list[Figure], made: dict[str, Any], steps: int = 6) -> Figure:
    """A figure whose vertical axes have about ``steps`` round steps, all marks with the same decimals."""
    for name, key in (("yaxis", "y"), ("yaxis2", "y2")):
        values = [value for trace in traces if trace.get("yaxis", "y") == key for value in trace["y"] if value is not None]
        if name not in made or not values:
            continue
        low, high = (min(values), max(values)) if made[name].get("rangemode") != "tozero" else (min(0.0, *values), max(0.0, *values))
        low, high = made[name].get("range", (low, high))
        if high > low:
            step, decimals = round_step((high - low) / steps)
            made[name] = made[name] | {"dtick": step, "tick0": 0, "tickformat": f",.{decimals}f"}
    return {"data": traces, "layout": made}


def round_step(least: float) -> tuple[float, int]:
    """The smallest of 1, 2 and 5 times a power of ten that is not below ``least``, and the decimals that it needs.

    Examples
    --------
    >>> round_step(0.13), round_step(37.0), round_step(0.02)
    ((0.2, 1), (50.0, 0), (0.02, 2))
    """
    power = math.floor(math.log10(least))
    digit = next(d for d in (1, 2, 5, 10) if d * 10.0**power >= least * (1 - 1e-9))
    power, digit = (power + 1, 1) if digit == 10 else (power, digit)
    return round(digit * 10.0**power, 12), max(0, -power)


def ranged(made: dict[str, Any], traces: Sequence[Figure], least: float) -> dict[str, Any]:
    """A layout whose vertical axis starts at zero and shows at least ``least``, so that rounding is not drawn as movement."""
    highest = max((value for trace in traces for value in trace["y"] if value is not None), default=0.0)
    made["yaxis"] = {**made["yaxis"], "range": [0, max(highest * 1.06, least)]}
    return made
