"""Panels of lines, stacks and bars drawn by matplotlib."""

from __future__ import annotations

from datetime import datetime, timedelta
from textwrap import fill
from typing import TYPE_CHECKING, Any

import numpy as np

from dollarflow.charts.chart import Chart, Kind, Panel, written_date
from dollarflow.reports.measures import written
from dollarflow.reports.palette import LIGHT, SOFT, stroke
from dollarflow.reports.plots import FEW, IDLE

if TYPE_CHECKING:
    from collections.abc import Sequence

    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

WIDTH, HEIGHT = 7.0, 2.5
"""Of a figure, and of a panel, inches."""
DASHES = {"dash": (4, 2), "dashdot": (5, 1.5, 1, 1.5)}
DOT = (1, 1.5)
EDGE = 2.6
"""Width of the bounds of a shaded band, so that what lies on them is seen."""
NEAR = timedelta(days=3)
"""Shown before and after a single date."""
LABELS = 9
"""Most labels under bars."""
LETTERS = 78
"""Of a line of a chart's title."""


def draw_chart(chart: Chart) -> Figure:
    """The chart's panels one above the other, each with its legend beside it."""
    from matplotlib.figure import Figure

    count = len(chart.panels)
    figure = Figure(figsize=(WIDTH, HEIGHT * count + 0.3), layout="constrained")
    figure.suptitle(fill(chart.title, LETTERS), x=0.01, ha="left")
    for place, panel in enumerate(chart.panels, 1):
        draw_panel(figure.add_subplot(count, 1, place), panel)
    return figure


def draw_panel(axes: Axes, panel: Panel) -> None:
    """One set of axes with title, unit, series and legend."""
    from matplotlib.ticker import FuncFormatter

    axes.set_title(panel.title)
    axes.set_ylabel(panel.measure.axis)
    frame = panel.frame * panel.measure.scale
    if panel.drawn is Kind.BARS:
        bars(axes, panel, frame)
    elif panel.drawn is Kind.STACK:
        areas = panel.parts.columns
        axes.stackplot(
            frame.index,
            *(frame[name].to_numpy() for name in areas),
            labels=[panel.label(name) for name in areas],
            colors=[panel.colour(name) for name in areas],
            edgecolor="white",
            linewidth=0.3,
        )
        for name in panel.lines:
            line(axes, panel, name, frame[name])
    else:
        lines(axes, panel, frame)
    if panel.drawn is Kind.LOG:
        axes.set_yscale("log")
        low, high = axes.get_ylim()
        axes.set_ylim(10.0 ** np.floor(np.log10(low)), 10.0 ** np.ceil(np.log10(high)))
    else:
        axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: tick(value, axes)))
    if panel.idle:
        axes.set_ylim(-1.0, 1.0)
        axes.set_yticks([0.0])
        axes.text(0.5, 0.56, IDLE, transform=axes.transAxes, ha="center", color=SOFT)
    elif panel.zero and panel.drawn is not Kind.LOG:
        bottom, top = axes.get_ylim()
        least, most = (float(found(frame.to_numpy(), initial=0.0)) for found in (np.nanmin, np.nanmax))
        axes.set_ylim(bottom=0.0 if least >= 0 else bottom, top=max(top, 1.05 * most))
    axes.margins(x=0.01)
    if panel.drawn is not Kind.BARS:
        dated(axes, frame)
    handles, names = axes.get_legend_handles_labels()
    if panel.drawn is Kind.STACK:
        handles, names = handles[::-1], names[::-1]
    axes.legend(handles, names, loc="center left", bbox_to_anchor=(1.005, 0.5))


def line(axes: Axes, panel: Panel, name: str, series: Any) -> None:
    """One series."""
    style: dict[str, Any] = dashes(panel, name) | ({"marker": ".", "markersize": 6} if len(series) <= FEW else {})
    shade = stroke(panel.colour(name))
    if name in (panel.band or ()):
        style["linewidth"], shade = EDGE, LIGHT
    steps = "steps-pre" if name in panel.steps else "default"
    axes.plot(series.index, series.to_numpy(), color=shade, label=panel.label(name), drawstyle=steps, **style)


def dashes(panel: Panel, name: str) -> dict[str, Any]:
    """The pattern of a line that is not solid, as matplotlib takes it."""
    pattern = DASHES.get(panel.dash(name))
    return {"dashes": pattern} if pattern else {}


def lines(axes: Axes, panel: Panel, frame: Any) -> None:
    """All series as lines, with the shaded band and the base's dotted lines under them."""
    if panel.band is not None:
        low, high = panel.band
        jumps: Any = "pre" if low in panel.steps else None
        axes.fill_between(frame.index, frame[low], frame[high], step=jumps, color="#EEEEEE", linewidth=0)
    if panel.before is not None:
        before = panel.before * panel.measure.scale
        axes.plot([], [], color="#333333", linewidth=1.0, dashes=DOT, label="dotted: base")
        for name in panel.moved:
            axes.plot(before.index, before[name], color=stroke(panel.colour(name)), linewidth=1.0, dashes=DOT)
    for name in sorted(frame.columns, key=lambda name: name not in (panel.band or ())):
        line(axes, panel, name, frame[name])
    values = frame.to_numpy(dtype=float)
    if np.nanmin(values, initial=0.0) < 0 < np.nanmax(values, initial=0.0):
        axes.axhline(0.0, color="#666666", linewidth=0.6)


def bars(axes: Axes, panel: Panel, frame: Any) -> None:
    """Parts stacked upwards from zero where positive and downwards where negative, totals as marks."""
    places = np.arange(len(frame))
    above, below = np.zeros(len(frame)), np.zeros(len(frame))
    for name in panel.parts.columns:
        values = np.nan_to_num(frame[name].to_numpy(dtype=float))
        start = np.where(values >= 0, above, below)
        width = 1.0 if len(frame) > 30 else 0.75
        axes.bar(places, values, width, bottom=start, color=panel.colour(name), label=panel.label(name), edgecolor="white", linewidth=0.3)
        above, below = above + np.maximum(values, 0), below + np.minimum(values, 0)
    for name in panel.lines:
        axes.plot(
            places,
            frame[name].to_numpy(),
            color=stroke(panel.colour(name)),
            label=panel.label(name),
            marker="D",
            markersize=3,
            markeredgecolor="white",
            markeredgewidth=0.4,
            linewidth=1.0,
            **dashes(panel, name),
        )
    axes.axhline(0.0, color="#666666", linewidth=0.6)
    every = max(1, -(-len(frame) // LABELS))
    axes.set_xticks(places[::every], [written_date(day) for day in frame.index[::every]])


def dated(axes: Axes, frame: Any) -> None:
    """Dates under the axis, as few as are read at ease; a single one in full."""
    if len(frame) == 1:
        day = frame.index[0]
        axes.set_xticks([day], [written_date(day)])
        axes.set_xlim(day - NEAR, day + NEAR)
        return
    from matplotlib.dates import AutoDateLocator, ConciseDateFormatter, num2date

    locator = AutoDateLocator(minticks=3, maxticks=8)  # type: ignore[no-untyped-call]
    concise = ConciseDateFormatter(locator, show_offset=False)  # type: ignore[no-untyped-call]
    axes.xaxis.set_major_locator(locator)
    low, high = axes.get_xlim()
    marks = [mark for mark in locator() if low <= mark <= high]
    days = [num2date(mark) for mark in marks]  # type: ignore[no-untyped-call]
    axes.set_xlim(low, high)
    axes.set_xticks(marks, with_years(concise.format_ticks(marks), days))  # type: ignore[no-untyped-call]


def with_years(texts: Sequence[str], days: Sequence[datetime]) -> list[str]:
    """Labels of dates, the first of each year with the year under it, so that no date has to be guessed.

    Examples
    --------
    >>> [text.split() for text in with_years(["Nov", "2026"], [datetime(2025, 11, 1), datetime(2026, 1, 1)])]
    [['Nov', '2025'], ['2026']]
    >>> [text.split() for text in with_years(["03", "10"], [datetime(2025, 11, 3), datetime(2025, 11, 10)])]
    [['03', 'Nov', '2025'], ['10']]
    """
    found, told = [], 0
    for text, day in zip(texts, days, strict=True):
        lacking = day.year != told and str(day.year) not in text
        under = f"{day:%Y}" if not text.isdigit() else f"{day:%b %Y}"
        found.append(f"{text}\n{under}" if lacking else text)
        told = day.year
    return found


def tick(value: float, axes: Axes) -> str:
    """A figure at the axis, with as many decimals as its steps need."""
    marks = axes.get_yticks()
    step = abs(float(marks[1] - marks[0])) if len(marks) > 1 else 1.0
    decimals = next((count for count in range(6) if abs(round(step, count) - step) < 1e-6 * step), 6)
    return written(float(value), decimals)
